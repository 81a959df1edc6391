package io.authzengine.storage.driver;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How to begin following a backend; what is empty is as configured. Holds for one start only.
 *
 * @param interval time between looks
 * @param initialLoad whether the set is loaded at the start, or only once it differs from what is there now
 * @param forceInitial whether the initial load is made before {@code start} returns, whatever the validators say
 */
public record StartOptions(Optional<Duration> interval, Optional<Boolean> initialLoad, boolean forceInitial) {
    /** Everything as configured. */
    public static final StartOptions DEFAULT = new StartOptions(Optional.empty(), Optional.empty(), false);

    public StartOptions {
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(initialLoad, "initialLoad");
        if (interval.isPresent() && (interval.get().isZero() || interval.get().isNegative())) {
            throw new IllegalArgumentException("an interval is longer than nothing, got " + interval.get());
        }
    }

    /** Returns these options with another time between looks. */
    public StartOptions withInterval(Duration time) {
        return new StartOptions(Optional.of(time), initialLoad, forceInitial);
    }

    /** Returns these options with an initial load. */
    public StartOptions withInitialLoad() {
        return new StartOptions(interval, Optional.of(true), forceInitial);
    }

    /** Returns these options without an initial load. */
    public StartOptions withoutInitialLoad() {
        return new StartOptions(interval, Optional.of(false), forceInitial);
    }

    /** Returns these options with an initial load that is over when {@code start} returns. */
    public StartOptions withForcedInitialLoad() {
        return new StartOptions(interval, Optional.of(true), true);
    }
}
