package io.authzengine.storage.driver;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.snapshot.PolicySet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All a driver has, as one cut: the driver snapshot. Immutable.
 *
 * @param driverId whose it is
 * @param sequence counts the results of this driver that differ, from 1; 0 before the first load
 * @param looks counts the looks at the backend that came back, changed or not: a greater number is newer evidence for the same result
 * @param policies its policies; where a location has an error, what that location last held when it was right
 * @param errors the locations that could not be taken as they are now
 * @param warnings what is to be said of locations that were taken all the same
 * @param revisions the revision of each backend it was read at, by driver id; lacks those that have none
 * @param loadedAt when it was read
 * @sdd 9.3
 */
public record LoadResult(
        String driverId,
        long sequence,
        long looks,
        PolicySet policies,
        List<LoadError> errors,
        List<Finding> warnings,
        Map<String, String> revisions,
        Instant loadedAt) {
    public LoadResult {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(policies, "policies");
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
        revisions = Map.copyOf(revisions);
        Objects.requireNonNull(loadedAt, "loadedAt");
    }

    /** Returns what a driver has before its first load. */
    public static LoadResult none(String driverId) {
        return new LoadResult(driverId, 0, 0, PolicySet.EMPTY, List.of(), List.of(), Map.of(), Instant.EPOCH);
    }

    /** Returns this result as another look has confirmed it. */
    public LoadResult confirmed() {
        return new LoadResult(driverId, sequence, looks + 1, policies, errors, warnings, revisions, loadedAt);
    }

    /** Returns whether anything was ever loaded. */
    public boolean isLoaded() {
        return sequence > 0;
    }

    /** Returns whether every location could be taken as it is now. */
    public boolean complete() {
        return errors.isEmpty();
    }
}
