package io.authzengine.storage.parser;

import org.jspecify.annotations.Nullable;

/**
 * One step through a document, the same for YAML and JSON. Immutable, so that what an anchor names can be kept and played
 * again.
 *
 * @param type what happened
 * @param position where it began, line and column from 1, packed by {@link #position(int, int)}
 * @param text the scalar's value or the alias's name; empty otherwise
 * @param plain whether a scalar was written without quotes, so that {@code null}, {@code true} and {@code 1} are no texts
 * @param tag the tag written before it, if any
 * @param anchor the anchor written before it, if any
 */
record Event(
        Type type,
        long position,
        String text,
        boolean plain,
        @Nullable String tag,
        @Nullable String anchor) {
    enum Type {
        DOCUMENT_START,
        DOCUMENT_END,
        MAPPING_START,
        MAPPING_END,
        SEQUENCE_START,
        SEQUENCE_END,
        SCALAR,
        ALIAS,
        STREAM_END
    }

    static long position(int line, int column) {
        return ((long) line << 32) | column;
    }

    static int line(long position) {
        return (int) (position >>> 32);
    }

    static int column(long position) {
        return (int) position;
    }

    static Event of(Type type, long position) {
        return new Event(type, position, "", false, null, null);
    }

    static Event scalar(long position, String text, boolean plain) {
        return new Event(Type.SCALAR, position, text, plain, null, null);
    }

    /** Returns this event as if it stood at {@code elsewhere}; for scalars that an alias repeats. */
    Event at(long elsewhere) {
        return new Event(type, elsewhere, text, plain, tag, null);
    }

    boolean is(Type other) {
        return type == other;
    }

    boolean opens() {
        return type == Type.MAPPING_START || type == Type.SEQUENCE_START;
    }

    boolean closes() {
        return type == Type.MAPPING_END || type == Type.SEQUENCE_END;
    }

    /** Returns whether this is the null of YAML's core schema and of JSON. */
    boolean isNull() {
        return type == Type.SCALAR && plain && Scalars.isNull(text);
    }
}
