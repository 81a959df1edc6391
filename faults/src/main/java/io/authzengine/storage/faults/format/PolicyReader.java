package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.ConnectionError;
import io.authzengine.storage.faults.policy.CorrelatedLoss;
import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.Dns;
import io.authzengine.storage.faults.policy.ErrorKind;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.FaultPolicyBuilder;
import io.authzengine.storage.faults.policy.HalfOpen;
import io.authzengine.storage.faults.policy.Link;
import io.authzengine.storage.faults.policy.LossMode;
import io.authzengine.storage.faults.policy.PacketDuplicate;
import io.authzengine.storage.faults.policy.PacketReorder;
import io.authzengine.storage.faults.policy.Probability;
import io.authzengine.storage.faults.policy.Schedule;
import io.authzengine.storage.faults.policy.SessionBudget;
import io.authzengine.storage.faults.policy.TargetRule;
import io.authzengine.storage.faults.policy.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes a policy of its fields. */
final class PolicyReader {
    private PolicyReader() {}

    static FaultPolicy read(FieldBlock fields) {
        FaultPolicyBuilder policy = FaultPolicy.builder().link(link(fields));
        fields.block("uplink").ifPresent(link -> policy.link(Direction.UPLINK, link.made(PolicyReader::link)));
        fields.block("downlink").ifPresent(link -> policy.link(Direction.DOWNLINK, link.made(PolicyReader::link)));
        fields.choice("loss_mode", LossMode.class).ifPresent(policy::lossMode);
        fields.block("correlated_loss")
                .ifPresent(loss -> policy.correlatedLoss(loss.made(PolicyReader::correlatedLoss)));
        fields.block("connection_error").ifPresent(error -> policy.connectionError(error.made(PolicyReader::error)));
        fields.block("half_open").ifPresent(half -> policy.halfOpen(half.made(PolicyReader::halfOpen)));
        fields.block("timeout").ifPresent(timeout -> policy.timeouts(timeout.made(PolicyReader::timeouts)));
        fields.block("dns").ifPresent(dns -> policy.dns(dns.made(PolicyReader::dns)));
        fields.block("session_budget").ifPresent(budget -> policy.sessionBudget(budget.made(PolicyReader::budget)));
        fields.block("payload_mutation")
                .flatMap(mutation -> mutation.made(MutationReader::read))
                .ifPresent(policy::payloadMutation);
        fields.block("packet_duplicate").ifPresent(copy -> policy.packetDuplicate(copy.made(PolicyReader::duplicate)));
        fields.block("packet_reorder").ifPresent(order -> policy.packetReorder(order.made(PolicyReader::reorder)));
        fields.list("targets").ifPresent(targets -> targets(targets).forEach(policy::target));
        fields.block("schedule").ifPresent(schedule -> policy.schedule(schedule.made(PolicyReader::schedule)));
        fields.value("seed", FaultText::seed).ifPresent(policy::seed);
        return policy.build();
    }

