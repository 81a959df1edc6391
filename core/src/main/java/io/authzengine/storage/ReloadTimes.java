package io.authzengine.storage;

import io.authzengine.storage.timing.LookTimes;
import io.authzengine.storage.timing.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the time of one reload went.
 *
 * @param endedAt when it was decided what is served
 * @param cause what led to it, in a word, such as {@code poll}
 * @param outcome what came of it
 * @param version the number of the version that is served after it
 * @param took from the begin of the first of its looks until it was decided what is served. More than the sum of the phases if something was
 *     waited for in between: several drivers for each other, or one writer for another
 * @param looks the looks it is made of; none if what was seen before was judged anew
 * @param phases what the store did
 * @param offlineCopy how long this version took to get to the disk; empty if nothing is to get there, or it is not there yet
 */
public record ReloadTimes(
        Instant endedAt,
        String cause,
        Outcome outcome,
        long version,
        Duration took,
        List<LookTimes> looks,
        List<Phase> phases,
        Optional<Phase> offlineCopy) {
    /** What comes of a reload. */
    public enum Outcome {
        /** What was found is served. */
        SERVED,
        /** What was found may not be served; what was served stays. */
        REFUSED,
        /** What was found is what is served already. */
        UNCHANGED
    }

    public ReloadTimes {
        Objects.requireNonNull(endedAt, "endedAt");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(took, "took");
        looks = List.copyOf(looks);
        phases = List.copyOf(phases);
        Objects.requireNonNull(offlineCopy, "offlineCopy");
    }
}
