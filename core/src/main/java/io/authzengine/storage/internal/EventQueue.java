package io.authzengine.storage.internal;

import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one subscriber: bounded, in order, handed over one event at a time and only as many as are wanted. When it is full the
 * oldest make room, and what is missing is made up for. Never makes the sender wait. Thread-safe.
 */
final class EventQueue {
    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final StorageContext context;
    private final int capacity;
    private final Consumer<StoreEvent> receiver;
    private final LongFunction<List<StoreEvent>> makeUp;

    private final Object lock = new Object();
    // All below are guarded by the lock.
    private final ArrayDeque<Supplier<List<StoreEvent>>> waiting = new ArrayDeque<>();
    private long missed;
    private long wanted;
    private boolean closed;
    private @Nullable Runnable farewell;
    private @Nullable CompletableFuture<Void> delivery;

    /** Held by whoever calls the receiver, so that it is called by one thread at a time. */
    private final ReentrantLock delivering = new ReentrantLock();

    private final ArrayDeque<StoreEvent> ready = new ArrayDeque<>(); // Guarded by delivering.

    /**
     * @param wanted how many events may be handed over until more are {@link #request}ed
     * @param makeUp what to tell after so many were dropped; asked when it is about to be told
     */
    EventQueue(
            StorageContext context,
            int capacity,
            long wanted,
            Consumer<StoreEvent> receiver,
            LongFunction<List<StoreEvent>> makeUp) {
        this.context = context;
        this.capacity = capacity;
        this.wanted = wanted;
        this.receiver = receiver;
        this.makeUp = makeUp;
    }

    /**
     * Hands in events, which are made when they are about to be told.
     *
     * @return whether there was room
     */
    boolean offer(Supplier<List<StoreEvent>> events) {
        synchronized (lock) {
            if (closed) {
                return true;
            }
            boolean full = waiting.size() == capacity;
            if (full) {
                waiting.remove();
                missed++;
            }
            waiting.add(events);
            return !full;
        }
    }

    /** Allows {@code count} more events to be handed over. */
    void request(long count) {
        synchronized (lock) {
            wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
        }
        wake();
    }

    /** Sees to it that a worker hands over what waits. */
    void wake() {
        synchronized (lock) {
            if (delivery != null || (closed ? farewell == null : wanted == 0)) {
                return;
            }
            delivery = new CompletableFuture<>();
        }
        try {
            context.workers().execute(this::deliver);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            LOG.debug("There was no worker to deliver an event; it waits for the next", e);
            synchronized (lock) {
                finish();
            }
        }
    }

    /** Hands over what waits, on the caller's thread; returns at once if that is what calls. */
    void deliver() {
        if (delivering.isHeldByCurrentThread()) {
            synchronized (lock) {
                finish();
            }
            return; // What is further down the stack goes on with what was added.
        }
        delivering.lock();
        try {
            Runnable next = next();
            while (next != null) {
                run(next);
                next = next();
            }
        } finally {
            delivering.unlock();
        }
    }

    private static void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            // Also errors: a subscriber that dies must not take the others, or the worker, with it.
            LOG.error("A subscriber threw; the others are not concerned", e);
        }
    }

    private @Nullable Runnable next() {
        synchronized (lock) {
            if (closed) {
                Runnable last = farewell;
                farewell = null;
                return last == null ? finish() : last;
            }
            StoreEvent event = wanted == 0 ? null : ready.poll();
            if (event != null) {
                wanted -= wanted == Long.MAX_VALUE ? 0 : 1;
                return () -> receiver.accept(event);
            }
            if (wanted == 0 || (missed == 0 && waiting.isEmpty())) {
                return finish();
            }
            long gap = missed;
            missed = 0;
            Supplier<List<StoreEvent>> source = gap > 0 ? () -> makeUp.apply(gap) : waiting.remove();
            return () -> ready.addAll(source.get());
        }
    }

    private @Nullable Runnable finish() {
        if (delivery != null) {
            delivery.complete(null);
            delivery = null;
        }
        return null;
    }

    /** Runs {@code task} while nothing is handed over. */
    void exclusively(Runnable task) {
        delivering.lock();
        try {
            task.run();
        } finally {
            delivering.unlock();
        }
    }

    /**
     * Waits until what is wanted of what waits is handed over, {@code limit} at most; not if called while handing over.
     *
     * @return whether it is
     */
    boolean drain(Duration limit) {
        CompletableFuture<Void> underWay;
        synchronized (lock) {
            underWay = delivery;
        }
        if (underWay == null || delivering.isHeldByCurrentThread()) {
            return true;
        }
        try {
            return context.waiting().await(underWay, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Drops what waits, hands over nothing more and runs {@code last} where events are handed over. */
    void end(Runnable last) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            waiting.clear();
            farewell = last;
        }
        wake();
    }

    /** Drops what waits and hands over nothing more. Waits for a call under way, a second at most, unless called from within it. */
    void close() {
        synchronized (lock) {
            closed = true;
            waiting.clear();
        }
        if (delivering.isHeldByCurrentThread()) {
            return;
        }
        try {
            if (delivering.tryLock(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                delivering.unlock();
            } else {
                LOG.warn("A subscriber is still busy {} after it was unsubscribed", CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
