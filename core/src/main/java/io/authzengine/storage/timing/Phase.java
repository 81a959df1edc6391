package io.authzengine.storage.timing;

import java.time.Duration;
import java.util.Objects;

/**
 * One part of a reload.
 *
 * @param kind which part
 * @param took how long it took, all its repetitions together
 * @param items how many documents or policies it was about; 0 where nothing is counted
 */
public record Phase(Kind kind, Duration took, long items) {
    /** The parts of a reload, in the order in which they come. */
    public enum Kind {
        /** A connection is made. Once, and again after it was lost. */
        OPEN,
        /** The backend is asked to say when something changes. Once, and again after that has ended. */
        WATCH,
        /** The backend says what is there; the items are what it names. */
        LIST,
        /** Documents are fetched. What of them is parsed by the same thread meanwhile is part of it. */
        READ,
        /** Documents become policies. Beside the reading where there is a core to spare, so that its time is within that of reading. */
        PARSE,
        /** What was read is compared with what was there. */
        COMPARE,
        /** What several drivers hold is put together. */
        MERGE,
        /** The candidate is judged. */
        GATES,
        /** The candidate is made what is served. */
        SWAP,
        /** Subscribers are told that want to be told before anything else happens, and the audit is written. Served already. */
        TELL,
        /** The set is written to the disk. Served already, and nobody waits for it. */
        OFFLINE_COPY
    }

    public Phase {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(took, "took");
    }

    Phase plus(Duration more, long moreItems) {
        return new Phase(kind, took.plus(more), items + moreItems);
    }
}
