package io.authzengine.storage.faults.policy;

import java.util.List;
import java.util.function.Predicate;

/** Which field and which target makes sense in which layer. */
final class Observability {
    private Observability() {}

    /** Checks that targets and effects fit together at all. */
    static void check(FaultPolicy policy) {
        List<TargetRule> targets = policy.targets();
        if (targets.isEmpty()) {
            return;
        }
        if (policy.hasDnsEffects()) {
            Limits.require(
                    any(targets, rule -> rule.isHostnameOnly() || isDriver(rule)),
                    "dns needs a target that is a hostname alone, without port and protocol, or a driver:// target: a look-up sees nothing else");
        }
        if (policy.hasTransportEffects()) {
            String fields = String.join(", ", policy.transportFields());
            Limits.require(
                    any(targets, rule -> rule.protocol() != Protocol.UDP),
                    fields + " need a target that is not udp://: only calls and TCP connections are looked at");
            Limits.require(
                    !eventsOnly(policy) || any(targets, rule -> !isSni(rule)),
                    fields
                            + " need another target than sni: a name asked for in TLS is only seen in connections, and they have no events");
        }
    }

    /** Checks that {@code layer} can do what the policy asks for. */
    static void check(FaultPolicy policy, Layer layer) {
        List<TargetRule> targets = policy.targets();
        if (layer == Layer.PROXY) {
            Limits.require(
                    policy.packetDuplicate().isEmpty() && policy.packetReorder().isEmpty(),
                    "packet_duplicate and packet_reorder would corrupt a stream of bytes; apply them to a driver or source");
            Limits.require(
                    targets.isEmpty() || any(targets, rule -> !isDriver(rule)),
                    "driver:// targets are only seen in calls; name a host, cidr, hostname or sni");
        } else if (layer == Layer.CALL) {
            Limits.require(
                    targets.isEmpty() || any(targets, rule -> !isSni(rule)),
                    "sni is only seen by the TCP proxy; name a driver:// target, host, cidr or hostname");
        } else {
            Limits.require(policy.hasDnsEffects(), "nothing but dns has an effect on look-ups");
        }
    }

    private static boolean eventsOnly(FaultPolicy policy) {
        return policy.transportFields().stream().allMatch(field -> field.startsWith("packet_"));
    }

    private static boolean any(List<TargetRule> targets, Predicate<TargetRule> condition) {
        return targets.stream().anyMatch(condition);
    }

    private static boolean isDriver(TargetRule rule) {
        return rule.selector() instanceof Selector.Driver;
    }

    private static boolean isSni(TargetRule rule) {
        return rule.selector() instanceof Selector.Name name && name.by() == Selector.Name.By.SNI;
    }
}
