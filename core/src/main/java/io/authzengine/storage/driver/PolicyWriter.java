package io.authzengine.storage.driver;

import io.authzengine.storage.policy.Policy;
import java.util.Collection;

/**
 * Writes whole sets of policies into a backend. Each call is all or nothing: what a driver of this backend sees is what was there
 * before or all of the new, as one change set. Where the backend cannot promise that through a crash, the implementation says so, and the
 * same call again completes it. Not thread-safe; close it after use.
 */
public interface PolicyWriter extends AutoCloseable {
    /** What becomes of policies that are in the backend and not among those written. */
    enum Mode {
        /** They stay. */
        MERGE,
        /** They are deleted: the backend holds exactly what is written. */
        REPLACE
    }

    /**
     * How a set differs from what is there. A policy is told by its id, and is unchanged if its raw text is.
     *
     * @param added policies that are not there
     * @param modified policies that are there with another text
     * @param deleted policies that are there and not in the set; always 0 with {@link Mode#MERGE}
     * @param unchanged policies that are there with the same text
     */
    record Outcome(int added, int modified, int deleted, int unchanged) {
        /** Returns whether there is anything to write. */
        public boolean isChange() {
            return added + modified + deleted > 0;
        }
    }

    /**
     * Returns what {@link #publish} would do now; writes nothing. Blocks.
     *
     * @throws IllegalArgumentException if two of the policies have the same id
     * @throws io.authzengine.storage.error.StorageException as of {@link #publish}
     */
    Outcome preview(Collection<Policy> policies, Mode mode);

    /**
     * Writes {@code policies}, each as its raw text. Blocks. After a failure nothing was written, but for SD-001 and SD-006, after
     * which that is not known; to repeat it is always safe.
     *
     * @return what was done
     * @throws IllegalArgumentException if two of the policies have the same id
     * @throws io.authzengine.storage.error.StorageException SD-004 if the backend cannot hold one of the policies, otherwise if it
     *     cannot be written to
     */
    Outcome publish(Collection<Policy> policies, Mode mode);

    /** Frees all that is held; idempotent. */
    @Override
    void close();
}
