package io.authzengine.storage.source;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.StorageException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait, with jitter, so that a thousand instances that failed together do not come back together. */
final class BackOff {
    private static final double SUPPRESSION_JITTER = 0.15;
    private static final double POLL_JITTER = 0.15;
    private static final Duration SUPPRESSION_FLOOR = Duration.ofMillis(200);
    /** Servers refuse sound credentials too on a bad day. */
    private static final Duration LONGEST_AFTER_REFUSAL = Duration.ofMinutes(5);

    private final SyncSettings settings;
    private final RandomGenerator random;

    BackOff(SyncSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /** Returns the delay before retry {@code number}, from 1: full jitter under a bound that doubles up to its cap. */
    Duration beforeRetry(int number) {
        return scaled(doubled(settings.retryBase(), number, settings.retryCap()), random.nextDouble());
    }

    /** As {@link #beforeRetry(int)}, but no shorter than the backend asks for, up to the cap. */
    Duration beforeRetry(int number, StorageException failure) {
        return asAsked(beforeRetry(number), failure, settings.retryCap());
    }

    /**
     * As {@link #suppression(int)}, but no shorter than the backend asks for, up to the longest suppression. Refused credentials are
     * shown again no more often than {@code interval}, as if all were well: accounts are locked for less.
     */
    Duration suppression(int failures, StorageException failure, Duration interval) {
        Duration window = asAsked(suppression(failures), failure, settings.suppressMax());
        if (failure.code() != ErrorCode.AUTHENTICATION_FAILED) {
            return window;
        }
        Duration least = interval.compareTo(LONGEST_AFTER_REFUSAL) > 0 ? LONGEST_AFTER_REFUSAL : interval;
        Duration jittered = scaled(least, 1 + SUPPRESSION_JITTER * random.nextDouble());
        return jittered.compareTo(window) > 0 ? jittered : window;
    }

    private static Duration asAsked(Duration delay, StorageException failure, Duration cap) {
        Duration asked = failure.retryAfter()
                .map(time -> time.compareTo(cap) > 0 ? cap : time)
                .orElse(delay);
        return asked.compareTo(delay) > 0 ? asked : delay;
    }

    /** Returns how long attempts are suppressed after {@code failures} looks in a row have failed for good. */
    Duration suppression(int failures) {
        Duration window = doubled(settings.suppressMin(), failures, settings.suppressMax());
        Duration jittered = scaled(window, 1 + SUPPRESSION_JITTER * (2 * random.nextDouble() - 1));
        return jittered.compareTo(SUPPRESSION_FLOOR) < 0 ? SUPPRESSION_FLOOR : jittered;
    }

    /** Returns how much earlier than due the next look is taken; jitter only subtracts, so the interval is a promise. */
    Duration pollAdvance(Duration interval) {
        return scaled(interval, POLL_JITTER * random.nextDouble());
    }

    private static Duration doubled(Duration first, int number, Duration cap) {
        // Beyond 2^30 any first delay is over any sensible cap, and shifting further would overflow.
        Duration delay = first.multipliedBy(1L << Math.min(number - 1, 30));
        return delay.compareTo(cap) > 0 ? cap : delay;
    }

    private static Duration scaled(Duration time, double factor) {
        return Duration.ofNanos((long) (time.toNanos() * factor));
    }
}
