package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.ConnectionError;
import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.Dns;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.Link;
import io.authzengine.storage.faults.policy.LossMode;
import io.authzengine.storage.faults.policy.PayloadMutation;
import io.authzengine.storage.faults.policy.PayloadTransform;
import io.authzengine.storage.faults.policy.Schedule;
import io.authzengine.storage.faults.policy.SessionBudget;
import io.authzengine.storage.faults.policy.Timeouts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes a policy as the fields it is read from. */
final class PolicyWriter {
    private PolicyWriter() {}

    static Map<String, Object> fields(FaultPolicy policy) {
        Map<String, Object> fields = link(policy.link());
        putUnlessEmpty(fields, "uplink", link(policy.uplink()));
        putUnlessEmpty(fields, "downlink", link(policy.downlink()));
        if (policy.lossMode() != LossMode.STALL) {
            fields.put("loss_mode", name(policy.lossMode()));
        }
        policy.correlatedLoss()
                .ifPresent(loss -> fields.put(
                        "correlated_loss",
                        Map.of(
                                "p_good_to_bad", FaultText.text(loss.goodToBad()),
                                "p_bad_to_good", FaultText.text(loss.badToGood()),
                                "loss_good", FaultText.text(loss.lossWhenGood()),
                                "loss_bad", FaultText.text(loss.lossWhenBad()))));
        policy.connectionError().ifPresent(error -> fields.put("connection_error", error(error)));
        policy.halfOpen()
                .ifPresent(half -> fields.put(
                        "half_open",
                        Map.of(
                                "after", FaultText.sizeText(half.after()),
                                "mode", name(half.mode()),
                                "error", name(half.error()))));
        putUnlessEmpty(fields, "timeout", timeouts(policy.timeouts()));
        putUnlessEmpty(fields, "dns", dns(policy.dns()));
        policy.sessionBudget().ifPresent(budget -> fields.put("session_budget", budget(budget)));
        policy.payloadMutation().ifPresent(mutation -> fields.put("payload_mutation", mutation(mutation)));
        policy.packetDuplicate()
                .ifPresent(duplicate -> fields.put(
                        "packet_duplicate",
                        Map.of(
                                "prob", FaultText.text(duplicate.probability()),
                                "max_extra", duplicate.maxExtra())));
        policy.packetReorder()
                .ifPresent(reorder -> fields.put(
                        "packet_reorder",
                        Map.of(
                                "prob", FaultText.text(reorder.probability()),
                                "max_delay", FaultText.text(reorder.maxDelay()),
                                "window", reorder.window())));
        if (!policy.targets().isEmpty()) {
            fields.put(
                    "targets",
                    policy.targets().stream().map(TargetReader::fields).toList());
        }
        policy.schedule().ifPresent(schedule -> fields.put("schedule", schedule(schedule)));
        policy.seed().ifPresent(seed -> fields.put("seed", seed));
        return fields;
    }

    private static Map<String, Object> link(Link link) {
        Map<String, Object> fields = new LinkedHashMap<>();
        putUnless(fields, "latency", link.latency().isZero(), FaultText.text(link.latency()));
        putUnless(fields, "jitter", link.jitter().isZero(), FaultText.text(link.jitter()));
        putUnless(fields, "packet_loss", link.packetLoss().isNever(), FaultText.text(link.packetLoss()));
        putUnless(fields, "burst_loss", link.burstLoss() == 0, String.valueOf(link.burstLoss()));
        putUnless(fields, "rate", link.rate() == 0, FaultText.rateText(link.rate()));
        return fields;
    }

    private static Map<String, Object> error(ConnectionError error) {
        return Map.of("kind", name(error.kind()), "prob", FaultText.text(error.probability()));
    }

    private static Map<String, Object> timeouts(Timeouts timeouts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        timeouts.connect().ifPresent(time -> fields.put("connect", FaultText.text(time)));
        timeouts.receive().ifPresent(time -> fields.put("recv", FaultText.text(time)));
        putUnless(fields, "mode", timeouts.mode() == Timeouts.Mode.DEADLINE, name(timeouts.mode()));
        return fields;
    }

