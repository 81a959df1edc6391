package io.authzengine.storage.benchmarks.measure;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Waits for what a store tells its subscribers. */
public final class Served implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final LinkedBlockingQueue<Update> updates = new LinkedBlockingQueue<>();
    private final Subscription subscription;

    /**
     * What a subscriber was told.
     *
     * @param nanos when, on the clock of {@link System#nanoTime}
     * @param ids which policies have changed
     */
    public record Update(long nanos, List<PolicyId> ids) {}

    private Served(PolicyStore store) {
        this.subscription = store.subscribe(this::take);
    }

    /** Subscribes to {@code store}. */
    public static Served by(PolicyStore store) {
        return new Served(store);
    }

    private void take(StoreEvent event) {
        if (event instanceof StoreEvent.Updated updated) {
            updates.add(new Update(
                    System.nanoTime(),
                    updated.changes().events().stream()
                            .map(PolicyChangeEvent::policyId)
                            .toList()));
        }
    }

    /**
     * Waits for the next update.
     *
     * @throws IllegalStateException if none comes for half a minute
     */
    public Update await() throws InterruptedException {
        Update update = updates.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (update == null) {
            throw new IllegalStateException("nothing was served for half a minute");
        }
        return update;
    }

    /**
     * Waits for the next update, which must be of {@code id} alone.
     *
     * @return when it was told, on the clock of {@link System#nanoTime}
     */
    public long await(PolicyId id) throws InterruptedException {
        Update update = await();
        if (!update.ids().equals(List.of(id))) {
            throw new IllegalStateException("changed " + id + ", but was told of " + update.ids());
        }
        return update.nanos();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
