package io.authzengine.storage.internal.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Runs pieces of work on the calling thread and as many others as there are cores. */
final class Parallel {
    private static final int HELPERS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

    private final Executor helpers;

    Parallel(Executor helpers) {
        this.helpers = helpers;
    }

    /** Returns what the pieces came to, in their order; throws what one of them threw. */
    <T> List<T> run(List<Callable<T>> pieces) {
        AtomicInteger next = new AtomicInteger();
        AtomicReferenceArray<T> results = new AtomicReferenceArray<>(pieces.size());
        Runnable work = () -> {
            for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
                try {
                    results.set(i, pieces.get(i).call());
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            }
        };
        List<CompletableFuture<Void>> helped = new ArrayList<>();
        for (int i = 0; i < Math.min(HELPERS, pieces.size() / 4); i++) {
            try {
                helped.add(CompletableFuture.runAsync(work, helpers));
            } catch (RejectedExecutionException closing) {
                break; // The calling thread does it alone.
            }
        }
        try {
            work.run();
        } finally {
            next.set(pieces.size()); // After a failure nothing more is begun.
        }
        helped.forEach(CompletableFuture::join);
        List<T> all = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            all.add(results.get(i));
        }
        return all;
    }
}
