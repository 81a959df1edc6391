package io.authzengine.storage.simulation;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A scheduler whose tasks run when {@link Simulation#advance} reaches their time. */
final class SimulatedScheduler extends AbstractExecutorService implements ScheduledExecutorService {
    private final Simulation world;
    private boolean shutdown;

    SimulatedScheduler(Simulation world) {
        this.world = world;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return enqueue(Executors.callable(command, (@Nullable Object) null), delay, 0, unit, false);
    }

    @Override
    public <V extends @Nullable Object> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return enqueue(callable, delay, 0, unit, false);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return enqueue(Executors.callable(command, (@Nullable Object) null), initialDelay, period, unit, true);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return enqueue(Executors.callable(command, (@Nullable Object) null), initialDelay, delay, unit, false);
    }

    private <V extends @Nullable Object> SimulatedTask<V> enqueue(
            Callable<V> task, long delay, long period, TimeUnit unit, boolean fixedRate) {
        if (shutdown) {
            throw new RejectedExecutionException("the scheduler was shut down");
        }
        long dueAt = world.nanoTime() + Math.max(0, unit.toNanos(delay));
        SimulatedTask<V> scheduled = new SimulatedTask<>(world, task, dueAt, unit.toNanos(period), fixedRate);
        world.enqueue(scheduled);
        return scheduled;
    }

    @Override
    public void execute(Runnable command) {
        enqueue(Executors.callable(command, (@Nullable Object) null), 0, 0, TimeUnit.NANOSECONDS, false);
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return world.forgetAll();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
