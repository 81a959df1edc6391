package io.authzengine.storage.driver.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, read as it comes. Reading ends when the reader is interrupted, which the JDK's own stream lets pass: a line that
 * dies in the middle of an answer would never be given up. Read by one thread.
 */
final class AnswerBody extends InputStream implements BodySubscriber<InputStream> {
    /** Stands for the end, good or bad. */
    private static final List<ByteBuffer> END = List.of();

    private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private final ArrayDeque<ByteBuffer> unread = new ArrayDeque<>();
    private volatile Flow.@Nullable Subscription subscription; // Written by the client, as is failure.
    private volatile @Nullable Throwable failure;
    private boolean ended;

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription made) {
        subscription = made;
        made.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        arrived.add(buffers);
    }

    @Override
    public void onError(Throwable reason) {
        failure = reason;
        arrived.add(END);
    }

    @Override
    public void onComplete() {
        arrived.add(END);
    }

    @Override
    public int read() throws IOException {
        return awaitBytes() ? unread.element().get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!awaitBytes()) {
            return -1;
        }
        ByteBuffer next = unread.element();
        int count = Math.min(length, next.remaining());
        next.get(bytes, offset, count);
        return count;
    }

    /** Returns whether there is something to read, as opposed to the end. */
    private boolean awaitBytes() throws IOException {
        while (!unread.isEmpty() && !unread.element().hasRemaining()) {
            unread.remove();
        }
        while (unread.isEmpty() && !ended) {
            take();
        }
        Throwable reason = failure;
        if (unread.isEmpty() && reason != null) {
            throw new IOException("the answer broke off: " + reason.getMessage(), reason);
        }
        return !unread.isEmpty();
    }

    private void take() throws IOException {
        try {
            List<ByteBuffer> buffers = arrived.take();
            ended = buffers.equals(END);
            buffers.stream().filter(ByteBuffer::hasRemaining).forEach(unread::add);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for an answer");
            interrupted.initCause(e);
            throw interrupted;
        }
        Flow.Subscription from = subscription;
        if (from != null && !ended) {
            from.request(1);
        }
    }

    /** Wants no more of it. */
    @Override
    public void close() {
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }
}
