package io.authzengine.storage.simulation;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A task that waits for its time; of two that are due together, the one handed in first runs first. */
final class SimulatedTask<V extends @Nullable Object> extends FutureTask<V> implements RunnableScheduledFuture<V> {
    private final Simulation world;
    private final long ticket;
    private final long periodNanos;
    private final boolean fixedRate;
    private long dueAt;

    /** @param periodNanos 0 for a task that runs once */
    SimulatedTask(Simulation world, Callable<V> task, long dueAt, long periodNanos, boolean fixedRate) {
        super(task);
        this.world = world;
        this.ticket = world.nextTicket();
        this.dueAt = dueAt;
        this.periodNanos = periodNanos;
        this.fixedRate = fixedRate;
    }

    long dueAt() {
        return dueAt;
    }

    @Override
    public boolean isPeriodic() {
        return periodNanos > 0;
    }

    @Override
    public void run() {
        if (!isPeriodic()) {
            super.run();
        } else if (super.runAndReset()) {
            dueAt = (fixedRate ? dueAt : world.nanoTime()) + periodNanos;
            world.enqueue(this);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        world.forget(this);
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(dueAt - world.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        SimulatedTask<?> that = (SimulatedTask<?>) other;
        int byTime = Long.compare(dueAt, that.dueAt);
        return byTime != 0 ? byTime : Long.compare(ticket, that.ticket);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
