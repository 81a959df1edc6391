package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the transaction of a listing until the reading that usually follows comes for it, so that both see the same moment; and ends
 * it by itself soon after, as a transaction that stays open keeps a database from tidying up. Thread-safe.
 */
final class Handover implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final StorageContext context;
    private final AtomicReference<@Nullable Snapshot> kept = new AtomicReference<>();

    Handover(StorageContext context) {
        this.context = context;
    }

    /** Keeps {@code snapshot} in place of any other. */
    void keep(Snapshot snapshot) {
        end(kept.getAndSet(snapshot));
        try {
            context.scheduler()
                    .schedule(
                            () -> context.workers().execute(() -> giveUp(snapshot)),
                            LIMIT.toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            giveUp(snapshot); // The context was closed: no reading will come.
        }
    }

    private void giveUp(Snapshot snapshot) {
        if (kept.compareAndSet(snapshot, null)) {
            snapshot.close();
        }
    }

    /** Returns what is kept, which is the caller's to end now. */
    Optional<Snapshot> take() {
        return Optional.ofNullable(kept.getAndSet(null));
    }

    private static void end(@Nullable Snapshot snapshot) {
        if (snapshot != null) {
            snapshot.close();
        }
    }

    @Override
    public void close() {
        end(kept.getAndSet(null));
    }
}