    private static Map<String, Object> dns(Dns dns) {
        Map<String, Object> fields = new LinkedHashMap<>();
        putUnless(fields, "delay", dns.delay().isZero(), FaultText.text(dns.delay()));
        dns.timeout().ifPresent(time -> fields.put("timeout", FaultText.text(time)));
        putUnless(fields, "nxdomain", dns.nxdomain().isNever(), FaultText.text(dns.nxdomain()));
        return fields;
    }

    private static Map<String, Object> budget(SessionBudget budget) {
        Map<String, Object> fields = new LinkedHashMap<>();
        budget.maxTx().ifPresent(limit -> fields.put("max_tx", FaultText.sizeText(limit)));
        budget.maxRx().ifPresent(limit -> fields.put("max_rx", FaultText.sizeText(limit)));
        budget.maxOps().ifPresent(limit -> fields.put("max_ops", limit));
        budget.maxDuration().ifPresent(time -> fields.put("max_duration", FaultText.text(time)));
        if (budget.end() instanceof SessionBudget.TimeOut timeOut) {
            fields.put("action", "timeout");
            fields.put("budget_timeout", FaultText.text(timeOut.after()));
        } else if (budget.end() instanceof SessionBudget.Break broken) {
            fields.put("action", "connection_error");
            fields.put("error", name(broken.error()));
        }
        return fields;
    }

    private static Map<String, Object> mutation(PayloadMutation mutation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("enabled", true);
        putTransform(fields, mutation.transform());
        fields.put("prob", FaultText.text(mutation.probability()));
        mutation.only()
                .ifPresent(direction ->
                        fields.put("target", direction == Direction.UPLINK ? "uplink_only" : "downlink_only"));
        fields.put("every_n_packets", mutation.everyNth());
        fields.put("min_size", FaultText.sizeText(mutation.minSize()));
        fields.put("max_size", FaultText.sizeText(mutation.maxSize()));
        fields.put("max_buffer_size", FaultText.sizeText(mutation.maxBuffer()));
        fields.put("dry_run", mutation.dryRun());
        return fields;
    }

    private static void putTransform(Map<String, Object> fields, PayloadTransform transform) {
        if (transform instanceof PayloadTransform.Truncate truncate) {
            fields.put("type", "truncate");
            fields.put("truncate_size", FaultText.sizeText(truncate.size()));
        } else if (transform instanceof PayloadTransform.CorruptBytes corrupt) {
            fields.put("type", "corrupt_bytes");
            fields.put("corrupt_count", corrupt.count());
            corrupt.seed().ifPresent(seed -> fields.put("corrupt_seed", seed));
        } else if (transform instanceof PayloadTransform.InjectBytes inject) {
            fields.put("type", "inject_bytes");
            fields.put("inject_position", inject.position());
            fields.put("inject_data", MutationReader.text(inject.data()));
        } else if (transform instanceof PayloadTransform.ReplacePattern replace) {
            fields.put("type", "replace_pattern");
            fields.put("replace_find", MutationReader.text(replace.find()));
            fields.put("replace_with", MutationReader.text(replace.with()));
        } else if (transform instanceof PayloadTransform.SwapBytes swap) {
            fields.put("type", "swap_bytes");
            fields.put("swap_pos1", swap.first());
            fields.put("swap_pos2", swap.second());
        } else {
            fields.put("type", "corrupt_encoding");
        }
    }

    private static Map<String, Object> schedule(Schedule schedule) {
        if (schedule instanceof Schedule.Ramp ramp) {
            return Map.of("kind", "ramp", "ramp", FaultText.text(ramp.ramp()));
        }
        if (schedule instanceof Schedule.Spike spike) {
            return Map.of(
                    "kind", "spike",
                    "every", FaultText.text(spike.every()),
                    "duration", FaultText.text(spike.duration()));
        }
        Schedule.Flapping flapping = (Schedule.Flapping) schedule;
        return Map.of("kind", "flapping", "on", FaultText.text(flapping.on()), "off", FaultText.text(flapping.off()));
    }

    private static void putUnless(Map<String, Object> fields, String key, boolean absent, Object value) {
        if (!absent) {
            fields.put(key, value);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> fields, String key, Map<String, Object> block) {
        if (!block.isEmpty()) {
            fields.put(key, block);
        }
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
