package io.authzengine.storage.source;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits for what an asynchronous source answers. */
final class BlockingDocument implements DocumentSource {
    private final AsyncDocumentSource source;

    BlockingDocument(AsyncDocumentSource source) {
        this.source = source;
    }

    @Override
    public Optional<String> etag() throws IOException, InterruptedException {
        return await(source.etag());
    }

    @Override
    public Document load() throws IOException, InterruptedException {
        return await(source.load());
    }

    private static <T> T await(CompletionStage<T> stage) throws IOException, InterruptedException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (e.getCause() instanceof Error known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
