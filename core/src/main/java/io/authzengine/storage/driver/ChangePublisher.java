package io.authzengine.storage.driver;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
     * @param current tells what the driver has at the moment it is asked: the first change set leads on from it
     */
    public Subscription subscribe(PolicyChangeListener listener, Supplier<LoadResult> current) {
        Receiver receiver = new Receiver(listener, current.get());
        receivers.add(receiver);
        receiver.catchUp(current.get()); // With a look that was told of just before the receiver was there.
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
            receiver.failed(failure);
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
        private volatile @Nullable StorageException failing;
        private volatile LoadResult seen; // Written by the delivering thread.

        Receiver(PolicyChangeListener listener, LoadResult current) {
            Objects.requireNonNull(listener, "listener");
            this.latest = current;
            this.failing = null;
            this.seen = current;
            this.mailbox = new Mailbox<>(context, CAPACITY, delivery -> delivery.accept(listener), () -> this::resync);
        }

        void looked(LoadResult result, PolicyChangeSet changes) {
            latest = result;
            failing = null;
            mailbox.send(listener -> {
                boolean follows = result.sequence() <= seen.sequence() + 1;
                tell(listener, result, follows ? changes : missed(result));
            });
        }

        void failed(StorageException failure) {
            failing = failure;
            mailbox.send(listener -> listener.onFailure(failure));
        }

        void catchUp(LoadResult now) {
            if (now.sequence() > seen.sequence()) {
                mailbox.send(listener -> tell(listener, now, missed(now)));
            }
        }

        private void resync(PolicyChangeListener listener) {
            LoadResult now = latest;
            StorageException failure = failing;
            tell(listener, now, missed(now));
            if (failure != null) {
                listener.onFailure(failure);
            }
        }

        /** Tells of {@code result}, unless the listener knows it or a later one by a resync already: nothing is told twice. */
        private void tell(PolicyChangeListener listener, LoadResult result, PolicyChangeSet changes) {
            if (result.sequence() < seen.sequence()) {
                return;
            }
            boolean isNews = result.sequence() > seen.sequence();
            seen = result;
            try {
                if (isNews && !changes.events().isEmpty()) {
                    listener.onChange(changes);
                }
            } finally {
                listener.onLook(result);
            }
        }

        private PolicyChangeSet missed(LoadResult now) {
            return PolicyChangeSet.between(
                    seen.policies(),
                    now.policies(),
                    now.driverId(),
                    now.sequence(),
                    "resync",
                    context.clock().instant());
        }
    }
}
