package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in news a moment after the first of it has come, so that what comes meanwhile is taken in with it. The moment is never prolonged,
 * so nobody waits for somebody slow. Thread-safe.
 */
final class Gathering {
    private static final Logger LOG = LoggerFactory.getLogger(CompositeDriver.class);

    private final StorageContext context;
    private final Duration period;
    private final Consumer<String> take;
    private final Object lock = new Object();
    private @Nullable String cause; // Guarded by the lock; that of the first news, set exactly while a taking is due.

    Gathering(StorageContext context, Duration period, Consumer<String> take) {
        this.context = context;
        this.period = period;
        this.take = take;
    }

    /** There is news; a taking is due soon, if it is not already. */
    void begin(String why) {
        synchronized (lock) {
            if (cause != null) {
                return;
            }
            cause = why;
        }
        try {
            context.scheduler().schedule(this::end, period.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            forget(e);
        }
    }

    /** Runs on the scheduler, which must not be blocked. */
    private void end() {
        try {
            context.workers().execute(this::takeAll);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            forget(e);
        }
    }

    private void takeAll() {
        String why;
        synchronized (lock) {
            why = cause == null ? "poll" : cause;
            cause = null;
        }
        take.accept(why);
    }

    private void forget(Throwable reason) {
        LOG.debug("There was no thread to take in what was found; the next look does it", reason);
        synchronized (lock) {
            cause = null;
        }
    }
}
