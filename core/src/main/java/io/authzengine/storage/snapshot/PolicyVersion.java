package io.authzengine.storage.snapshot;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The name of a set the store has served. One type for cache, history, API, events and metrics. The digest of the set is that of its
 * {@linkplain PolicySnapshot#digest snapshot}, where it is computed for those who ask.
 *
 * @param number counts the sets a store has served, from 1; never used twice
 * @param revisions the revision of each backend it was made from, by driver id; lacks those that have none
 * @param createdAt when it was first served
 * @param cause why it was made, in a word: {@code init}, {@code start}, {@code poll}, {@code hint}, {@code rewritten}, {@code manual}, {@code
 *     confirmed} or {@code unpin} for what the source holds, {@code update} for changes by hand, {@code rollback} for a return
 * @param note what was said about it, and by whom
 * @param sameAs the latest version remembered then that had the same content, if one had
 * @param rolledBackTo the version it returns to, if it is a rollback
 */
public record PolicyVersion(
        long number,
        Map<String, String> revisions,
        Instant createdAt,
        String cause,
        Note note,
        OptionalLong sameAs,
        OptionalLong rolledBackTo)
        implements Comparable<PolicyVersion> {
    /** The version before anything was loaded: number 0, nothing served. */
    public static final PolicyVersion NONE = new PolicyVersion(0, Map.of(), Instant.EPOCH, "none", "");

    public PolicyVersion {
        revisions = Map.copyOf(revisions);
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(note, "note");
        Objects.requireNonNull(sameAs, "sameAs");
        Objects.requireNonNull(rolledBackTo, "rolledBackTo");
    }

    /** A version by nobody in particular that is like no other. */
    public PolicyVersion(long number, Map<String, String> revisions, Instant createdAt, String cause, String comment) {
        this(number, revisions, createdAt, cause, Note.of(comment), OptionalLong.empty(), OptionalLong.empty());
    }

    /** Returns what was said about it; empty if nothing. */
    public String comment() {
        return note.comment();
    }

    /** Returns who made it; empty if nobody is named, as for what came from the source. */
    public String author() {
        return note.author();
    }

    /** Returns whether this is the version before anything was loaded. */
    public boolean isNone() {
        return number == 0;
    }

    @Override
    public int compareTo(PolicyVersion other) {
        return Long.compare(number, other.number);
    }
}
