package io.authzengine.storage.faults.proxy;

import io.authzengine.storage.faults.policy.Direction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** One direction of a connection: what was read and is not written yet, each piece with the time at which it is due. Keeps the order. */
final class Pipe {
    private static final long MOST_WAITING = 1024 * 1024;
    private static final long NEVER = Long.MIN_VALUE;

    private record Piece(ByteBuffer bytes, long dueAt) {}

    private final Direction direction;
    private final SocketChannel source;
    private final SocketChannel sink;
    private final AtomicLong written;
    private final ArrayDeque<Piece> waiting = new ArrayDeque<>();
    private long bytesWaiting;
    private long lastDue = NEVER;
    private long alarmAt = NEVER;
    private boolean ended; // The source has said all.
    private boolean over; // And the sink was told so.

    Pipe(Direction direction, SocketChannel source, SocketChannel sink, AtomicLong written) {
        this.direction = direction;
        this.source = source;
        this.sink = sink;
        this.written = written;
    }

    Direction direction() {
        return direction;
    }

    /** Reads from the source; returns how much, or a negative number if it has said all. */
    int read(ByteBuffer into) throws IOException {
        int count = source.read(into);
        ended |= count < 0;
        return count;
    }

    boolean isFull() {
        return bytesWaiting >= MOST_WAITING;
    }

    boolean wantsMore() {
        return !ended && !isFull();
    }

    boolean isOver() {
        return over;
    }

    /** Takes {@code bytes} to be written after {@code delay}; what cannot be written at once is copied. */
    void send(ByteBuffer bytes, Duration delay, long now) throws IOException {
        long dueAt = now + delay.toNanos();
        if (lastDue != NEVER && lastDue - dueAt > 0) {
            dueAt = lastDue;
        }
        lastDue = dueAt;
        if (waiting.isEmpty() && dueAt - now <= 0) {
            written.addAndGet(sink.write(bytes));
        }
        if (bytes.hasRemaining()) {
            ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            waiting.add(new Piece(copy, dueAt));
            bytesWaiting += copy.remaining();
        }
    }

    /** Writes what is due; returns whether the sink takes no more for now. */
    boolean flush(long now) throws IOException {
        for (Piece piece = waiting.peek(); piece != null && piece.dueAt() - now <= 0; piece = waiting.peek()) {
            int count = sink.write(piece.bytes());
            written.addAndGet(count);
            bytesWaiting -= count;
            if (piece.bytes().hasRemaining()) {
                return true;
            }
            waiting.remove();
        }
        if (ended && !over && waiting.isEmpty()) {
            over = true;
            sink.shutdownOutput();
        }
        return false;
    }

    /** Returns when the next piece is due, if that was not said before. */
    OptionalLong newAlarm() {
        Piece next = waiting.peek();
        if (next == null || next.dueAt() == alarmAt) {
            return OptionalLong.empty();
        }
        alarmAt = next.dueAt();
        return OptionalLong.of(alarmAt);
    }
}
