package io.authzengine.storage.internal;

import io.authzengine.storage.EventBus;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.SubscribeOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bus: hands each event to the queue of each subscriber, and makes up for what one of them missed. Thread-safe. */
final class StoreEvents implements EventBus, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreEvents.class);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    private final StorageContext context;
    private final String driverId;
    private final VersionLog history;
    private final Supplier<StoreEvent> presentState;
    private final CopyOnWriteArrayList<EventReceiver> receivers = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();
    private volatile PolicySnapshot latest = PolicySnapshot.NONE; // Written under this.
    private volatile boolean closed;

    /** @param presentState the event that tells how things stand, for one who may have missed others */
    StoreEvents(StorageContext context, String driverId, VersionLog history, Supplier<StoreEvent> presentState) {
        this.context = context;
        this.driverId = driverId;
        this.history = history;
        this.presentState = presentState;
    }

    @Override
    public <E extends StoreEvent> Subscription subscribe(
            Class<E> type, SubscribeOptions options, Consumer<? super E> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        return add(type, options, Long.MAX_VALUE, event -> subscriber.accept(type.cast(event)), false);
    }

    /** Adds a part of the store that is told before any subscriber and that nobody can unsubscribe. */
    void attach(Consumer<StoreEvent> part) {
        add(StoreEvent.class, SubscribeOptions.SYNCHRONOUS, Long.MAX_VALUE, part, true);
    }

    private EventReceiver add(
            Class<? extends StoreEvent> type,
            SubscribeOptions options,
            long wanted,
            Consumer<StoreEvent> subscriber,
            boolean permanent) {
        EventReceiver receiver = new EventReceiver(this, type, options, wanted, subscriber, permanent);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the store is closed");
            }
            receiver.begin(latest);
            receivers.add(receiver);
        }
        receiver.wake();
        if (wanted > 0) {
            receiver.flush();
        }
        return receiver;
    }

    @Override
    public Flow.Publisher<StoreEvent> publisher(SubscribeOptions options) {
        Objects.requireNonNull(options, "options");
        return subscriber ->
                FlowReceiver.subscribe(subscriber, receive -> add(StoreEvent.class, options, 0, receive, false));
    }

    /** Tells that {@code now} is being served. Called under the store's writer lock. */
    void updated(StoreEvent.Updated event, PolicySnapshot now) {
        StoreEvent created = new StoreEvent.VersionCreated(event.at(), event.version());
        synchronized (this) {
            PolicySnapshot before = latest;
            latest = now;
            receivers.forEach(receiver -> receiver.served(event, created, before, now));
        }
        receivers.forEach(EventReceiver::wake);
    }

    /** Tells of anything else. */
    void publish(StoreEvent event) {
        synchronized (this) {
            receivers.forEach(receiver -> receiver.happened(event));
        }
        receivers.forEach(EventReceiver::wake);
    }

    /** Calls those that are told synchronously. Not to be called with a lock held. */
    void flush() {
        receivers.forEach(EventReceiver::flush);
    }

    /** Calls those that are told synchronously from a worker, for what no call has led to. */
    void flushSoon() {
        try {
            context.workers().execute(this::flush);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            LOG.debug("There was no worker to tell of an event; it waits for the next", e);
        }
    }

    @Override
    public int subscribers(Class<? extends StoreEvent> type) {
        return (int) receivers.stream().filter(subscribedTo(type)).count();
    }

    @Override
    public void unsubscribe(Class<? extends StoreEvent> type) {
        receivers.stream().filter(subscribedTo(type)).forEach(EventReceiver::close);
    }

    private static Predicate<EventReceiver> subscribedTo(Class<? extends StoreEvent> type) {
        return receiver -> !receiver.isPermanent() && receiver.type().equals(type);
    }

    @Override
    public void unsubscribeAll() {
        receivers.stream().filter(receiver -> !receiver.isPermanent()).forEach(EventReceiver::close);
    }

    @Override
    public long dropped() {
        return dropped.sum();
    }

    /**
     * Waits until what was published is told, {@code limit} at most.
     *
     * @return whether it is
     */
    boolean drain(Duration limit) {
        flush();
        long end = context.ticker().getAsLong() + limit.toNanos();
        boolean all = true;
        for (EventReceiver receiver : receivers) {
            long left = Math.max(0, end - context.ticker().getAsLong());
            all &= receiver.drain(Duration.ofNanos(left));
        }
        return all;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        drain(DRAIN_LIMIT);
        receivers.forEach(EventReceiver::complete);
        receivers.clear();
    }

    // For the receivers.

    StorageContext context() {
        return context;
    }

    String driverId() {
        return driverId;
    }

    VersionLog history() {
        return history;
    }

    PolicySnapshot latest() {
        return latest;
    }

    StoreEvent presentState() {
        return presentState.get();
    }

    void countDropped() {
        dropped.increment();
    }

    void remove(EventReceiver receiver) {
        receivers.remove(receiver);
    }
}
