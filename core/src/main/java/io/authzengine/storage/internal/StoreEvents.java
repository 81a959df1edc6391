package io.authzengine.storage.internal;

import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.driver.Mailbox;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells subscribers of what happens, each in order and on its own. One that falls behind gets what it missed as one update, and how things stand. */
final class StoreEvents implements AutoCloseable {
    private static final int CAPACITY = 100;

    private final StorageContext context;
    private final String driverId;
    private final Supplier<PolicySnapshot> current;
    private final Supplier<StoreEvent> presentState;
    private final CopyOnWriteArrayList<Receiver> receivers = new CopyOnWriteArrayList<>();

    StoreEvents(
            StorageContext context,
            String driverId,
            Supplier<PolicySnapshot> current,
            Supplier<StoreEvent> presentState) {
        this.context = context;
        this.driverId = driverId;
        this.current = current;
        this.presentState = presentState;
    }

    Subscription subscribe(Consumer<? super StoreEvent> subscriber) {
        Receiver receiver = new Receiver(subscriber);
        receivers.add(receiver);
        return () -> {
            receivers.remove(receiver);
            receiver.mailbox.close();
        };
    }

    /** Tells that {@code now} is being served. */
    void updated(StoreEvent.Updated event, PolicySnapshot now) {
        receivers.forEach(receiver -> receiver.mailbox.send(told -> receiver.update(event, now)));
    }

    /** Tells of anything else. */
    void publish(StoreEvent event) {
        receivers.forEach(receiver -> receiver.mailbox.send(told -> told.accept(event)));
    }

    @Override
    public void close() {
        receivers.forEach(receiver -> receiver.mailbox.close());
        receivers.clear();
    }

    private final class Receiver {
        final Mailbox<Consumer<Consumer<? super StoreEvent>>> mailbox;
        private final Consumer<? super StoreEvent> subscriber;
        private PolicySnapshot seen = current.get(); // After construction, only the delivering thread uses it.

        Receiver(Consumer<? super StoreEvent> subscriber) {
            this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
            this.mailbox =
                    new Mailbox<>(context, CAPACITY, delivery -> delivery.accept(subscriber), () -> told -> resync());
        }

        void update(StoreEvent.Updated event, PolicySnapshot now) {
            // A resync may already have told of this version.
            if (now.version().compareTo(seen.version()) > 0) {
                seen = now;
                subscriber.accept(event);
            }
        }

        private void resync() {
            PolicySnapshot now = current.get();
            if (now.version().compareTo(seen.version()) > 0) {
                PolicyChangeSet missed = PolicyChangeSet.between(
                        seen.policies(),
                        now.policies(),
                        driverId,
                        now.version().number(),
                        "resync",
                        now.version().createdAt());
                seen = now;
                subscriber.accept(new StoreEvent.Updated(context.clock().instant(), now.version(), missed));
            }
            subscriber.accept(presentState.get());
        }
    }
}
