package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import java.time.Duration;
import java.util.Objects;
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
    private @Nullable Future<?> retryTimer; // Set exactly while the running request waits for its next try.
    private @Nullable Future<?> pollTimer;
    private long pollTicket;
    private boolean following;
    private boolean missedHint;
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

        /** A look failed and is tried again, for the {@code number}th time, after {@code delay}. */
        void retrying(StorageException failure, int number, Duration delay);

        /** A look failed and is not tried again at once; attempts are suppressed for {@code window}. */
        void suppressed(StorageException failure, int failures, Duration window);
    }

    /** A look that somebody waits for. */
    private static final class Request {
        final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        String cause;
        LookMode mode;
        int retries;

        @Nullable
        StorageException failure;

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
        boolean hinted;
        synchronized (lock) {
            if (following || closed) {
                return;
            }
            following = true;
            hinted = missedHint;
            interval = every;
            nextPollAt = isSuppressed() ? suppressedUntil : now() + interval.toNanos();
            schedulePoll();
        }
        if (hinted) {
            request("hint", LookMode.IF_CHANGED);
        }
    }

    /** Ends looking on a timer and by hints. Whoever waits for a retry is told of the failure. */
    CompletableFuture<?> unfollow() {
        Request abandoned = null;
        synchronized (lock) {
            following = false;
            schedulePoll();
            if (retryTimer != null) {
                endRetryDelay();
                abandoned = running;
            }
        }
        if (abandoned != null) {
            next();
            abandoned.outcome.completeExceptionally(Objects.requireNonNull(abandoned.failure));
        }
        synchronized (lock) {
            Request last = waiting == null ? running : waiting;
            return last == null ? CompletableFuture.completedFuture(true) : last.outcome;
        }
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

    /**
     * A hint has come: a look is taken soon, if following and not suppressed. At the end of a suppression one is due anyway; a hint
     * that comes while not following is made up for when following begins.
     */
    void hint() {
        boolean wanted;
        synchronized (lock) {
            missedHint |= !following;
            wanted = following && !isSuppressed();
        }
        if (wanted) {
            request("hint", LookMode.IF_CHANGED);
        }
    }

    /**
     * Asks for a look. One that waits to be tried again has not begun yet, so it serves this request too.
     *
     * @return whether it brought anything new; {@code false} if it was to load what is new and attempts are suppressed
     */
    CompletableFuture<Boolean> request(String cause, LookMode mode) {
        Request asked;
        boolean startNow;
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException("the driver is closed"));
            }
            if (isPutOff(mode)) {
                return CompletableFuture.completedFuture(false);
            }
            startNow = running == null;
            if (running == null) {
                running = new Request(cause, mode);
                asked = running;
            } else if (retryTimer != null) {
                running.merge(cause, mode);
                asked = running;
                startNow = mode == LookMode.FORCE && endRetryDelay();
            } else if (waiting == null) {
                waiting = new Request(cause, mode);
                asked = waiting;
            } else {
                waiting.merge(cause, mode);
                asked = waiting;
            }
        }
        if (startNow) {
            dispatch(asked);
        }
        return asked.outcome;
    }

    private boolean isPutOff(LookMode mode) {
        return mode == LookMode.IF_CHANGED && isSuppressed();
    }

    private boolean endRetryDelay() {
        cancel(retryTimer);
        retryTimer = null;
        return true;
    }

    private void dispatch(Request request) {
        try {
            context.workers().execute(() -> run(request));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            Request dropped;
            synchronized (lock) {
                running = null;
                dropped = waiting;
                waiting = null;
            }
            IllegalStateException reason = new IllegalStateException("the context has no thread for a look", e);
            request.outcome.completeExceptionally(reason);
            if (dropped != null) {
                dropped.outcome.completeExceptionally(reason);
            }
        }
    }

    private void run(Request request) {
        synchronized (lock) {
            missedHint = false;
        }
        try {
            boolean changed = looker.look(request.cause, request.mode);
            succeeded();
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

    private void succeeded() {
        synchronized (lock) {
            failures = 0;
            if (suppressed) {
                suppressed = false;
                nextPollAt = now() + interval.toNanos();
                schedulePoll();
            }
        }
    }

    private void failed(Request request, StorageException failure) {
        if (isTriedAgain(request, failure)) {
            return;
        }
        Duration window;
        int count;
        synchronized (lock) {
            failures++;
            count = failures;
            window = backOff.suppression(failures, failure, interval);
            suppressed = true;
            suppressedUntil = now() + window.toNanos();
            nextPollAt = suppressedUntil;
            schedulePoll();
        }
        try {
            looker.suppressed(failure, count, window);
        } finally {
            next();
            request.outcome.completeExceptionally(failure);
        }
    }

    private boolean isTriedAgain(Request request, StorageException failure) {
        int number;
        Duration delay;
        synchronized (lock) {
            request.failure = failure;
            if (!failure.recoverable() || request.retries >= settings.retries() || closed) {
                return false;
            }
            request.retries++;
            number = request.retries;
            delay = backOff.beforeRetry(number, failure);
        }
        looker.retrying(failure, number, delay);
        synchronized (lock) {
            retryTimer = closed ? null : schedule(() -> retry(request, number), delay);
            return retryTimer != null;
        }
    }

    private void retry(Request request, int attempt) {
        synchronized (lock) {
            // A timer that was cancelled too late must not begin a second look beside the first.
            if (retryTimer == null || !request.equals(running) || request.retries != attempt) {
                return;
            }
            retryTimer = null;
        }
        dispatch(request);
    }

    /** A look is over: takes the next that was asked for meanwhile, or waits for the timer. */
    private void next() {
        Request asked;
        boolean putOff;
        synchronized (lock) {
            asked = waiting;
            waiting = null;
            putOff = asked != null && isPutOff(asked.mode);
            running = putOff ? null : asked;
        }
        if (asked == null) {
            return;
        }
        if (putOff) {
            asked.outcome.complete(false);
        } else {
            dispatch(asked);
        }
    }

    private void poll(long ticket) {
        synchronized (lock) {
            if (ticket != pollTicket) {
                return; // Cancelled too late.
            }
            nextPollAt += interval.toNanos();
            if (nextPollAt - now() < 0) {
                // Paused or overloaded: one look, not one for each that was missed.
                nextPollAt = now() + interval.toNanos();
            }
            schedulePoll();
        }
        request("poll", LookMode.IF_CHANGED);
    }

    private void schedulePoll() {
        cancel(pollTimer);
        pollTicket++;
        if (!following || closed) {
            return;
        }
        long ticket = pollTicket;
        long left = nextPollAt - now();
        if (!suppressed) {
            left -= backOff.pollAdvance(interval).toNanos();
        }
        pollTimer = schedule(() -> poll(ticket), Duration.ofNanos(Math.max(0, left)));
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

    /** Returns the time between looks on the timer. */
    Duration interval() {
        synchronized (lock) {
            return interval;
        }
    }
}
