package io.authzengine.storage.driver.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Takes nothing of a body: the answer is its head. A short one is let pass, so that its connection can be used again. */
final class NoBody implements BodySubscriber<byte[]> {
    private static final long SHORT = 64 << 10;

    private final CompletableFuture<byte[]> empty = CompletableFuture.completedFuture(new byte[0]);
    private @Nullable Subscription subscription; // The client calls one after the other.
    private long passed;

    @Override
    public CompletionStage<byte[]> getBody() {
        return empty;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            passed += buffer.remaining();
        }
        Subscription given = subscription;
        if (passed > SHORT && given != null) {
            given.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
