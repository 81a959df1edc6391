package io.authzengine.storage.driver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to one receiver in order, one at a time, without ever making the sender wait. If the receiver falls behind by
 * more than the mailbox holds, what waits is dropped and a single message that makes up for it takes its place. What the receiver
 * throws is logged. Thread-safe. For those who write a {@link StorageDriver} from scratch.
 *
 * @param <M> the messages
 */
public final class Mailbox<M> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final StorageContext context;
    private final int capacity;
    private final Consumer<? super M> receiver;
    private final Supplier<? extends M> makeUp;

    private final Object lock = new Object();
    private final ArrayDeque<M> waiting = new ArrayDeque<>();
    // All four guarded by the lock.
    private boolean behind;
    private boolean closed;
    private long dropped;
    private @Nullable CompletableFuture<Void> delivery;
    // Written and read by the delivering thread, read by close().
    private volatile @Nullable Thread deliveringThread;

    /**
     * @param context whose workers deliver
     * @param capacity how many messages wait at most
     * @param receiver who gets them
     * @param makeUp makes the message that stands for all that was dropped; asked when it is about to be delivered
     */
    public Mailbox(StorageContext context, int capacity, Consumer<? super M> receiver, Supplier<? extends M> makeUp) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a mailbox holds at least one message");
        }
        this.context = Objects.requireNonNull(context, "context");
        this.capacity = capacity;
        this.receiver = Objects.requireNonNull(receiver, "receiver");
        this.makeUp = Objects.requireNonNull(makeUp, "makeUp");
    }

    /** Hands in {@code message} and returns at once. After {@link #close} it does nothing. */
    public void send(M message) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (behind || waiting.size() == capacity) {
                dropped += waiting.size() + 1L;
                waiting.clear();
                behind = true;
            } else {
                waiting.add(message);
            }
            if (delivery != null) {
                return;
            }
            delivery = new CompletableFuture<>();
        }
        try {
            context.workers().execute(this::deliverAll);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            LOG.debug("There was no worker to deliver a message; it waits for the next", e);
            finishDelivery();
        }
    }

    private void deliverAll() {
        deliveringThread = Thread.currentThread();
        boolean more = true;
        while (more) {
            try {
                M message = next();
                more = message != null;
                if (message != null) {
                    receiver.accept(message);
                }
            } catch (Throwable e) {
                // Also errors: a listener that dies must not take the others, or the worker, with it.
                LOG.error("A listener threw; the others are not concerned", e);
            }
        }
    }

    private @Nullable M next() {
        synchronized (lock) {
            if (closed || (!behind && waiting.isEmpty())) {
                deliveringThread = null;
                finishDelivery();
                return null;
            }
            if (!behind) {
                return waiting.poll();
            }
            behind = false;
        }
        return makeUp.get();
    }

    private void finishDelivery() {
        synchronized (lock) {
            if (delivery != null) {
                delivery.complete(null);
                delivery = null;
            }
        }
    }

    /** Returns how many messages were dropped so far. */
    public long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    /**
     * Drops what waits and delivers nothing more. Waits for a delivery under way, a second at most, unless called from within it.
     */
    @Override
    public void close() {
        CompletableFuture<Void> underWay;
        synchronized (lock) {
            closed = true;
            waiting.clear();
            behind = false;
            underWay = delivery;
        }
        if (underWay == null || Thread.currentThread().equals(deliveringThread)) {
            return;
        }
        try {
            if (!context.waiting().await(underWay, CLOSE_LIMIT)) {
                LOG.warn("A listener is still busy {} after it was unsubscribed", CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
