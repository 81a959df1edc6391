package io.authzengine.storage.faults.policy;

import java.util.Comparator;
import java.util.Objects;

/**
 * One rule of where a policy holds.
 *
 * @param selector what it selects by
 * @param protocol what carries it
 * @param firstPort the lowest port; 0 for any port
 * @param lastPort the highest port
 * @param priority 0 to 65535; of several rules that hold the one with the highest counts, then the most exact, then the first
 */
public record TargetRule(Selector selector, Protocol protocol, int firstPort, int lastPort, int priority) {
    /** The priority of a rule that gives none. */
    public static final int DEFAULT_PRIORITY = 100;

    /** The order in which rules count: the highest priority first, then the most exact. */
    static final Comparator<TargetRule> BY_WEIGHT = Comparator.comparingInt(TargetRule::priority)
            .thenComparingInt(rule -> rule.selector().exactness())
            .reversed();

    private static final int HIGHEST = 65_535;

    public TargetRule {
        Objects.requireNonNull(selector, "selector");
        Objects.requireNonNull(protocol, "protocol");
        Limits.require(
                firstPort >= 0 && firstPort <= lastPort && lastPort <= HIGHEST,
                "ports are 0 to 65535, the lower one first, got " + firstPort + "-" + lastPort);
        Limits.require(priority >= 0 && priority <= HIGHEST, "a priority is 0 to 65535, got " + priority);
    }

    /** Returns a rule for all ports and protocols, with the priority of those that give none. */
    public static TargetRule of(Selector selector) {
        return new TargetRule(selector, Protocol.ANY, 0, 0, DEFAULT_PRIORITY);
    }

    /** Returns whether it holds for any port. */
    public boolean anyPort() {
        return lastPort == 0;
    }

    /** Returns whether it selects names alone, whatever port and protocol: what a look-up can see. */
    public boolean isHostnameOnly() {
        return selector instanceof Selector.Name name
                && name.by() == Selector.Name.By.HOSTNAME
                && anyPort()
                && protocol == Protocol.ANY;
    }

    /** Returns whether it holds for {@code endpoint}. */
    public boolean matches(Endpoint endpoint) {
        return selector.selects(endpoint)
                && (anyPort() || (firstPort <= endpoint.port() && endpoint.port() <= lastPort))
                && (protocol == Protocol.ANY || protocol.covers(endpoint.protocol()));
    }
}
