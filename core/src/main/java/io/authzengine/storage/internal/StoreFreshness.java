package io.authzengine.storage.internal;

import io.authzengine.storage.driver.AgeWatch;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Knows how old the evidence for what is served is, by the store's own limits and by the driver's, and blocks what is too old. It does not
 * touch what is served: readers look through it, and a blocked set comes back as it was. Thread-safe.
 */
final class StoreFreshness implements AutoCloseable {
    private final StorageDriver driver;
    private final AgeWatch ages;
    private final Consumer<Freshness> onChange;
    private final List<Subscription> subscriptions;
    private Freshness told = Freshness.FRESH; // Guarded by this.
    private Freshness asked = Freshness.FRESH; // Guarded by this.
    private volatile List<Finding> blockedFor = List.of(); // Written under this.

    /** @param onChange told of each change, with no lock of this class held */
    StoreFreshness(StorageDriver driver, StorageContext context, Staleness limits, Consumer<Freshness> onChange) {
        this.driver = driver;
        this.onChange = onChange;
        this.ages = new AgeWatch(context, limits);
        // Not as news of the driver: what is served grows old also while nobody follows it.
        this.subscriptions = List.of(ages.onAged(this::aged), driver.onAged(this::aged));
    }

    /**
     * The driver is about to be asked for what it has. A look that comes back after that makes nothing fresh yet: what it brought is not
     * in what is being judged.
     */
    synchronized void asking() {
        asked = driver.freshness();
    }

    /** A look at the backend came back with what was {@code already} so old, and that is served or refused. */
    void fresh(Duration already) {
        ages.fresh(already);
        judged();
    }

    /** What the driver had when it was asked is served or refused. Also if that is no new evidence, as of a part it may be. */
    void judged() {
        notice(() -> freshness().worst(asked));
    }

    /** What is to be served last agreed with the backend {@code age} ago, in an earlier process. */
    void agedAlready(Duration age) {
        driver.agedAlready(age);
        ages.agedAlready(age);
        aged();
    }

    /** Nothing becomes fresh by this: it would be seen as it was, before what the look brought that made it so. */
    private void aged() {
        notice(() -> freshness().worst(told));
    }

    private void notice(Supplier<Freshness> verdict) {
        Freshness now;
        synchronized (this) {
            now = verdict.get();
            if (now == told) {
                return;
            }
            told = now;
            blockedFor = now == Freshness.FAILED_CLOSED ? List.of(reason()) : List.of();
        }
        onChange.accept(now);
    }

    private Finding reason() {
        return Finding.error(
                        ErrorCode.CONNECTION_FAILED,
                        Place.of("the set"),
                        "was last known to be what the backend of '" + driver.id()
                                + "' holds longer ago than hardAge allows")
                .fix("see what keeps the backend, or what it follows, from answering; all is served again as soon as it"
                        + " does");
    }

    /** Returns what readers are to see of {@code current}: a single further read. */
    PolicySnapshot shown(PolicySnapshot current) {
        List<Finding> reasons = blockedFor;
        return reasons.isEmpty() ? current : current.blocked(reasons);
    }

    Freshness freshness() {
        return ages.freshness().worst(driver.freshness());
    }

    /** Returns how old the evidence is: since a look came back whose outcome was taken in; empty if none did yet. */
    Optional<Duration> age() {
        return ages.age();
    }

    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        ages.close();
    }
}
