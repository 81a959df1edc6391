package io.authzengine.storage.internal;

import io.authzengine.storage.driver.AgeWatch;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Knows how old the evidence for what is served is, by the store's own limits and by the driver's, and blocks what is too old. It does not
 * touch what is served: readers look through it, and a blocked set comes back as it was. Thread-safe.
 */
final class StoreFreshness implements AutoCloseable {
    private final StorageDriver driver;
    private final AgeWatch ages;
    private final Consumer<Freshness> onChange;
    private Freshness told = Freshness.FRESH; // Guarded by this.
    private volatile List<Finding> blockedFor = List.of(); // Written under this.

    /** @param onChange told of each change, with no lock of this class held */
    StoreFreshness(StorageDriver driver, StorageContext context, Staleness limits, Consumer<Freshness> onChange) {
        this.driver = driver;
        this.onChange = onChange;
        this.ages = new AgeWatch(context, limits, this::review);
    }

    /** A look at the backend came back with what was {@code already} so old, and that is served or refused. */
    void fresh(Duration already) {
        ages.fresh(already);
        review();
    }

    /** What is to be served last agreed with the backend {@code age} ago, in an earlier process. */
    void agedAlready(Duration age) {
        driver.agedAlready(age);
        ages.agedAlready(age);
        review();
    }

    /** Takes notice of what has changed. */
    void review() {
        Freshness now;
        synchronized (this) {
            now = freshness();
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
        ages.close();
    }
}
