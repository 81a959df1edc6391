package io.authzengine.storage;

import io.authzengine.storage.diff.VersionDiff;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * The sets a store has served, newest last, and the ways back to them. The oldest are forgotten first, by number and by age; the current
 * one never is. Thread-safe.
 */
public interface PolicyHistory {
    /**
     * What is remembered.
     *
     * @param remembered how many versions
     * @param limit how many at most
     * @param current the number of the version being served; 0 if none
     * @param oldest the number of the oldest; 0 if none
     * @param oldestAt when the oldest was made
     * @param latestAt when the current one was made
     */
    record Statistics(
            int remembered,
            int limit,
            long current,
            long oldest,
            Optional<Instant> oldestAt,
            Optional<Instant> latestAt) {
        public Statistics {
            Objects.requireNonNull(oldestAt, "oldestAt");
            Objects.requireNonNull(latestAt, "latestAt");
        }
    }

    /** Returns the versions that are remembered, oldest first. */
    List<PolicyVersion> versions();

    /** Returns the set served as version {@code number}; empty if there was none or it is forgotten. */
    Optional<PolicySnapshot> find(long number);

    /**
     * Returns the set that {@link #rollbackToPrevious} would serve: the one served before the current, or, if the current is a rollback,
     * before the one that returned to; versions that say the same as the current one are skipped. Empty if there was none or it is forgotten.
     */
    Optional<PolicySnapshot> previous();

    /**
     * Returns what was served at {@code instant}: the latest version made by then. Empty if none was, or it is forgotten. By the wall
     * clock, as it was set at the time.
     */
    Optional<PolicySnapshot> asOf(Instant instant);

    /**
     * Returns what leads from one version to another, which may be the older of the two.
     *
     * @throws NoSuchElementException if one of them is not remembered, naming those that are
     */
    VersionDiff diff(long from, long to);

    /** Returns how much is remembered. */
    Statistics statistics();

    /**
     * Returns what a rollback to version {@code number} would come to, and what the gates say of that set today. A rollback does not ask
     * them: it would go through all the same.
     *
     * @throws NoSuchElementException if that version is not remembered, naming those that are
     */
    ChangePlan planRollback(long number);

    /**
     * Serves the set of version {@code number} again, as a version of its own. The gates are not asked: the set passed them when it came,
     * and a way back must not depend on what may be broken now. What the source holds at present, and what is left, is not applied again;
     * as soon as the source holds something else, the store follows it, unless {@linkplain #pin pinned}. Makes no version if what is served
     * says the same already.
     *
     * @throws NoSuchElementException if that version is not remembered, naming those that are; what is served stays
     */
    Rollback rollback(long number, Note note);

    /** Rolls back, by nobody in particular. */
    default Rollback rollback(long number, String comment) {
        return rollback(number, Note.of(comment));
    }

    /**
     * Serves the {@linkplain #previous previous} set again. Called again, it goes further back and never forth.
     *
     * @throws NoSuchElementException if nothing earlier is remembered; what is served stays
     */
    Rollback rollbackToPrevious(Note note);

    /** Rolls back to the previous set, by nobody in particular. */
    default Rollback rollbackToPrevious(String comment) {
        return rollbackToPrevious(Note.of(comment));
    }

    /**
     * Holds what is served against the source, whatever that brings, until {@link #unpin}. Changes by hand and rollbacks go on as ever,
     * and what they lead to is held then. Idempotent.
     *
     * @throws IllegalStateException if nothing is served yet
     */
    void pin(Note note);

    /** Pins, by nobody in particular. */
    default void pin(String comment) {
        pin(Note.of(comment));
    }

    /**
     * Follows the source again. What a rollback or a change by hand set aside stays so until the source moves on. Idempotent.
     *
     * @return whether another set is being served
     */
    boolean unpin();
}
