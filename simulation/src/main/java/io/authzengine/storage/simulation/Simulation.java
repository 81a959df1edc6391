package io.authzengine.storage.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * A world in which time stands still until {@link #advance} moves it, and everything runs on the thread that moves it, in the
 * order in which it is due. A task may itself {@code advance}: that is how a call that takes long is told.
 *
 * <p>Not thread-safe: one test, one thread.
 */
public final class Simulation {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<SimulatedTask<?>> due = new PriorityQueue<>();
    private final RandomGenerator random;
    private final SimulatedScheduler scheduler = new SimulatedScheduler(this);
    private final InlineExecutor workers = new InlineExecutor();
    private long nanos;
    private Duration wallClockShift = Duration.ZERO;
    private long submitted;

    private Simulation(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Returns a new world in which {@code seed} decides all that is random. */
    public static Simulation seeded(long seed) {
        return new Simulation(seed);
    }

    /** Returns the wall clock. */
    public InstantSource clock() {
        return () -> START.plusNanos(nanos).plus(wallClockShift);
    }

    /** Returns monotonic nanoseconds since the world began. */
    public long nanoTime() {
        return nanos;
    }

    /** Returns the random numbers of this world. */
    public RandomGenerator random() {
        return random;
    }

    /** Returns a scheduler whose tasks run as time is moved. */
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** Returns an executor that runs each task at once, on the caller's thread. */
    public ExecutorService workers() {
        return workers;
    }

    /** Moves time by {@code time}, running all that falls due on the way. */
    public void advance(Duration time) {
        long target = nanos + time.toNanos();
        while (runNext(target)) {
            // Each task may add others that are due before the target.
        }
        nanos = Math.max(nanos, target);
    }

    /**
     * Moves time to whatever is due next until {@code future} is done or {@code limit} has passed.
     *
     * @return whether it is done
     */
    public boolean await(Future<?> future, Duration limit) {
        long target = nanos + limit.toNanos();
        while (!future.isDone()) {
            if (!runNext(target)) {
                nanos = Math.max(nanos, target);
                break;
            }
        }
        return future.isDone();
    }

    /** Moves time by {@code time} without running what falls due: the machine was asleep. It runs when time is next moved. */
    public void pause(Duration time) {
        nanos += time.toNanos();
    }

    /** Moves the wall clock alone, as an operator or a time server does; nothing falls due by that. */
    public void shiftWallClock(Duration shift) {
        wallClockShift = wallClockShift.plus(shift);
    }

    /** Returns how many tasks wait for their time. */
    public int pending() {
        due.removeIf(Future::isCancelled);
        return due.size();
    }

    void enqueue(SimulatedTask<?> task) {
        due.add(task);
    }

    void forget(SimulatedTask<?> task) {
        due.remove(task);
    }

    List<Runnable> forgetAll() {
        List<Runnable> forgotten = List.copyOf(due);
        due.clear();
        return forgotten;
    }

    long nextTicket() {
        return submitted++;
    }

    private boolean runNext(long target) {
        SimulatedTask<?> next = due.peek();
        if (next == null || next.dueAt() > target) {
            return false;
        }
        due.remove();
        nanos = Math.max(nanos, next.dueAt());
        next.run();
        return true;
    }
}
