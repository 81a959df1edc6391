package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Makes one look of a burst of hints: fires once they have been quiet for a while, and at the latest after a longer while, so that a
 * stream of hints that never ends cannot put a look off for ever. Thread-safe.
 */
final class HintGate {
    private final StorageContext context;
    private final long quietNanos;
    private final long maxDelayNanos;
    private final Runnable fire;
    // All three guarded by this.
    private boolean armed;
    private long firstHintAt;
    private long lastHintAt;

    HintGate(StorageContext context, Duration quietPeriod, Duration maxDelay, Runnable fire) {
        this.context = context;
        this.quietNanos = quietPeriod.toNanos();
        this.maxDelayNanos = maxDelay.toNanos();
        this.fire = fire;
    }

    /** Takes in a hint and returns at once. */
    void hint() {
        if (quietNanos == 0) {
            fire.run();
            return;
        }
        synchronized (this) {
            lastHintAt = context.ticker().getAsLong();
            if (armed) {
                return;
            }
            armed = true;
            firstHintAt = lastHintAt;
            schedule(quietNanos);
        }
    }

    private void schedule(long delayNanos) {
        try {
            context.scheduler().schedule(this::check, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            armed = false; // The context was closed: nobody will look any more.
        }
    }

    private void check() {
        synchronized (this) {
            long dueAt = Math.min(lastHintAt + quietNanos, firstHintAt + maxDelayNanos);
            long left = dueAt - context.ticker().getAsLong();
            if (left > 0) {
                schedule(left);
                return;
            }
            armed = false;
        }
        fire.run();
    }
}
