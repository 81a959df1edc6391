package io.authzengine.storage.faults;

import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The time a call has: it is interrupted at the end of it. The lock is only held for a moment, so that no interrupt can arrive later. */
final class CallDeadline {
    private final Thread caller;
    private boolean over;
    private boolean expired;

    private CallDeadline(Thread caller) {
        this.caller = caller;
    }

    /** Makes {@code call}; fails with {@code failure} if it is not over within {@code time}. */
    static <T> T within(Duration time, StorageContext context, Supplier<InjectedFailure> failure, Callable<T> call)
            throws Exception {
        CallDeadline deadline = new CallDeadline(Thread.currentThread());
        long end = context.ticker().getAsLong() + time.toNanos();
        Future<?> alarm = context.scheduler().schedule(deadline::expire, time.toNanos(), TimeUnit.NANOSECONDS);
        T result;
        try {
            result = call.call();
        } catch (Exception e) {
            if (deadline.end()) {
                InjectedFailure timeout = failure.get();
                timeout.addSuppressed(e);
                throw timeout;
            }
            throw e;
        } finally {
            alarm.cancel(false);
        }
        if (deadline.end() || context.ticker().getAsLong() - end > 0) {
            throw failure.get();
        }
        return result;
    }

    private synchronized void expire() {
        if (!over) {
            expired = true;
            caller.interrupt();
        }
    }

    /** Ends the time; returns whether it had run out. */
    private synchronized boolean end() {
        over = true;
        if (expired) {
            Thread.interrupted(); // It was meant for the call, not for whatever this thread does next.
        }
        return expired;
    }
}
