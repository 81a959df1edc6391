package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which of several policies is served, before the strategy is asked. Called at any time by any thread, so it must depend on
 * nothing but the conflict.
 *
 * @sdd 7.3
 */
@FunctionalInterface
public interface ConflictResolver {
    /**
     * Returns the policy to serve, which has the id of one in {@code conflict}; empty to leave it to the strategy. If it throws,
     * or returns anything else, the strategy decides and a warning with SD-004 says so.
     */
    Optional<Policy> resolve(Conflict conflict);

    /**
     * Returns the resolver that takes the highest declared version: numbers set apart by dots, {@code 1.10} after {@code 1.9}, and a
     * pre-release such as {@code 1.0-rc.1} before its release. Versions of another form come before all others; of equals the
     * driver of higher precedence has its way.
     */
    static ConflictResolver highestVersion() {
        return conflict -> first(
                conflict,
                Comparator.comparing(
                        policy -> DeclaredVersion.of(policy.metadata().version())));
    }

    /**
     * Returns the resolver that takes the policy that was changed last, by what the backends say. One that says nothing comes before all
     * others; of equals the driver of higher precedence has its way.
     */
    static ConflictResolver newest() {
        return conflict -> first(
                conflict,
                Comparator.comparing(policy -> policy.metadata().lastModified().orElse(Instant.MIN)));
    }

    /** Returns the resolver that asks another for each kind of policy; kinds without one are left to the strategy. */
    static ConflictResolver byKind(Map<PolicyKind, ConflictResolver> resolvers) {
        Map<PolicyKind, ConflictResolver> copy = Map.copyOf(resolvers);
        return conflict -> {
            ConflictResolver resolver = copy.get(conflict.kind());
            return resolver == null ? Optional.empty() : resolver.resolve(conflict);
        };
    }

    private static Optional<Policy> first(Conflict conflict, Comparator<Policy> order) {
        // The first of the greatest: max would take the last of equals.
        return conflict.policies().stream().min(order.reversed());
    }
}
