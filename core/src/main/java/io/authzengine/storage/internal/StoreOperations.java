package io.authzengine.storage.internal;

import io.authzengine.storage.StoreCounters.Tally;
import io.authzengine.storage.StoreOperation;
import io.authzengine.storage.StoreOperation.Kind;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the store tries, and tells those that measure it. Thread-safe. */
final class StoreOperations {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOperations.class);

    private final StorageContext context;
    private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class); // Guarded by itself.
    private final CopyOnWriteArrayList<Consumer<? super StoreOperation>> listeners = new CopyOnWriteArrayList<>();

    StoreOperations(StorageContext context) {
        this.context = context;
    }

    Subscription listen(Consumer<? super StoreOperation> listener) {
        Objects.requireNonNull(listener, "listener");
        Consumer<StoreOperation> own = listener::accept; // So that one who listens twice ends one of the two.
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** Returns the moment from which an operation is measured. */
    long begin() {
        return context.ticker().getAsLong();
    }

    /** An operation that began at {@code begun} is over. */
    void ended(Kind kind, boolean succeeded, long begun) {
        Duration took = Duration.ofNanos(Math.max(0, context.ticker().getAsLong() - begun));
        done(new StoreOperation(kind, succeeded, Optional.of(took)));
    }

    /** An operation that began at {@code begun} did not do what it was to do. */
    void failed(Kind kind, long begun) {
        ended(kind, false, begun);
    }

    /** Does {@code work}; it fails if it throws. */
    <T> T measure(Kind kind, Supplier<T> work) {
        long begun = begin();
        boolean succeeded = false;
        try {
            T made = work.get();
            succeeded = true;
            return made;
        } finally {
            ended(kind, succeeded, begun);
        }
    }

    /** A look at the backend failed. */
    void lookFailed() {
        done(new StoreOperation(Kind.RELOAD, false, Optional.empty()));
    }

    private void done(StoreOperation operation) {
        synchronized (tallies) {
            tallies.put(operation.kind(), tally(operation.kind()).plus(operation));
        }
        for (Consumer<? super StoreOperation> listener : listeners) {
            try {
                listener.accept(operation);
            } catch (RuntimeException e) {
                LOG.error("A listener of operations threw; what is served is not concerned", e);
            }
        }
    }

    Tally tally(Kind kind) {
        synchronized (tallies) {
            return tallies.getOrDefault(kind, new Tally(0, 0));
        }
    }
}
