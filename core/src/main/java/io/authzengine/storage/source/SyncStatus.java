package io.authzengine.storage.source;

import io.authzengine.storage.error.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the loop can tell of itself.
 *
 * @param lastRevision the revision that was last taken in; {@link Revision#NONE} if none
 * @param lastCheckedAt when a look last came back, changed or not: what is held agreed with the backend then
 * @param lastReloadAt when a look last brought something new
 * @param lastLookTook how long the last look took that came back
 * @param lastError the failure that holds now; empty after a success
 * @param lastFailure the last failure there was, also if a success followed
 * @param consecutiveFailures looks in a row that have failed for good
 * @param suppressedUntil the time before which only forced looks are taken; empty if none
 * @param watch what the source's watch is doing
 */
public record SyncStatus(
        Revision lastRevision,
        Optional<Instant> lastCheckedAt,
        Optional<Instant> lastReloadAt,
        Optional<Duration> lastLookTook,
        Optional<StorageException> lastError,
        Optional<Failure> lastFailure,
        int consecutiveFailures,
        Optional<Instant> suppressedUntil,
        Watch watch) {
    /** Nothing has happened yet. */
    static final SyncStatus NEW = new SyncStatus(
            Revision.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Watch.NONE);

    /**
     * A failure and its time.
     *
     * @param at when
     * @param error what
     */
    public record Failure(Instant at, StorageException error) {}

    /**
     * What the source's watch is doing.
     *
     * @param state how it is
     * @param reason why, if it is not as it should be; empty otherwise
     */
    public record Watch(State state, String reason) {
        /** No watch was begun, or the source has none. */
        public static final Watch NONE = new Watch(State.NONE, "");
        /** The source says when to look. */
        public static final Watch ACTIVE = new Watch(State.ACTIVE, "");

        /** How a watch is. */
        public enum State {
            NONE,
            ACTIVE,
            POLLING_ONLY,
            LOST
        }

        public Watch {
            Objects.requireNonNull(reason, "reason");
        }
    }

    public SyncStatus {
        Objects.requireNonNull(lastRevision, "lastRevision");
        Objects.requireNonNull(watch, "watch");
    }

    SyncStatus succeeded(Revision revision, Instant at, boolean changed, Duration took) {
        return new SyncStatus(
                revision,
                Optional.of(at),
                changed ? Optional.of(at) : lastReloadAt,
                Optional.of(took),
                Optional.empty(),
                lastFailure,
                0,
                Optional.empty(),
                watch);
    }

    SyncStatus failed(StorageException error, Instant at) {
        return new SyncStatus(
                lastRevision,
                lastCheckedAt,
                lastReloadAt,
                lastLookTook,
                Optional.of(error),
                Optional.of(new Failure(at, error)),
                consecutiveFailures,
                suppressedUntil,
                watch);
    }

    SyncStatus suppressed(int failures, Instant until) {
        return new SyncStatus(
                lastRevision,
                lastCheckedAt,
                lastReloadAt,
                lastLookTook,
                lastError,
                lastFailure,
                failures,
                Optional.of(until),
                watch);
    }

    SyncStatus watching(Watch now) {
        return new SyncStatus(
                lastRevision,
                lastCheckedAt,
                lastReloadAt,
                lastLookTook,
                lastError,
                lastFailure,
                consecutiveFailures,
                suppressedUntil,
                now);
    }
}
