package io.authzengine.storage;

import io.authzengine.storage.driver.Subscription;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Tells what happens to what is served. Each subscriber has a queue of its own and is told in order, one event at a time: one that
 * throws, blocks or ends its subscription within a call hurts nobody else, and never makes the store wait unless it asked to be told
 * synchronously. Thread-safe. Lives as long as the store: {@link PolicyStore#stop} and {@link PolicyStore#close} wait, for a bounded time,
 * until what was published is told.
 */
public interface EventBus {
    /**
     * Tells {@code subscriber} of the events of {@code type}.
     *
     * @param type one kind of event, or {@link StoreEvent} for all
     * @throws IllegalStateException if the store is closed
     */
    <E extends StoreEvent> Subscription subscribe(
            Class<E> type, SubscribeOptions options, Consumer<? super E> subscriber);

    /** Tells {@code subscriber} of the events of {@code type} from now on, on a thread of the store's. */
    default <E extends StoreEvent> Subscription subscribe(Class<E> type, Consumer<? super E> subscriber) {
        return subscribe(type, SubscribeOptions.DEFAULT, subscriber);
    }

    /**
     * Returns the events as reactive streams want them. Each subscriber gets what it requests; what it does not request waits, {@link
     * SubscribeOptions#capacity} events at most. Completes when the store is closed; what was not requested by then is dropped.
     */
    Flow.Publisher<StoreEvent> publisher(SubscribeOptions options);

    /** Returns how many subscriptions there are to exactly {@code type}. */
    int subscribers(Class<? extends StoreEvent> type);

    /** Ends all subscriptions to exactly {@code type}. */
    void unsubscribe(Class<? extends StoreEvent> type);

    /** Ends all subscriptions. */
    void unsubscribeAll();

    /** Returns how many events were dropped so far as their subscribers fell behind. */
    long dropped();
}
