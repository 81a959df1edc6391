package io.authzengine.storage.driver.blob;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does the same work for many items, several at a time. The calling thread takes its part of it, so it also gets on where no other thread
 * can be had.
 */
final class SideBySide<T> {
    private final Consumer<T> work;
    // All guarded by this.
    private final Queue<T> waiting;
    private int underWay;
    private @Nullable Throwable failure;

    private SideBySide(Collection<T> items, Consumer<T> work) {
        this.waiting = new ArrayDeque<>(items);
        this.work = work;
    }

    /**
     * Does {@code work} for each of {@code items}; ends as soon as one fails, with that failure.
     *
     * @param width items at a time, at most
     * @throws InterruptedException if interrupted; what is under way is interrupted too and not waited for
     */
    static <T> void each(Collection<T> items, int width, ExecutorService workers, Consumer<T> work)
            throws InterruptedException {
        SideBySide<T> all = new SideBySide<>(items, work);
        List<Future<?>> helpers = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(width, items.size()); i++) {
                helpers.add(workers.submit(all::takePart));
            }
            all.takePart();
            all.await();
        } catch (RejectedExecutionException e) {
            throw new InterruptedException("the workers were ended");
        } finally {
            all.end();
            helpers.forEach(helper -> helper.cancel(true));
        }
    }

    private void takePart() {
        for (T item = next(); item != null; item = next()) {
            Throwable thrown = null;
            try {
                work.accept(item);
            } catch (Throwable e) { // Thrown again by await, on the thread that asked for the work.
                thrown = e;
            }
            done(thrown);
        }
    }

    private synchronized @Nullable T next() {
        T item = failure == null ? waiting.poll() : null;
        underWay += item == null ? 0 : 1;
        return item;
    }

    private synchronized void done(@Nullable Throwable thrown) {
        underWay--;
        if (thrown != null && failure == null) {
            failure = thrown;
        }
        notifyAll();
    }

    private synchronized void await() throws InterruptedException {
        while (underWay > 0 && failure == null) {
            wait();
        }
        if (failure instanceof RuntimeException known) {
            throw known;
        }
        if (failure instanceof Error fatal) {
            throw fatal;
        }
    }

    private synchronized void end() {
        waiting.clear();
    }
}
