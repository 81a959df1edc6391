package io.authzengine.storage.snapshot;

import io.authzengine.storage.policy.PolicyId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What changed between two moments, as one unit: all of it goes in, or none.
 *
 * @param driverId the driver that found it, or the store's root driver
 * @param sequence the {@code LoadResult.sequence} of the driver, or the version number of the store, it leads to
 * @param cause why the look was taken that found it, in a word: {@code init}, {@code poll}, {@code hint}, {@code manual}, or
 *     {@code rewritten} if the backend's history is known not to continue what was there; the
 *     {@link PolicyVersion#cause} of the version it leads to; or {@code resync} if it puts together what a listener missed
 * @param events one for each policy, ordered by id; never two for the same
 */
public record PolicyChangeSet(String driverId, long sequence, String cause, List<PolicyChangeEvent> events) {
    public PolicyChangeSet {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(cause, "cause");
        events = List.copyOf(events);
    }

    /**
     * Returns what leads from {@code before} to {@code after}.
     */
    public static PolicyChangeSet between(
            PolicySet before, PolicySet after, String driverId, long sequence, String cause, Instant found) {
        return among(before.differences(after), before, after, driverId, sequence, cause, found);
    }

    /** Returns what leads from {@code before} to {@code after}, which differ in {@code ids} at most. */
    public static PolicyChangeSet among(
            Set<PolicyId> ids,
            PolicySet before,
            PolicySet after,
            String driverId,
            long sequence,
            String cause,
            Instant found) {
        PolicyId[] ordered = ids.toArray(new PolicyId[0]);
        Arrays.sort(ordered);
        List<PolicyChangeEvent> events = new ArrayList<>(ordered.length);
        for (PolicyId id : ordered) {
            PolicyChangeEvent.between(before.find(id), after.find(id), found, driverId)
                    .ifPresent(events::add);
        }
        return new PolicyChangeSet(driverId, sequence, cause, events);
    }

    /** Returns the ids of all that changed. */
    public Set<PolicyId> ids() {
        return events.stream().map(PolicyChangeEvent::policyId).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns how many events are of {@code type}. */
    public long count(PolicyChangeEvent.Type type) {
        return events.stream().filter(event -> event.type() == type).count();
    }
}
