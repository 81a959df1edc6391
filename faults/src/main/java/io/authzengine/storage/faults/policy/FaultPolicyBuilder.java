package io.authzengine.storage.faults.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Builds a {@link FaultPolicy}; each value is checked when it is given. Not thread-safe. */
public final class FaultPolicyBuilder {
    private Link link = Link.CLEAR;
    private Link uplink = Link.CLEAR;
    private Link downlink = Link.CLEAR;
    private LossMode lossMode = LossMode.STALL;
    private Optional<CorrelatedLoss> correlatedLoss = Optional.empty();
    private Optional<ConnectionError> connectionError = Optional.empty();
    private Optional<HalfOpen> halfOpen = Optional.empty();
    private Timeouts timeouts = Timeouts.NONE;
    private Dns dns = Dns.CLEAR;
    private Optional<SessionBudget> sessionBudget = Optional.empty();
    private Optional<PayloadMutation> payloadMutation = Optional.empty();
    private Optional<PacketDuplicate> packetDuplicate = Optional.empty();
    private Optional<PacketReorder> packetReorder = Optional.empty();
    private final List<TargetRule> targets = new ArrayList<>();
    private Optional<Schedule> schedule = Optional.empty();
    private OptionalLong seed = OptionalLong.empty();

    FaultPolicyBuilder() {}

    FaultPolicyBuilder(FaultPolicy from) {
        link = from.link();
        uplink = from.uplink();
        downlink = from.downlink();
        lossMode = from.lossMode();
        correlatedLoss = from.correlatedLoss();
        connectionError = from.connectionError();
        halfOpen = from.halfOpen();
        timeouts = from.timeouts();
        dns = from.dns();
        sessionBudget = from.sessionBudget();
        payloadMutation = from.payloadMutation();
        packetDuplicate = from.packetDuplicate();
        packetReorder = from.packetReorder();
        targets.addAll(from.targets());
        schedule = from.schedule();
        seed = from.seed();
    }

    /** Sets what is added to each operation, 0 to 60 s. */
    public FaultPolicyBuilder latency(Duration time) {
        return link(link.withLatency(time));
    }

    /** Sets what is added on top at most, 0 to 60 s. */
    public FaultPolicyBuilder jitter(Duration time) {
        return link(link.withJitter(time));
    }

    /** Sets how often an operation is lost. */
    public FaultPolicyBuilder packetLoss(Probability loss) {
        return link(link.withPacketLoss(loss));
    }

    /** Sets how many losses come in a row, 0 to 1,000,000. */
    public FaultPolicyBuilder burstLoss(int count) {
        return link(link.withBurstLoss(count));
    }

    /** Sets how much passes, in bits a second. */
    public FaultPolicyBuilder rate(long bitsPerSecond) {
        return link(link.withRate(bitsPerSecond));
    }

    /** Sets all of the link at once. */
    public FaultPolicyBuilder link(Link both) {
        link = both;
        return this;
    }

    /** Sets what is different in one direction. */
    public FaultPolicyBuilder link(Direction direction, Link special) {
        if (direction == Direction.UPLINK) {
            uplink = special;
        } else {
            downlink = special;
        }
        return this;
    }

    /** Changes what is different in one direction. */
    public FaultPolicyBuilder link(Direction direction, UnaryOperator<Link> change) {
        return link(direction, change.apply(direction == Direction.UPLINK ? uplink : downlink));
    }

    /** Sets what a loss means in a stream. */
    public FaultPolicyBuilder lossMode(LossMode mode) {
        lossMode = mode;
        return this;
    }

    /** Sets loss in phases. */
    public FaultPolicyBuilder correlatedLoss(CorrelatedLoss loss) {
        correlatedLoss = Optional.of(loss);
        return this;
    }

    /** Sets how connections break. */
    public FaultPolicyBuilder connectionError(ConnectionError error) {
        connectionError = Optional.of(error);
        return this;
    }

    /** Sets how connections die half-way. */
    public FaultPolicyBuilder halfOpen(HalfOpen half) {
        halfOpen = Optional.of(half);
        return this;
    }

    /** Sets deadlines. */
    public FaultPolicyBuilder timeouts(Timeouts times) {
        timeouts = times;
        return this;
    }

    /** Sets the deadline of connecting. */
    public FaultPolicyBuilder connectTimeout(Duration time) {
        return timeouts(new Timeouts(Optional.of(time), timeouts.receive(), timeouts.mode()));
    }

    /** Sets the deadline of every other operation. */
    public FaultPolicyBuilder receiveTimeout(Duration time) {
        return timeouts(new Timeouts(timeouts.connect(), Optional.of(time), timeouts.mode()));
    }

    /** Sets how names are looked up. */
    public FaultPolicyBuilder dns(Dns lookups) {
        dns = lookups;
        return this;
    }

    /** Sets what one connection may use up. */
    public FaultPolicyBuilder sessionBudget(SessionBudget budget) {
        sessionBudget = Optional.of(budget);
        return this;
    }

    /** Sets how what passes is changed. */
    public FaultPolicyBuilder payloadMutation(PayloadMutation mutation) {
        payloadMutation = Optional.of(mutation);
        return this;
    }

    /** Sets how change events are doubled. */
    public FaultPolicyBuilder packetDuplicate(PacketDuplicate duplicate) {
        packetDuplicate = Optional.of(duplicate);
        return this;
    }

    /** Sets how change events change places. */
    public FaultPolicyBuilder packetReorder(PacketReorder reorder) {
        packetReorder = Optional.of(reorder);
        return this;
    }

    /** Adds a rule of where the policy holds. */
    public FaultPolicyBuilder target(TargetRule rule) {
        targets.add(rule);
        return this;
    }

    /** Sets when the policy holds. */
    public FaultPolicyBuilder schedule(Schedule when) {
        schedule = Optional.of(when);
        return this;
    }

    /** Sets what decides all that is random; 0 is a seed like any other. */
    public FaultPolicyBuilder seed(long value) {
        seed = OptionalLong.of(value);
        return this;
    }

    /**
     * Returns the policy.
     *
     * @throws IllegalArgumentException if its fields do not fit together
     */
    public FaultPolicy build() {
        FaultPolicy policy = new FaultPolicy(
                link,
                uplink,
                downlink,
                lossMode,
                correlatedLoss,
                connectionError,
                halfOpen,
                timeouts,
                dns,
                sessionBudget,
                payloadMutation,
                packetDuplicate,
                packetReorder,
                targets,
                schedule,
                seed);
        policy.check();
        return policy;
    }
}
