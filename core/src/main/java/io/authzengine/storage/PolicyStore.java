package io.authzengine.storage;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.driver.LoadProgress;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Serves policies from a driver, and keeps them current: never half a set, never one that did not pass the gates. Thread-safe.
 *
 * <pre>{@code
 * try (PolicyStore store = PolicyStore.open(StorageConfig.load(Path.of("storage.yaml")))) {
 *     store.subscribe(event -> log.info("{}", event));
 *     PolicySnapshot policies = store.current(); // pin one for each request
 * }
 * }</pre>
 */
public interface PolicyStore extends AutoCloseable {
    /**
     * Makes a store as configured, loads, and begins to follow the backend.
     *
     * @throws IllegalArgumentException naming all that is wrong with the configuration
     * @throws StorageException if there is nothing to serve and the configuration says to fail then
     */
    static PolicyStore open(StorageConfig config) {
        PolicyStore store = builder(config).build();
        try {
            store.start();
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        return store;
    }

    /** Returns a builder of a store over {@code driver}, which is closed with it. */
    static PolicyStoreBuilder builder(StorageDriver driver) {
        return new PolicyStoreBuilder(context -> driver);
    }

    /** Returns a builder of a store as configured. */
    static PolicyStoreBuilder builder(StorageConfig config) {
        return new PolicyStoreBuilder(config::openDriver).settings(config.settings());
    }

    /**
     * Returns what is being served: a single read, for any number of readers. Before the first load it is {@link
     * PolicySnapshot#NONE}, which holds nothing, so that an engine denies everything.
     */
    PolicySnapshot current();

    /** Loads and begins to follow the backend, as configured. Does nothing if it does so already. */
    default void start() {
        start(StartOptions.DEFAULT);
    }

    /**
     * Loads and begins to follow the backend. In degraded mode, once the offline copy is served, it waits for the first look for 2
     * seconds at most, and that goes on by itself.
     *
     * @throws StorageException if the first load fails, or a broken document keeps it from being served, and the store was told to fail
     *     then; it may be started again
     */
    void start(StartOptions options);

    /**
     * Ends following the backend and waits for a look under way, {@code limit} at most. What is served stays.
     *
     * @return whether nothing is under way any more
     */
    boolean stop(Duration limit);

    /** Looks at the backend now, and serves what is new if it passes the gates. */
    default boolean checkAndReload() {
        return checkAndReload(CheckMode.IF_CHANGED);
    }

    /**
     * Looks at the backend now and waits for the outcome.
     *
     * @return whether another set is being served
     * @throws StorageException if the look failed; what was served stays
     */
    boolean checkAndReload(CheckMode mode);

    /**
     * Looks at the backend unless what is served was compared with it less than {@code maxAge} ago; cheap enough for the start of a
     * request. Of many callers at once, one looks and the others return at once.
     *
     * @return whether another set is being served
     * @throws StorageException if the look failed; what was served stays
     */
    boolean checkAndReload(Duration maxAge);

    /**
     * Lets the candidate that is being held back for disappearing policies pass, once it has been looked at by somebody. What has come in
     * its place since is not let pass, as nobody has seen that.
     *
     * @param digest what the candidate was called when it was looked at: {@link ChangePlan#digest} of {@link #planSource}
     * @return whether another set is being served; it is not if nothing is being held back
     * @throws ConfirmationConflictException if another candidate is being held back by now; what was served stays
     */
    boolean confirm(String digest);

    /**
     * Begins changes by hand that are served together or not at all. They are on top of what the source brought, and last until the
     * source moves on: it is the source that is followed, unless the store is {@linkplain PolicyHistory#pin pinned}. Also before the first
     * load, on top of nothing; the first set of the source then takes the place of what was committed.
     */
    PolicyTransaction beginTransaction();

    /**
     * Makes {@code changes} to what is served, all of them or none: as a transaction that is begun and committed at once, so that nobody
     * can come in between.
     *
     * @param changes by id: put where a policy is given, removed where it is empty; {@link PolicySet#changesTo} makes those that lead
     *     to a whole new set
     * @return the version being served: a new one, or the one there is if nothing would change
     * @throws ValidationException if a gate refuses them, with all its findings; what was served stays
     * @throws IllegalArgumentException if a policy is given under an id that is not its own
     */
    PolicyVersion update(Map<PolicyId, Optional<Policy>> changes, Note note);

    /** Makes {@code changes}, by nobody in particular. */
    default PolicyVersion update(Map<PolicyId, Optional<Policy>> changes, String comment) {
        return update(changes, Note.of(comment));
    }

    /** Returns what {@link #update} would come to: the same gates judge the same candidate, and nothing of it is served. */
    ChangePlan plan(Map<PolicyId, Optional<Policy>> changes);

    /**
     * Returns what serving that would come to which the driver had at its last look: the same gates judge it, also while it is held back, or
     * set aside by a rollback or a pin. Nothing of it is served.
     *
     * @throws IllegalStateException before the driver has loaded anything, and after {@link #close}
     */
    ChangePlan planSource();

    /**
     * Tells {@code subscriber} of all that happens from now on, in order, on a thread of the store's. What it throws is logged and
     * hurts nobody else; one that falls behind is told of it by {@link StoreEvent.Resync}.
     */
    Subscription subscribe(Consumer<? super StoreEvent> subscriber);

    /** Returns the bus on which all that happens is told, for subscribers with wishes of their own. */
    EventBus events();

    /**
     * Tells {@code listener} of each operation the store has tried, for measuring. It is called by whoever does the work and must be
     * quick; what it throws is logged.
     */
    Subscription onOperation(Consumer<? super StoreOperation> listener);

    /**
     * Returns why the policy called {@code id} says what it says: who spoke, who was heard, where each rule comes from. Of what the driver
     * has at present, which is ahead of what is served while that is held back.
     *
     * @throws IllegalStateException before the driver has been asked to load, and after {@link #close}
     */
    Explanation explain(PolicyId id);

    /** Returns the sets that were served, and the ways back to them. */
    PolicyHistory history();

    /** Returns how far a load that is under way has got; empty if none is, or if the driver cannot tell. */
    Optional<LoadProgress> progress();

    /** Returns how the store is doing. Never throws, never asks the backend. */
    StoreStatus status();

    /** Returns what was counted since the store was made; cheaper than the whole status. */
    StoreCounters counters();

    /** Ends all that runs, and closes the driver. Idempotent. What was served can still be read. */
    @Override
    void close();
}
