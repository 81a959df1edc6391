package io.authzengine.storage.snapshot;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One policy of a change set.
 *
 * @param type what happened to it
 * @param policyId which one
 * @param policy what it says now; empty if deleted
 * @param previousPolicy what it said before; empty if added
 * @param timestamp when the change was found, not when it was made
 * @param driverId the driver that found it
 * @sdd 4.3
 */
public record PolicyChangeEvent(
        Type type,
        PolicyId policyId,
        Optional<Policy> policy,
        Optional<Policy> previousPolicy,
        Instant timestamp,
        String driverId) {
    /** What happened to a policy. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    public PolicyChangeEvent {
        Objects.requireNonNull(policyId, "policyId");
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(driverId, "driverId");
        boolean fits = switch (type) {
            case ADDED -> policy.isPresent() && previousPolicy.isEmpty();
            case MODIFIED -> policy.isPresent() && previousPolicy.isPresent();
            case DELETED -> policy.isEmpty() && previousPolicy.isPresent();
        };
        if (!fits) {
            throw new IllegalArgumentException(type + " does not fit the policies given for " + policyId);
        }
    }

    /**
     * Returns the event that leads from {@code before} to {@code after}; empty if both say the same and come from the same place. A
     * policy that moved is modified, as its provenance is.
     */
    public static Optional<PolicyChangeEvent> between(
            Optional<Policy> before, Optional<Policy> after, Instant timestamp, String driverId) {
        if (before.isEmpty() && after.isEmpty()) {
            return Optional.empty();
        }
        if (before.isPresent() && after.isPresent() && before.get().sameAs(after.get())) {
            return Optional.empty();
        }
        Type type = before.isEmpty() ? Type.ADDED : after.isEmpty() ? Type.DELETED : Type.MODIFIED;
        PolicyId id = after.or(() -> before).orElseThrow().id();
        return Optional.of(new PolicyChangeEvent(type, id, after, before, timestamp, driverId));
    }
}
