package io.authzengine.storage.timing;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Where the time of one look at a backend went that brought something to read.
 *
 * @param driverId whose look
 * @param cause what led to it, in a word, such as {@code poll}
 * @param begun when it began, in nanoseconds of the context's ticker
 * @param took how long it took
 * @param phases its parts, in their order
 */
public record LookTimes(String driverId, String cause, long begun, Duration took, List<Phase> phases) {
    public LookTimes {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(took, "took");
        phases = List.copyOf(phases);
    }
}
