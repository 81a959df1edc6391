package io.authzengine.storage.internal;

import io.authzengine.storage.AuditRecord;
import io.authzengine.storage.StoreCounters.Deliveries;
import io.authzengine.storage.config.WebhookSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.internal.WebhookQueue.Entry;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one address of change sets, one call at a time and in order. A call that may succeed later is tried again with full jitter, and what
 * comes meanwhile waits. Never makes the store wait for the network. Thread-safe.
 */
final class Webhook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 30;

    private final WebhookSettings settings;
    private final WebhookQueue queue;
    private final StorageContext context;
    private final Call call;

    private final Object lock = new Object();
    // All below are guarded by the lock.
    private @Nullable CompletableFuture<Void> sending;
    private @Nullable Future<?> retryTimer;
    private int retries;
    private boolean failing;
    private boolean closed;
    private long delivered;
    private long failed;
    private long dropped;

    /** How a call ended. */
    enum Outcome {
        TAKEN,
        /** It may succeed if it is made again. */
        FAILED,
        REFUSED
    }

    /** Makes one call. */
    interface Call {
        Outcome post(Entry entry) throws InterruptedException;
    }

    Webhook(WebhookSettings settings, WebhookQueue queue, StorageContext context, Call call) {
        this.settings = settings;
        this.queue = queue;
        this.context = context;
        this.call = call;
    }

    /** Returns a webhook that calls over HTTP; does no I/O yet. */
    static Webhook of(WebhookSettings settings, WebhookQueue queue, StorageContext context) {
        return new Webhook(settings, queue, context, new WebhookCall(settings, context));
    }

    void accept(AuditRecord change) {
        if (!settings.events().contains(change.event())) {
            return;
        }
        String id = HexFormat.of().toHexDigits(context.random().nextLong());
        int madeRoom = queue.add(new Entry(id, change.event(), change.toJson()));
        synchronized (lock) {
            dropped += madeRoom;
        }
        wake();
    }

    /** Sees to it that what waits is told. */
    void wake() {
        synchronized (lock) {
            if (closed || sending != null || retryTimer != null || queue.first().isEmpty()) {
                return;
            }
            sending = new CompletableFuture<>();
        }
        try {
            context.workers().execute(this::send);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            LOG.debug("There was no worker to call {}; it waits for the next change", settings.name(), e);
            rest();
        }
    }

    private void send() {
        try {
            Optional<Entry> next = queue.first();
            while (next.isPresent() && !isClosed() && isOver(next.get(), call.post(next.get()))) {
                queue.remove(next.get());
                next = queue.first();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            rest();
        }
        wake(); // For what came after the last look into the queue.
    }

    private boolean isOver(Entry entry, Outcome outcome) {
        synchronized (lock) {
            boolean again = outcome == Outcome.FAILED && retries < settings.retries();
            if (again) {
                retries++;
                retryTimer = schedule(delay());
            } else {
                retries = 0;
                delivered += outcome == Outcome.TAKEN ? 1 : 0;
                failed += outcome == Outcome.TAKEN ? 0 : 1;
            }
            logNews(entry, outcome, again);
            return !again;
        }
    }

    private void logNews(Entry entry, Outcome outcome, boolean again) {
        if (outcome == Outcome.TAKEN) {
            failing = false;
        } else if (!again) {
            LOG.warn("The webhook {} did not take {} {}; it is given up", settings.name(), entry.event(), entry.id());
        } else if (!failing) {
            failing = true;
            LOG.warn("The webhook {} cannot be told; tried again with growing delays", settings.name());
        }
    }

    /** Full jitter, so that many stores that lost one receiver do not come back to it at once. */
    private Duration delay() {
        long doubled = settings.retryBase().toNanos() << Math.min(retries - 1, MOST_DOUBLINGS);
        long most = settings.retryCap().toNanos();
        long bound = doubled <= 0 || doubled > most ? most : doubled;
        return Duration.ofNanos((long) (bound * context.random().nextDouble()));
    }

    private @Nullable Future<?> schedule(Duration delay) {
        try {
            return context.scheduler().schedule(this::retry, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null; // The context is closed; a queue in a file keeps what waits.
        }
    }

    private void retry() {
        synchronized (lock) {
            retryTimer = null;
        }
        wake();
    }

    private void rest() {
        synchronized (lock) {
            if (sending != null) {
                sending.complete(null);
                sending = null;
            }
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    Deliveries deliveries() {
        synchronized (lock) {
            return new Deliveries(delivered, failed, dropped, queue.size());
        }
    }

    /** Makes no further call, and waits for one under way, a second at most. What waits is kept if there is a file for it. */
    @Override
    public void close() {
        CompletableFuture<Void> underWay;
        synchronized (lock) {
            closed = true;
            if (retryTimer != null) {
                retryTimer.cancel(false);
            }
            underWay = sending;
        }
        if (underWay == null) {
            return;
        }
        try {
            if (!context.waiting().await(underWay, CLOSE_LIMIT)) {
                LOG.warn("A call to {} is still under way {} after the store was closed", settings.name(), CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
