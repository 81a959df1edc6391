package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to look: at once when asked, on a timer, after a failure with back-off; one look at a time. A request that arrives
 * while a look is under way is served by another look after it, as the one under way may have listed the backend already.
 *
 * <p>The lock guards the fields and is never held while anything outside this class is called.
 */
final class SyncLoop {
    private final StorageContext context;
    private final SyncSettings settings;
    private final BackOff backOff;
    private final Looker looker;

    private final Object lock = new Object();
    // All below are guarded by the lock.
    private @Nullable Request running;
    private @Nullable Request waiting;
    private @Nullable Future<?> retryTimer;
    private @Nullable Future<?> pollTimer;
    private boolean following;
    private boolean closed;
    private Duration interval;
    private long nextPollAt;
    private int failures;
    private boolean suppressed;
    private long suppressedUntil;

    /** Takes the looks and is told how they ended. Never called by two threads at a time. */
    interface Looker {
        /**
         * Takes one look.
         *
         * @return whether it brought anything new
         */
        boolean look(String cause, LookMode mode);

        /** A look failed and is not tried again at once; attempts are suppressed for {@code window}. */
        void suppressed(StorageException failure, int failures, Duration window);
    }

    /** A look that somebody waits for. */
    private static final class Request {
        final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        String cause;
        LookMode mode;
        int retries;

        Request(String cause, LookMode mode) {
            this.cause = cause;
            this.mode = mode;
        }

        void merge(String otherCause, LookMode otherMode) {
            if (otherMode.compareTo(mode) > 0) {
                mode = otherMode;
                cause = otherCause;
            }
        }
    }

    SyncLoop(StorageContext context, SyncSettings settings, Looker looker) {
        this.context = context;
        this.settings = settings;
        this.backOff = new BackOff(settings, context.random());
        this.looker = looker;
        this.interval = settings.pollInterval();
    }

    /** Begins to look on a timer; the first look is due after one interval. */
    void follow(Duration every) {
        synchronized (lock) {
            if (following || closed) {
                return;
            }
            following = true;
            interval = every;
            nextPollAt = isSuppressed() ? suppressedUntil : now() + interval.toNanos();
            schedulePoll();
        }
    }

    /** Ends looking on a timer and by hints. Whoever waits for a retry is told of the failure. */
    CompletableFuture<?> unfollow() {
        Request abandoned = null;
        CompletableFuture<?> underWay;
        synchronized (lock) {
            following = false;
            cancel(pollTimer);
            pollTimer = null;
            if (retryTimer != null && retryTimer.cancel(false)) {
                abandoned = running;
                running = null;
                retryTimer = null;
            }
            underWay = running == null ? CompletableFuture.completedFuture(true) : running.outcome;
        }
        if (abandoned != null) {
            next();
            abandoned.outcome.completeExceptionally(new IllegalStateException("stopped while waiting to try again"));
        }
        return underWay;
    }

    /** Ends for good: nothing is begun any more. */
    CompletableFuture<?> close() {
        Request dropped;
        synchronized (lock) {
            closed = true;
            dropped = waiting;
            waiting = null;
        }
        if (dropped != null) {
            dropped.outcome.completeExceptionally(new IllegalStateException("closed before the look could be taken"));
        }
        return unfollow();
    }

    /** A hint has come: a look is taken soon, if following and not suppressed. At the end of a suppression one is due anyway. */
    void hint() {
        boolean wanted;
        synchronized (lock) {
            wanted = following && !closed && !isSuppressed();
        }
        if (wanted) {
            request("hint", LookMode.IF_CHANGED);
        }
    }

