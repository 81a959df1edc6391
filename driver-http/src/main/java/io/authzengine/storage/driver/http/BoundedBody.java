package io.authzengine.storage.driver.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the body of an answer up to a bound, and counts what arrives: the client's own time-outs end with the headers, so
 * whoever waits watches the count.
 */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final long maxBytes;
    private final AtomicLong progress;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private @Nullable Subscription subscription; // The client calls one after the other.

    /** More came than is wanted. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(long maxBytes) {
            super("more than " + maxBytes + " bytes");
        }
    }

    BoundedBody(long maxBytes, AtomicLong progress) {
        this.maxBytes = maxBytes;
        this.progress = progress;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int size = buffer.remaining();
            progress.addAndGet(size);
            if (bytes.size() + (long) size > maxBytes) {
                Subscription given = subscription;
                if (given != null) {
                    given.cancel();
                }
                whole.completeExceptionally(new TooLarge(maxBytes));
                return;
            }
            byte[] chunk = new byte[size];
            buffer.get(chunk);
            bytes.writeBytes(chunk);
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(bytes.toByteArray());
    }
}
