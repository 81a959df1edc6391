package io.authzengine.storage.driver;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.timing.LookTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A configured backend of policies. Thread-safe.
 *
 * <p>Life: {@link #init} connects and loads; {@link #start} (or the first {@link #watch}) follows the backend; {@link #stop} ends
 * that and can be undone; {@link #close} ends all. {@code init}, {@code start}, {@code stop} and {@code close} are idempotent.
 * {@code watch} may come before {@code init}. After {@code close} no listener is called and all but {@code close}, {@code id}
 * and {@code type} throw {@link IllegalStateException}, except that {@link #healthCheck} says so.
 *
 * <p>What was loaded stays until something better is: no failure takes a policy away, and a deletion needs a complete manifest
 * that lacks the entry.
 *
 * @sdd 4.1
 */
public interface StorageDriver extends AutoCloseable {
    /** The type of {@code driver-filesystem}. */
    String FILESYSTEM = "filesystem";
    /** The type of {@code driver-git}. */
    String GIT = "git";
    /** The type of {@code driver-database}. */
    String DATABASE = "database";
    /** The type of {@code driver-blob}. */
    String BLOB = "blob";
    /** The type of {@code driver-http}. */
    String HTTP = "http";
    /** The type of {@code driver-composite}. */
    String COMPOSITE = "composite";
    /** The type of the in-memory driver of {@code testkit}. */
    String MEMORY = "memory";

    /** Returns the name of this instance; unique within a store, the same after a restart, free of credentials. */
    String id();

    /** Returns what sort of backend it is: one of the constants here, or a type of your own. */
    String type();

    /**
     * Connects and loads. Blocks until the first load is over or has failed for good. A failed {@code init} can be repeated.
     *
     * @throws StorageException if the backend cannot be reached, refuses the credentials, or what is configured is not there;
     *     broken documents do not make it fail, they are errors in {@link #load}
     */
    void init();

    /** Begins to follow the backend. Does nothing if it does so already. */
    void start(StartOptions options);

    /**
     * Ends following the backend and waits for a look that is under way, {@code limit} at most.
     *
     * @return whether nothing is under way any more
     */
    boolean stop(Duration limit);

    /**
     * Returns all the driver has, as one cut, without asking the backend. No older than the last look that is over.
     *
     * @throws IllegalStateException before the first {@code init}, whether that succeeded or not, and after {@code close}
     */
    LoadResult load();

    /**
     * Looks at the backend now and waits for the outcome. Looks are never taken two at a time: one that is under way is waited
     * for, and then another is taken.
     *
     * @return whether what {@link #load} returns has changed
     * @throws StorageException if the look failed; what was there stays
     */
    boolean checkNow(CheckMode mode);

    /** Returns what there is to know of each policy without reading it, ordered by id. */
    default List<PolicyMetadata> listPolicies() {
        return load().policies().sorted().stream().map(Policy::metadata).toList();
    }

    /** Returns the policy called {@code id}; empty if there is none. */
    default Optional<Policy> getPolicy(PolicyId id) {
        return load().policies().find(id);
    }

    /** Returns all policies, ordered by id. */
    default List<Policy> getAllPolicies() {
        return load().policies().sorted();
    }

    /**
     * Returns why the policy called {@code id} says what it says, or why there is none. Reads documents that are held once more to find
     * the lines of rules, but never asks the backend.
     *
     * @throws IllegalStateException as {@link #load} does
     */
    default Explanation explain(PolicyId id) {
        return Explanation.of(id, load());
    }

    /**
     * Tells {@code listener} of all that is found from now on. Several may watch at once. Begins to follow the backend as soon as
     * the driver is initialised, unless it was stopped.
     */
    Subscription watch(PolicyChangeListener listener);

    /** Returns how far a load that is under way has got; empty if none is, or if the driver cannot tell. */
    default Optional<LoadProgress> progress() {
        return Optional.empty();
    }

    /**
     * Returns where the time of the last looks went that brought something to read, the latest of each backend; empty if there is none, or if
     * the driver cannot tell. Never throws, returns at once.
     */
    default List<LookTimes> lookTimes() {
        return List.of();
    }

    /** Returns how the driver is doing. Never throws, never asks the backend, returns at once. */
    HealthStatus healthCheck();

    /**
     * Returns how fresh what the driver holds is, by the ages its settings allow; {@link #onAged} tells when it grows worse. Never throws,
     * never asks the backend. A driver made of drivers returns the worst of theirs.
     */
    default Freshness freshness() {
        return Freshness.FRESH;
    }

    /**
     * Calls {@code listener} from now on, each time {@link #freshness} has grown worse, until the driver is closed. Whether anybody watches,
     * and whether the driver was started or stopped, makes no difference: what nobody looks at grows old too. That it is fresh again is
     * not told, as that comes with a look. The listener is called on the scheduler's thread or on that of a look, with no lock of the
     * driver held, and must not block; what it throws is logged.
     *
     * <p>Whoever overrides {@link #freshness} overrides this too. A driver made of drivers passes it on to each.
     *
     * @return ends it
     */
    default Subscription onAged(Runnable listener) {
        return () -> {};
    }

    /**
     * Returns how old what the last look brought was already when it was brought: zero, unless there is something between the driver and
     * where policies are written that says so, such as another store or a cache. Never throws, never asks the backend. A driver made of
     * drivers returns the greatest of theirs.
     */
    default Duration answerAge() {
        return Duration.ZERO;
    }

    /**
     * Says that what an earlier process left of this driver is served until a look comes back, and that it last agreed with the backend
     * {@code age} ago: that is how old the evidence is until then. Does nothing once a look has come back. A driver made of drivers says
     * it to each; one that keeps no age needs to do nothing.
     */
    default void agedAlready(Duration age) {}

    /**
     * Says what an earlier process served of this driver last, as far as it is known. Comes before {@link #init} and changes nothing that
     * the driver has. A driver made of drivers must not let what one says take the place of what another is not known to have given up,
     * which after a restart only this can tell, and says it to each; any other needs to do nothing.
     */
    default void servedBefore(PolicySnapshot last) {}

    /** Returns until when only forced looks are taken, as looks have failed; empty if none is held off. */
    default Optional<Instant> suppressedUntil() {
        return Optional.empty();
    }

    /** Ends all that runs and frees what is held. A look under way is interrupted. May be called from a listener. */
    @Override
    void close();
}
