package io.authzengine.storage.internal;

import io.authzengine.storage.StoreEvent;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscriber by the rules of reactive streams: told only what it requests, one signal at a time, nothing after the last. */
final class FlowReceiver implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(FlowReceiver.class);

    private final Flow.Subscriber<? super StoreEvent> subscriber;
    private final EventReceiver receiver;

    private FlowReceiver(
            Flow.Subscriber<? super StoreEvent> subscriber, Function<Consumer<StoreEvent>, EventReceiver> add) {
        this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
        this.receiver = add.apply(this::next);
    }

    /** @param add adds a receiver that wants nothing yet */
    static void subscribe(
            Flow.Subscriber<? super StoreEvent> subscriber, Function<Consumer<StoreEvent>, EventReceiver> add) {
        FlowReceiver flow;
        try {
            flow = new FlowReceiver(subscriber, add);
        } catch (IllegalStateException closed) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long count) {
                    // There is nothing to come.
                }

                @Override
                public void cancel() {
                    // There is nothing to end.
                }
            });
            subscriber.onError(closed);
            return;
        }
        flow.receiver.onComplete(subscriber::onComplete);
        // Nothing is told before the subscriber has been told that it is one.
        flow.receiver.queue().exclusively(() -> subscriber.onSubscribe(flow));
        flow.receiver.wake();
    }

    private void next(StoreEvent event) {
        try {
            subscriber.onNext(event);
        } catch (Throwable e) {
            LOG.error("A subscriber threw; it is told no more, and the others are not concerned", e);
            cancel();
        }
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            receiver.endWith(() ->
                    subscriber.onError(new IllegalArgumentException("at least one event is requested, got " + count)));
        } else {
            receiver.queue().request(count);
        }
    }

    @Override
    public void cancel() {
        receiver.cancel();
    }
}
