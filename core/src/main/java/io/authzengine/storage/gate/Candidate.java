package io.authzengine.storage.gate;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A set built aside, to be judged. Immutable.
 *
 * @param current what is being served
 * @param policies what would be served
 * @param changed the ids in which the two differ at most
 * @param errors the locations of the backend that could not be taken as they are now
 * @param quarantined ids that would be blocked, with the reasons
 * @param leftOut what is wrong with documents that would be left out and may state more than is quarantined
 */
public record Candidate(
        PolicySnapshot current,
        PolicySet policies,
        Set<PolicyId> changed,
        List<LoadError> errors,
        Map<PolicyId, List<Finding>> quarantined,
        List<Finding> leftOut) {
    public Candidate {
        Objects.requireNonNull(current, "current");
        Objects.requireNonNull(policies, "policies");
        changed = Set.copyOf(changed);
        errors = List.copyOf(errors);
        quarantined = Map.copyOf(quarantined);
        leftOut = List.copyOf(leftOut);
    }

    /** Returns whether {@code id} would be known, be it served, blocked, or stated by a location that could not be taken. */
    public boolean knows(PolicyId id) {
        return policies.contains(id)
                || quarantined.containsKey(id)
                || errors.stream().anyMatch(error -> error.affected().contains(id));
    }

    /** Returns whether this would be the first set to be served. */
    public boolean isFirst() {
        return current.version().isNone();
    }

    /** Returns the step from what is served to this candidate, which would be version {@code next} of a store over {@code driverId}. */
    public PolicyChangeSet changes(String driverId, PolicyVersion next) {
        return PolicyChangeSet.among(
                changed, current.policies(), policies, driverId, next.number(), next.cause(), next.createdAt());
    }
}
