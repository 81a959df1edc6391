package io.authzengine.storage.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of a document exactly as it was read, kept as UTF-8 bytes: a string would take up to twice the room. Immutable.
 */
public final class RawText {
    private final byte[] utf8;

    private RawText(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Returns the text held in {@code utf8[from, to)}, copied. */
    public static RawText copyOf(byte[] utf8, int from, int to) {
        return new RawText(Arrays.copyOfRange(utf8, from, to));
    }

    /** Returns {@code text} as it would be stored. */
    public static RawText of(String text) {
        return new RawText(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a copy of the bytes. */
    public byte[] toByteArray() {
        return utf8.clone();
    }

    /** Returns whether this is exactly {@code bytes}. */
    public boolean contentEquals(byte[] bytes) {
        return Arrays.equals(utf8, bytes);
    }

    /** Returns the size in bytes. */
    public int size() {
        return utf8.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawText that && Arrays.equals(utf8, that.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    /** Returns the text, decoded anew at each call. */
    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
