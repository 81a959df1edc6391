package io.authzengine.storage;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Something the store has tried, as it is measured.
 *
 * @param kind what
 * @param succeeded how it ended
 * @param took how long it took; empty for a look that failed, as that is the backend's time
 */
public record StoreOperation(Kind kind, boolean succeeded, Optional<Duration> took) {
    /** What a store tries. */
    public enum Kind {
        /**
         * To bring what is served to what the backend holds, or to what was put. Begins when there is a candidate that differs from what
         * is served, ends when it is served or refused. A look that failed is a reload that failed; one that found nothing new is none.
         */
        RELOAD,
        /** To take a candidate through the gates. Fails if they find an error, also if what is not concerned is served. */
        VALIDATION,
        /** To serve an earlier version again. */
        ROLLBACK
    }

    public StoreOperation {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(took, "took");
    }
}
