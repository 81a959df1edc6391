package io.authzengine.storage.source;

import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.parser.ParserLimits;
import java.time.Duration;
import java.util.Objects;

/**
 * How the loop treats its source. Change single values with the {@code with…} methods.
 *
 * @param pollInterval time between looks; looks come at a fixed rate and up to 15 % early, never late. Default 60 s
 * @param initialLoad whether {@code init} loads, or only notes what is there and waits for it to change. Default true
 * @param callTimeout how long one call to the source may take. Default 30 s
 * @param quietPeriod how long hints must be silent before they are acted on, so that a burst is one look. Default 0
 * @param maxHintDelay how long a hint is held back at most, however many follow. Default 1 s
 * @param retries looks that are tried again at once after a failure that may pass, before attempts are suppressed. Default 3
 * @param retryBase upper bound of the first delay before a retry; doubles, full jitter. Default 0.5 s
 * @param retryCap upper bound of every delay before a retry. Default 8 s
 * @param suppressMin first time for which attempts are suppressed after a look has failed for good; doubles, ±15 %. Default 2 s
 * @param suppressMax longest time for which attempts are suppressed. Default 30 s
 * @param maxRelists how often a look starts over because the backend moved meanwhile. Default 3
 * @param maxEntries entries of a manifest; one that has more is refused. Default 1,000,000
 * @param limits what a document may cost
 * @param staleness how old what is held may become. By default health is degraded after three times {@code pollInterval}, and nothing
 *     follows
 */
public record SyncSettings(
        Duration pollInterval,
        boolean initialLoad,
        Duration callTimeout,
        Duration quietPeriod,
        Duration maxHintDelay,
        int retries,
        Duration retryBase,
        Duration retryCap,
        Duration suppressMin,
        Duration suppressMax,
        int maxRelists,
        int maxEntries,
        ParserLimits limits,
        Staleness staleness) {
    /** The settings that hold unless others are given. */
    public static final SyncSettings DEFAULT = new SyncSettings(
            Duration.ofSeconds(60),
            true,
            Duration.ofSeconds(30),
            Duration.ZERO,
            Duration.ofSeconds(1),
            3,
            Duration.ofMillis(500),
            Duration.ofSeconds(8),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            3,
            1_000_000,
            ParserLimits.DEFAULT,
            Staleness.NONE);

    public SyncSettings {
        if (!isPositive(pollInterval) || !isPositive(callTimeout)) {
            throw new IllegalArgumentException("pollInterval and callTimeout are longer than nothing");
        }
        if (quietPeriod.isNegative() || maxHintDelay.compareTo(quietPeriod) < 0) {
            throw new IllegalArgumentException("maxHintDelay is at least quietPeriod, and neither is negative");
        }
        if (retries < 0 || maxRelists < 0 || maxEntries < 1) {
            throw new IllegalArgumentException("retries and maxRelists are at least 0, maxEntries at least 1");
        }
        if (!isPositive(retryBase) || retryCap.compareTo(retryBase) < 0) {
            throw new IllegalArgumentException("retryBase is longer than nothing, and retryCap is at least as long");
        }
        if (!isPositive(suppressMin) || suppressMax.compareTo(suppressMin) < 0) {
            throw new IllegalArgumentException(
                    "suppressMin is longer than nothing, and suppressMax is at least as long");
        }
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(staleness, "staleness");
    }

    private static boolean isPositive(Duration time) {
        return !time.isZero() && !time.isNegative();
    }

    /** Returns these settings with another time between looks. */
    public SyncSettings withPollInterval(Duration time) {
        return new SyncSettings(
                time,
                initialLoad,
                callTimeout,
                quietPeriod,
                maxHintDelay,
                retries,
                retryBase,
                retryCap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                limits,
                staleness);
    }

    /** Returns these settings with or without a load at {@code init}. */
    public SyncSettings withInitialLoad(boolean load) {
        return new SyncSettings(
                pollInterval,
                load,
                callTimeout,
                quietPeriod,
                maxHintDelay,
                retries,
                retryBase,
                retryCap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                limits,
                staleness);
    }

    /** Returns these settings with another deadline for each call. */
    public SyncSettings withCallTimeout(Duration time) {
        return new SyncSettings(
                pollInterval,
                initialLoad,
                time,
                quietPeriod,
                maxHintDelay,
                retries,
                retryBase,
                retryCap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                limits,
                staleness);
    }

    /** Returns these settings with other bounds on how hints are gathered. */
    public SyncSettings withHints(Duration quiet, Duration maxDelay) {
        return new SyncSettings(
                pollInterval,
                initialLoad,
                callTimeout,
                quiet,
                maxDelay,
                retries,
                retryBase,
                retryCap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                limits,
                staleness);
    }

    /** Returns these settings with other limits on documents. */
    public SyncSettings withLimits(ParserLimits other) {
        return new SyncSettings(
                pollInterval,
                initialLoad,
                callTimeout,
                quietPeriod,
                maxHintDelay,
                retries,
                retryBase,
                retryCap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                other,
                staleness);
    }

    /** Returns these settings with another number of immediate retries. */
    public SyncSettings withRetries(int count) {
        return new SyncSettings(
                pollInterval,
                initialLoad,
                callTimeout,
                quietPeriod,
                maxHintDelay,
                count,
                retryBase,
                retryCap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                limits,
                staleness);
    }

    /** Returns these settings with other limits on the age of what is held. */
    public SyncSettings withStaleness(Staleness other) {
        return new SyncSettings(
                pollInterval,
                initialLoad,
                callTimeout,
                quietPeriod,
                maxHintDelay,
                retries,
                retryBase,
                retryCap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                limits,
                other);
    }

    /** Returns these settings with other bounds on the delays before retries. */
    public SyncSettings withRetryDelays(Duration base, Duration cap) {
        return new SyncSettings(
                pollInterval,
                initialLoad,
                callTimeout,
                quietPeriod,
                maxHintDelay,
                retries,
                base,
                cap,
                suppressMin,
                suppressMax,
                maxRelists,
                maxEntries,
                limits,
                staleness);
    }
}
