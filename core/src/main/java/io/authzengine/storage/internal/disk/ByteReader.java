package io.authzengine.storage.internal.disk;

import io.authzengine.storage.policy.RawText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what a {@link ByteWriter} wrote. Bytes that cannot have been written so make it throw some {@code RuntimeException}; it never
 * makes more room than there are bytes. Not thread-safe.
 */
final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int at;
    private final String[] texts;

    /** Reads the table of texts at {@code from}, and is then at what comes after it. */
    ByteReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
        int count = count();
        int length = count();
        int rest = at + length;
        this.texts = new String[count];
        for (int i = 0; i < count; i++) {
            int size = count();
            texts[i] = new String(bytes, at, size, StandardCharsets.UTF_8);
            at += size;
        }
        if (at != rest) {
            throw new IllegalStateException("the table of texts has another length than it says");
        }
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a number without end");
    }

    /** Reads a number of things that take a byte each at least. */
    int count() {
        long count = number();
        if (count < 0 || count > end - at) {
            throw new IllegalStateException("there are not as many bytes as it says");
        }
        return (int) count;
    }

    /** Reads the number of a thing, of those there are at most {@code Integer.MAX_VALUE}. */
    int place() {
        return Math.toIntExact(number());
    }

    long fixed() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at++] & 0xFF);
        }
        return value;
    }

    byte[] plain(int length) {
        if (length > end - at) {
            throw new IllegalStateException("there are not as many bytes as it says");
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** Reads the length that {@link ByteWriter#begin} left room for, and returns the place where what it is the length of ends. */
    int endOfPart() {
        int length = 0;
        for (int i = 0; i < 4; i++) {
            length = length << 8 | (bytes[at++] & 0xFF);
        }
        if (length < 0 || length > end - at) {
            throw new IllegalStateException("there are not as many bytes as it says");
        }
        return at + length;
    }

    void moveTo(int place) {
        at = place;
    }

    int position() {
        return at;
    }

    /** Reads a text in UTF-8, decoded when somebody wants it. */
    RawText raw() {
        int length = count();
        at += length;
        return RawText.copyOf(bytes, at - length, at);
    }

    boolean hasMore() {
        return at < end;
    }

    String text() {
        return texts[place()];
    }

    boolean is() {
        return number() != 0;
    }

    Instant instant() {
        long second = fixed();
        return Instant.ofEpochSecond(second, number());
    }

    <E extends Enum<E>> E choice(Class<E> type) {
        return Enum.valueOf(type, text());
    }

    @SuppressWarnings("unchecked") // An array of objects may be read as any; it is filled with nothing but T.
    <T> List<T> list(Function<ByteReader, T> each) {
        int count = count();
        if (count == 0) {
            return List.of();
        }
        if (count == 1) {
            return List.of(each.apply(this));
        }
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = each.apply(this);
        }
        return (List<T>) List.of(values);
    }

    <T> Optional<T> optional(Function<ByteReader, T> some) {
        return is() ? Optional.of(some.apply(this)) : Optional.empty();
    }

    List<String> texts() {
        return list(ByteReader::text);
    }

    <T> Map<String, T> map(Function<ByteReader, T> each) {
        int count = count();
        if (count == 0) {
            return Map.of();
        }
        if (count == 1) {
            String key = text();
            return Map.of(key, each.apply(this));
        }
        Map<String, T> values = new java.util.HashMap<>(count * 2);
        for (int i = 0; i < count; i++) {
            String key = text();
            values.put(key, each.apply(this));
        }
        return values;
    }
}
