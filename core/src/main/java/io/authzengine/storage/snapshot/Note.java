package io.authzengine.storage.snapshot;

import java.util.Objects;

/**
 * What is said about a change, and by whom. Told to subscribers and kept in the history: never put a credential into it.
 *
 * @param comment why it was made; empty if nothing was said
 * @param author who made it; empty if nobody is named
 */
public record Note(String comment, String author) {
    /** Says nothing. */
    public static final Note NONE = new Note("", "");

    public Note {
        Objects.requireNonNull(comment, "comment");
        Objects.requireNonNull(author, "author");
    }

    /** Returns a note by nobody in particular. */
    public static Note of(String comment) {
        return new Note(comment, "");
    }

    /** Returns this note as one of {@code who}. */
    public Note by(String who) {
        return new Note(comment, who);
    }
}
