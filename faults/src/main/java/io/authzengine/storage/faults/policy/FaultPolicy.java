package io.authzengine.storage.faults.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to go wrong, how often, where and when. Immutable, checked as a whole when it is made, and the same for calls,
 * connections and look-ups; {@link #check} tells whether one of these can do what it asks for.
 *
 * @param link how operations are delayed, lost and slowed in both directions
 * @param uplink what is different to the backend, and for connecting
 * @param downlink what is different from the backend
 * @param lossMode what a loss means in a stream
 * @param correlatedLoss loss in phases, in place of {@code packetLoss}
 * @param connectionError how connections break
 * @param halfOpen how connections die half-way
 * @param timeouts deadlines
 * @param dns how names are looked up
 * @param sessionBudget what one connection may use up
 * @param payloadMutation how what passes is changed
 * @param packetDuplicate how change events are doubled
 * @param packetReorder how change events change places
 * @param targets where it holds, the weightiest rule first; everywhere if empty
 * @param schedule when it holds; always if empty
 * @param seed decides all that is random; whoever applies it chooses one if there is none
 */
public record FaultPolicy(
        Link link,
        Link uplink,
        Link downlink,
        LossMode lossMode,
        Optional<CorrelatedLoss> correlatedLoss,
        Optional<ConnectionError> connectionError,
        Optional<HalfOpen> halfOpen,
        Timeouts timeouts,
        Dns dns,
        Optional<SessionBudget> sessionBudget,
        Optional<PayloadMutation> payloadMutation,
        Optional<PacketDuplicate> packetDuplicate,
        Optional<PacketReorder> packetReorder,
        List<TargetRule> targets,
        Optional<Schedule> schedule,
        OptionalLong seed) {
    /** Does nothing. */
    public static final FaultPolicy NONE = builder().build();

    public FaultPolicy {
        Objects.requireNonNull(link, "link");
        Objects.requireNonNull(lossMode, "lossMode");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(dns, "dns");
        targets = targets.stream().sorted(TargetRule.BY_WEIGHT).toList();
        Limits.require(
                targets.size() <= Limits.MOST_TARGETS,
                "targets has at most " + Limits.MOST_TARGETS + " rules, got " + targets.size());
        seed.ifPresent(value -> Limits.require(value >= 0, "seed is not negative"));
    }

    /** Returns a builder of a policy that does nothing yet. */
    public static FaultPolicyBuilder builder() {
        return new FaultPolicyBuilder();
    }

    /** Returns a policy like this one to be changed. */
    public FaultPolicyBuilder toBuilder() {
        return new FaultPolicyBuilder(this);
    }

    /** Returns how it treats what passes in {@code direction}. */
    public Link link(Direction direction) {
        return link.overriddenBy(direction == Direction.UPLINK ? uplink : downlink);
    }

    /**
     * Returns the rule by which it holds for {@code endpoint}.
     *
     * @return empty if there are rules and none holds, or if there are none
     */
    public Optional<TargetRule> ruleFor(Endpoint endpoint) {
        return targets.stream().filter(rule -> rule.matches(endpoint)).findFirst();
    }

    /** Returns whether it holds for {@code endpoint}. */
    public boolean holdsFor(Endpoint endpoint) {
        return targets.isEmpty() || ruleFor(endpoint).isPresent();
    }

    /** Returns how strongly it holds, from 0 to 1, so long after its clock started. */
    public double intensity(java.time.Duration elapsed) {
        return schedule.isEmpty() ? 1 : schedule.get().intensity(elapsed);
    }

    /** Returns whether it has an effect on calls and connections, not only on look-ups. */
    public boolean hasTransportEffects() {
        return !transportFields().isEmpty();
    }

    /** Returns whether it has an effect on look-ups of names. */
    public boolean hasDnsEffects() {
        return !dns.isClear();
    }

    /** Returns the fields that concern calls and connections, by name. */
    List<String> transportFields() {
        List<String> fields = new ArrayList<>();
        for (Link each : List.of(link, uplink, downlink)) {
            if (!each.isClear()) {
                fields.add("latency, jitter, packet_loss or rate");
                break;
            }
        }
        correlatedLoss.ifPresent(field -> fields.add("correlated_loss"));
        connectionError.ifPresent(field -> fields.add("connection_error"));
        halfOpen.ifPresent(field -> fields.add("half_open"));
        if (!timeouts.isNone()) {
            fields.add("timeout");
        }
        sessionBudget.ifPresent(field -> fields.add("session_budget"));
        payloadMutation.ifPresent(field -> fields.add("payload_mutation"));
        packetDuplicate.ifPresent(field -> fields.add("packet_duplicate"));
        packetReorder.ifPresent(field -> fields.add("packet_reorder"));
        return fields;
    }

    /**
     * Checks that its targets can see its effects somewhere.
     *
     * @throws IllegalArgumentException if they cannot
     */
    public void check() {
        Observability.check(this);
    }

    /**
     * Checks that it can be applied in {@code layer}.
     *
     * @throws IllegalArgumentException naming the field that has no meaning there
     */
    public void check(Layer layer) {
        Observability.check(this, layer);
    }
}
