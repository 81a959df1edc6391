package io.authzengine.storage.driver.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Takes nothing of a body, however long it is: the answer is its head. */
final class NoBody implements BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> empty = CompletableFuture.completedFuture(new byte[0]);

    @Override
    public CompletionStage<byte[]> getBody() {
        return empty;
    }

    @Override
    public void onSubscribe(Subscription given) {
        given.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
