package io.authzengine.storage.it.matrix;

import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A context for a store in which the time of the loop passes five times as fast as that of the network, so that back-off does not make a
 * test long; and whose wall clock can be set.
 */
final class LoopTime implements AutoCloseable {
    private static final int SPEED = 5;

    private final ScheduledThreadPoolExecutor scheduler;
    private final ThreadPoolExecutor workers;
    private final StorageContext context;
    private volatile Duration offset = Duration.ZERO;

    LoopTime(long seed) {
        scheduler = new FastScheduler(daemons("matrix-timer"));
        workers = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("matrix-worker"));
        context = new StorageContext(
                () -> Instant.now().plus(offset),
                () -> System.nanoTime() * SPEED,
                new Random(seed),
                scheduler,
                workers,
                LoopTime::await);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static boolean await(CompletableFuture<?> future, Duration limit) throws InterruptedException {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | java.util.concurrent.CancellationException e) {
            return true;
        }
    }

    StorageContext context() {
        return context;
    }

    /** Sets the wall clock that far from the right time. */
    void setClock(Duration wrongBy) {
        offset = wrongBy;
    }

    /** Returns whether nothing is under way. */
    boolean isIdle() {
        return workers.getActiveCount() == 0;
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        workers.shutdownNow();
    }

    /** Makes every delay shorter. */
    private static final class FastScheduler extends ScheduledThreadPoolExecutor {
        FastScheduler(ThreadFactory threads) {
            super(1, threads);
            setRemoveOnCancelPolicy(true);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(task, unit.toNanos(delay) / SPEED, TimeUnit.NANOSECONDS);
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
            return super.schedule(task, unit.toNanos(delay) / SPEED, TimeUnit.NANOSECONDS);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initial, long period, TimeUnit unit) {
            return super.scheduleAtFixedRate(
                    task, unit.toNanos(initial) / SPEED, unit.toNanos(period) / SPEED, TimeUnit.NANOSECONDS);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
            return super.scheduleWithFixedDelay(
                    task, unit.toNanos(initial) / SPEED, unit.toNanos(delay) / SPEED, TimeUnit.NANOSECONDS);
        }
    }
}