    /**
     * Asks for a look.
     *
     * @return whether it brought anything new; at once {@code false} if attempts are suppressed and it is not forced
     */
    CompletableFuture<Boolean> request(String cause, LookMode mode) {
        Request toRun;
        CompletableFuture<Boolean> outcome;
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException("the driver is closed"));
            }
            if (mode != LookMode.FORCE && isSuppressed()) {
                return CompletableFuture.completedFuture(false);
            }
            if (running == null) {
                running = new Request(cause, mode);
                toRun = running;
                outcome = running.outcome;
            } else {
                if (waiting == null) {
                    waiting = new Request(cause, mode);
                } else {
                    waiting.merge(cause, mode);
                }
                outcome = waiting.outcome;
                toRun = retryNowIfForced(mode);
            }
        }
        if (toRun != null) {
            dispatch(toRun);
        }
        return outcome;
    }

    /** A forced look does not wait for the delay of a retry. */
    private @Nullable Request retryNowIfForced(LookMode mode) {
        if (mode == LookMode.FORCE && retryTimer != null && retryTimer.cancel(false)) {
            retryTimer = null;
            return running;
        }
        return null;
    }

    private void dispatch(Request request) {
        try {
            context.workers().execute(() -> run(request));
        } catch (RejectedExecutionException e) {
            synchronized (lock) {
                running = null;
            }
            request.outcome.completeExceptionally(new IllegalStateException("the context was closed", e));
        }
    }

    private void run(Request request) {
        try {
            boolean changed = looker.look(request.cause, request.mode);
            synchronized (lock) {
                failures = 0;
                suppressed = false;
            }
            next();
            request.outcome.complete(changed);
        } catch (StorageException e) {
            failed(request, e);
        } catch (Throwable e) {
            // The looker turns all it can foresee into storage failures; whatever is left must not end the loop.
            next();
            request.outcome.completeExceptionally(e);
        }
    }

    private void failed(Request request, StorageException failure) {
        Duration window;
        int count;
        synchronized (lock) {
            if (failure.recoverable() && request.retries < settings.retries() && !closed) {
                request.retries++;
                retryTimer = schedule(() -> retry(request), backOff.beforeRetry(request.retries));
                if (retryTimer != null) {
                    return;
                }
            }
            failures++;
            count = failures;
            window = backOff.suppression(failures);
            suppressed = true;
            suppressedUntil = now() + window.toNanos();
            nextPollAt = suppressedUntil;
            schedulePoll();
        }
        looker.suppressed(failure, count, window);
        next();
        request.outcome.completeExceptionally(failure);
    }

    private void retry(Request request) {
        synchronized (lock) {
            retryTimer = null;
        }
        dispatch(request);
    }

    /** A look is over: takes the next that was asked for meanwhile, or waits for the timer. */
    private void next() {
        Request toRun;
        synchronized (lock) {
            toRun = waiting;
            waiting = null;
            running = toRun;
        }
        if (toRun != null) {
            dispatch(toRun);
        }
    }

    private void poll() {
        synchronized (lock) {
            pollTimer = null;
            if (!following || closed) {
                return;
            }
            nextPollAt += interval.toNanos();
            if (nextPollAt - now() < 0) {
                nextPollAt =
                        now() + interval.toNanos(); // Paused or overloaded: one look, not one for each that was missed.
            }
            schedulePoll();
        }
        request("poll", LookMode.IF_CHANGED);
    }

    private void schedulePoll() {
        if (!following || closed) {
            return;
        }
        cancel(pollTimer);
        long left = nextPollAt - now();
        if (!suppressed) {
            left -= backOff.pollAdvance(interval).toNanos();
        }
        pollTimer = schedule(this::poll, Duration.ofNanos(Math.max(0, left)));
    }

    private @Nullable Future<?> schedule(Runnable task, Duration delay) {
        try {
            return context.scheduler().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null; // The context was closed: nothing is begun any more.
        }
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Returns whether only forced looks are taken at present. */
    boolean isSuppressed() {
        synchronized (lock) {
            return suppressed && now() - suppressedUntil < 0;
        }
    }

    private long now() {
        return context.ticker().getAsLong();
    }

    /** Returns whether looks are taken on a timer. */
    boolean isFollowing() {
        synchronized (lock) {
            return following;
        }
    }
}
