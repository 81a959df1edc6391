package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.UnexpectedFailureException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls to a source: each has a deadline after which it is interrupted, and whatever it throws leaves as a {@link
 * StorageException}. Calls are made one at a time; {@link #interrupt} may come from any thread.
 */
final class Calls {
    private final String driverId;
    private final StorageContext context;
    private final Duration timeout;
    private volatile @Nullable Deadline running; // Written by the calling thread.
    private volatile boolean closed;

    Calls(String driverId, StorageContext context, Duration timeout) {
        this.driverId = driverId;
        this.context = context;
        this.timeout = timeout;
    }

    /** Makes a call; {@code what} completes the sentence "… took longer than". */
    <T> T make(String what, Callable<T> call) {
        Deadline deadline = new Deadline(Thread.currentThread());
        running = deadline;
        try {
            if (closed) {
                throw givenUp(what, null);
            }
            deadline.extend();
            return call.call();
        } catch (Throwable e) {
            throw translate(what, deadline, e);
        } finally {
            running = null;
            deadline.end();
        }
    }

    private StorageException translate(String what, Deadline deadline, Throwable e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt(); // Taken back at the end of the call if it was meant for the call alone.
        }
        if (closed) {
            return givenUp(what, e);
        }
        if (deadline.expired()) {
            return new StorageTimeoutException(
                    Problem.in(driverId, what + " took longer than " + timeout.toMillis() + " ms")
                            .remedy("check the backend, or raise the call timeout"),
                    e);
        }
        if (e instanceof StorageException known) {
            return known;
        }
        return new UnexpectedFailureException(
                Problem.in(driverId, what + " failed with " + e.getClass().getSimpleName()), e);
    }

    private StorageException givenUp(String what, @Nullable Throwable cause) {
        return new UnexpectedFailureException(
                Problem.in(driverId, what + " was given up: the driver was closed"), cause);
    }

    /** Returns whether no call is made any more. */
    boolean areOver() {
        return closed;
    }

    /** Gives the call under way another full time-out, as it has got somewhere. */
    void progress() {
        Deadline deadline = running;
        if (deadline != null) {
            deadline.extend();
        }
    }

    /** Interrupts the call under way and lets no other begin. */
    void interrupt() {
        closed = true;
        Deadline deadline = running;
        if (deadline != null) {
            deadline.interrupt();
        }
    }

    /** The time a call has. Its lock is only held for a moment, so that no interrupt can arrive after the call is over. */
    private final class Deadline {
        private final Thread caller;
        private @Nullable Future<?> alarm;
        private long dueAt;
        private boolean expired;
        private boolean interrupted;
        private boolean over;

        Deadline(Thread caller) {
            this.caller = caller;
        }

        synchronized void extend() {
            dueAt = context.ticker().getAsLong() + timeout.toNanos();
            if (alarm == null && !over) {
                alarm = context.scheduler().schedule(this::ring, timeout.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        private synchronized void ring() {
            long left = dueAt - context.ticker().getAsLong();
            if (over) {
                return;
            }
            if (left > 0) {
                alarm = context.scheduler().schedule(this::ring, left, TimeUnit.NANOSECONDS);
                return;
            }
            expired = true;
            interrupt();
        }

        synchronized void interrupt() {
            if (!over) {
                interrupted = true;
                caller.interrupt();
            }
        }

        synchronized boolean expired() {
            return expired;
        }

        synchronized void end() {
            over = true;
            if (alarm != null) {
                alarm.cancel(false);
            }
            if (interrupted) {
                Thread.interrupted(); // It was meant for the call, not for whatever this thread does next.
            }
        }
    }
}
