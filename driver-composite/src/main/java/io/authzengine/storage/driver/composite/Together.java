package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.UnexpectedFailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Has all drivers do something side by side, and waits for each as long as it may take and no longer. Thread-safe. */
final class Together {
    private final String compositeId;
    private final List<Child> children;
    private final StorageContext context;

    /** What went wrong with a driver, as a failure of the composite. */
    record Failure(Child child, StorageException exception) {}

    Together(String compositeId, List<Child> children, StorageContext context) {
        this.compositeId = compositeId;
        this.children = children;
        this.context = context;
    }

    /**
     * Runs {@code task} for each driver. One that is late goes on by itself.
     *
     * @param whenDone told of each driver that is done, well or not
     * @return what went wrong, in the order of the drivers
     */
    List<Failure> run(Consumer<Child> task, Consumer<Child> whenDone) {
        long startedAt = context.ticker().getAsLong();
        List<CompletableFuture<Void>> outcomes =
                children.stream().map(child -> begin(child, task, whenDone)).toList();
        List<Failure> failures = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Child child = children.get(i);
            long spent = context.ticker().getAsLong() - startedAt;
            Duration left = child.loadTimeout().minusNanos(spent);
            failure(child, outcomes.get(i), left.isNegative() ? Duration.ZERO : left)
                    .ifPresent(failure -> failures.add(new Failure(child, failure)));
        }
        return failures;
    }

    private CompletableFuture<Void> begin(Child child, Consumer<Child> task, Consumer<Child> whenDone) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        try {
            context.workers().execute(() -> {
                try {
                    task.accept(child);
                    outcome.complete(null);
                } catch (Throwable e) {
                    child.failed();
                    outcome.completeExceptionally(e);
                }
                whenDone.accept(child);
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            outcome.completeExceptionally(new IllegalStateException("the context has no thread for a look", e));
        }
        return outcome;
    }

    private Optional<StorageException> failure(Child child, CompletableFuture<Void> outcome, Duration limit) {
        try {
            if (!context.waiting().await(outcome, limit)) {
                return Optional.of(ChildFailures.late(compositeId, child, child.loadTimeout()));
            }
            outcome.join();
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedFailureException(
                    Problem.in(compositeId, "interrupted while waiting for looks, which go on without this caller"));
        } catch (CompletionException e) {
            return Optional.of(ChildFailures.of(
                    compositeId, child, Optional.ofNullable(e.getCause()).orElse(e)));
        }
    }
}
