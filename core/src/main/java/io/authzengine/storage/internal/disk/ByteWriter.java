package io.authzengine.storage.internal.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Writes values one after another, small numbers in few bytes. A text is written once, into a table of its own that comes first, and
 * meant by its place there from then on. Not thread-safe.
 */
final class ByteWriter {
    private byte[] bytes = new byte[1024];
    private int size;
    private final Map<String, Integer> places;
    private final ByteWriter table;

    ByteWriter() {
        this.places = new HashMap<>();
        this.table = new ByteWriter(places);
    }

    private ByteWriter(Map<String, Integer> places) {
        this.places = places;
        this.table = this;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    /** Writes a number that is not negative, in one byte if it is below 128. */
    void number(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void place(int value) {
        number(value);
    }

    void whole(byte[] value) {
        number(value.length);
        plain(value);
    }

    void plain(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** Writes eight bytes, for what has no small values. */
    void fixed(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void text(String value) {
        Integer place = places.get(value);
        if (place == null) {
            place = places.size();
            places.put(value, place);
            table.whole(value.getBytes(StandardCharsets.UTF_8));
        }
        number(place);
    }

    /** Writes a constant by its name, which may stand anywhere among its like. */
    void choice(Enum<?> value) {
        text(value.name());
    }

    void instant(Instant value) {
        fixed(value.getEpochSecond());
        number(value.getNano());
    }

    <T> void list(Collection<T> values, BiConsumer<ByteWriter, T> each) {
        number(values.size());
        values.forEach(value -> each.accept(this, value));
    }

    <T> void optional(Optional<T> value, BiConsumer<ByteWriter, T> some) {
        number(value.isPresent() ? 1 : 0);
        value.ifPresent(present -> some.accept(this, present));
    }

    void texts(Collection<String> values) {
        list(values, ByteWriter::text);
    }

    <T> void map(Map<String, T> values, BiConsumer<ByteWriter, T> each) {
        number(values.size());
        values.forEach((key, value) -> {
            text(key);
            each.accept(this, value);
        });
    }

    /** Leaves room for the length of what is written up to {@link #end}, so that a reader can pass over it. */
    int begin() {
        reserve(4);
        size += 4;
        return size;
    }

    void end(int begun) {
        int length = size - begun;
        for (int i = 1; i <= 4; i++) {
            bytes[begun - i] = (byte) (length >>> (8 * (i - 1)));
        }
    }

    /** Returns how many bytes {@link #writeTo} writes. */
    int length() {
        return Math.addExact(Math.addExact(head().size, table.size), size);
    }

    private ByteWriter head() {
        ByteWriter head = new ByteWriter(Map.of());
        head.number(places.size());
        head.number(table.size);
        return head;
    }

    /** Writes the table of texts and then all else. */
    void writeTo(OutputStream out) throws IOException {
        ByteWriter head = head();
        out.write(head.bytes, 0, head.size);
        out.write(table.bytes, 0, table.size);
        out.write(bytes, 0, size);
    }
}
