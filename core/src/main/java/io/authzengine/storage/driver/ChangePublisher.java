package io.authzengine.storage.driver;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells the listeners of a driver what it finds: each in order and on its own, so that a slow or failing one hurts nobody else. A
 * listener that falls behind gets what it missed as one change set with cause {@code resync}. Thread-safe. For those who write a
 * {@link StorageDriver} from scratch.
 */
public final class ChangePublisher implements AutoCloseable {
    /** How many looks a listener may be behind before what it missed is put together. */
    public static final int CAPACITY = 100;

    private final StorageContext context;
    private final CopyOnWriteArrayList<Receiver> receivers = new CopyOnWriteArrayList<>();

    public ChangePublisher(StorageContext context) {
        this.context = Objects.requireNonNull(context, "context");
    }

    /**
     * Adds a listener.
     *
     * @param listener who is told
     * @param current what the driver has now: the first change set leads on from it
     */
    public Subscription subscribe(PolicyChangeListener listener, LoadResult current) {
        Receiver receiver = new Receiver(listener, current);
        receivers.add(receiver);
        return () -> {
            receivers.remove(receiver);
            receiver.mailbox.close();
        };
    }

    /** Tells of a look that is over; {@code changes} is empty of events if nothing has changed. */
    public void looked(LoadResult result, PolicyChangeSet changes) {
        for (Receiver receiver : receivers) {
            receiver.looked(result, changes);
        }
    }

    /** Tells of a look that failed. */
    public void failed(StorageException failure) {
        for (Receiver receiver : receivers) {
            receiver.mailbox.send(told -> told.onFailure(failure));
        }
    }

    /** Ends all subscriptions. */
    @Override
    public void close() {
        for (Receiver receiver : receivers) {
            receiver.mailbox.close();
        }
        receivers.clear();
    }

    private final class Receiver {
        final Mailbox<Consumer<PolicyChangeListener>> mailbox;
        private volatile LoadResult latest;
        private LoadResult seen; // Only the delivering thread reads and writes it.

        Receiver(PolicyChangeListener listener, LoadResult current) {
            Objects.requireNonNull(listener, "listener");
            this.latest = current;
            this.seen = current;
            this.mailbox = new Mailbox<>(context, CAPACITY, delivery -> delivery.accept(listener), () -> this::resync);
        }

        void looked(LoadResult result, PolicyChangeSet changes) {
            latest = result;
            mailbox.send(listener -> {
                // A resync may already have told of this look.
                boolean isNews = result.sequence() > seen.sequence();
                seen = result;
                if (isNews && !changes.events().isEmpty()) {
                    listener.onChange(changes);
                }
                listener.onLook(result);
            });
        }

        private void resync(PolicyChangeListener listener) {
            LoadResult now = latest;
            PolicyChangeSet missed = PolicyChangeSet.between(
                    seen.policies(),
                    now.policies(),
                    now.driverId(),
                    now.sequence(),
                    "resync",
                    context.clock().instant());
            seen = now;
            if (!missed.events().isEmpty()) {
                listener.onChange(missed);
            }
            listener.onLook(now);
        }
    }
}