    private static List<TargetRule> targets(List<?> targets) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets is empty; leave it out if the policy holds everywhere");
        }
        return TargetReader.read(targets);
    }

    private static Link link(FieldBlock fields) {
        return new Link(
                fields.value("latency", FaultText::duration).orElse(Duration.ZERO),
                fields.value("jitter", FaultText::duration).orElse(Duration.ZERO),
                fields.value("packet_loss", FaultText::probability).orElse(Probability.NEVER),
                fields.value("burst_loss", PolicyReader::count).orElse(0),
                fields.value("rate", FaultText::rate).orElse(0L));
    }

    private static CorrelatedLoss correlatedLoss(FieldBlock fields) {
        return new CorrelatedLoss(
                fields.required("p_good_to_bad", FaultText::probability),
                fields.required("p_bad_to_good", FaultText::probability),
                fields.required("loss_good", FaultText::probability),
                fields.required("loss_bad", FaultText::probability));
    }

    private static ConnectionError error(FieldBlock fields) {
        return new ConnectionError(
                fields.choice("kind", ErrorKind.class).orElse(ErrorKind.RESET),
                fields.value("prob", FaultText::probability).orElse(Probability.ALWAYS));
    }

    private static HalfOpen halfOpen(FieldBlock fields) {
        return new HalfOpen(
                fields.required("after", FaultText::size),
                fields.choice("mode", HalfOpen.Mode.class).orElse(HalfOpen.Mode.ERROR),
                fields.choice("error", ErrorKind.class).orElse(ErrorKind.RESET));
    }

    private static Timeouts timeouts(FieldBlock fields) {
        return new Timeouts(
                fields.value("connect", FaultText::duration),
                fields.value("recv", FaultText::duration),
                fields.choice("mode", Timeouts.Mode.class).orElse(Timeouts.Mode.DEADLINE));
    }

    private static Dns dns(FieldBlock fields) {
        return new Dns(
                fields.value("delay", FaultText::duration).orElse(Duration.ZERO),
                fields.value("timeout", FaultText::duration),
                fields.value("nxdomain", FaultText::probability).orElse(Probability.NEVER));
    }

    private static SessionBudget budget(FieldBlock fields) {
        return new SessionBudget(
                limit(fields, "max_tx", "max_bytes_tx"),
                limit(fields, "max_rx", "max_bytes_rx"),
                fields.value("max_ops", PolicyReader::count)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                fields.value("max_duration", FaultText::duration),
                budgetEnd(fields));
    }

    private static OptionalLong limit(FieldBlock fields, String name, String alias) {
        Optional<Long> limit = fields.value(name, FaultText::size);
        Optional<Long> same = fields.value(alias, FaultText::size);
        if (limit.isPresent() && same.isPresent()) {
            throw new IllegalArgumentException(name + " and " + alias + " are the same; keep one of them");
        }
        return limit.or(() -> same).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static SessionBudget.End budgetEnd(FieldBlock fields) {
        String action = fields.value("action", String::strip).orElse("drop");
        Optional<Duration> timeout = fields.value("budget_timeout", FaultText::duration);
        Optional<ErrorKind> error = fields.choice("error", ErrorKind.class);
        if (timeout.isPresent() && !action.equals("timeout")) {
            throw new IllegalArgumentException("budget_timeout goes with action: timeout alone");
        }
        if (error.isPresent() && !action.equals("connection_error")) {
            throw new IllegalArgumentException("error goes with action: connection_error alone");
        }
        return switch (action) {
            case "drop" -> new SessionBudget.Drop();
            case "timeout" ->
                new SessionBudget.TimeOut(timeout.orElseThrow(
                        () -> new IllegalArgumentException("action: timeout needs budget_timeout, such as 200ms")));
            case "connection_error" -> new SessionBudget.Break(error.orElse(ErrorKind.RESET));
            default ->
                throw new IllegalArgumentException(
                        "action: \"" + action + "\": expected drop, timeout or connection_error");
        };
    }

    private static PacketDuplicate duplicate(FieldBlock fields) {
        return new PacketDuplicate(
                fields.value("prob", FaultText::probability).orElse(Probability.ALWAYS),
                fields.value("max_extra", PolicyReader::count).orElse(1));
    }

    private static PacketReorder reorder(FieldBlock fields) {
        return new PacketReorder(
                fields.value("prob", FaultText::probability).orElse(Probability.ALWAYS),
                fields.value("max_delay", FaultText::duration).orElse(Duration.ZERO),
                fields.value("window", PolicyReader::count).orElse(1));
    }

    private static Schedule schedule(FieldBlock fields) {
        String kind = fields.required("kind", String::strip);
        return switch (kind) {
            case "ramp" -> new Schedule.Ramp(fields.required("ramp", FaultText::duration));
            case "spike" ->
                new Schedule.Spike(
                        fields.required("every", FaultText::duration),
                        fields.required("duration", FaultText::duration));
            case "flapping" ->
                new Schedule.Flapping(
                        fields.required("on", FaultText::duration), fields.required("off", FaultText::duration));
            default -> throw new IllegalArgumentException("kind: \"" + kind + "\": expected ramp, spike or flapping");
        };
    }

    static int count(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number such as 3", e);
        }
    }
}
