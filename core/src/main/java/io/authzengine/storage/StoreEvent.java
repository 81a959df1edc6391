package io.authzengine.storage;

import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Something that happened to what is served. Told to each subscriber in order, after it is true. There are two families: an {@link Updated} is
 * a change set, all others tell how the store is doing.
 *
 * @see EventBus
 */
public sealed interface StoreEvent {
    /** Returns when it happened. */
    Instant at();

    /** Returns the version being served when it had happened. */
    PolicyVersion version();

    /** Returns what kind of event it is, as written in messages and settings, such as {@code policy.updated}. */
    String name();

    /**
     * Another set is being served, whether the source brought it, a change by hand or a rollback: {@link PolicyVersion#cause} tells.
     *
     * @param at when the swap was made
     * @param version the version now served
     * @param changes what leads to it from the version before; for a subscriber that fell behind, from the version it last saw, with
     *     cause {@code resync}
     */
    record Updated(Instant at, PolicyVersion version, PolicyChangeSet changes) implements StoreEvent {
        @Override
        public String name() {
            return "policy.updated";
        }
    }

    /**
     * A version was made and can be found in the history; comes after the change set that leads to it.
     *
     * @param at when it was made
     * @param version the version
     */
    record VersionCreated(Instant at, PolicyVersion version) implements StoreEvent {
        @Override
        public String name() {
            return "version.created";
        }
    }

    /**
     * An earlier set is served again. Told right after the {@link Updated} of the same version, which says what changed.
     *
     * @param at when the swap was made
     * @param version the version now served
     * @param from the version that was left
     * @param to the version whose set is served again
     */
    record RolledBack(Instant at, PolicyVersion version, PolicyVersion from, PolicyVersion to) implements StoreEvent {
        @Override
        public String name() {
            return "policy.rolled_back";
        }
    }

    /**
     * A candidate was refused; what was served stays. Told once for each candidate that differs from the last one refused.
     *
     * @param at when it was refused
     * @param version the version that stays
     * @param findings why; the errors among them are what must be mended
     * @param changes what it would have changed, as far as it could be read; its cause is {@code update} if it was made by hand
     * @param note what was said about it, and by whom, if it was made by hand
     */
    record Rejected(Instant at, PolicyVersion version, List<Finding> findings, PolicyChangeSet changes, Note note)
            implements StoreEvent {
        public Rejected {
            findings = List.copyOf(findings);
        }

        @Override
        public String name() {
            return "policy.validation_failed";
        }
    }

    /**
     * The backend could not be looked at; what was served stays. Told once until it can be again.
     *
     * @param at when it failed
     * @param version the version that stays
     * @param error what happened
     */
    record ReloadFailed(Instant at, PolicyVersion version, StorageException error) implements StoreEvent {
        @Override
        public String name() {
            return "reload.failed";
        }
    }

    /**
     * What is served has become older than the settings allow, and older still if told again.
     *
     * @param at when it did
     * @param version the version it was
     * @param freshness what that means; with {@link Freshness#FAILED_CLOSED} nothing is served any more until a look comes back
     * @param age since a look at the backend last came back
     */
    record Stale(Instant at, PolicyVersion version, Freshness freshness, Duration age) implements StoreEvent {
        @Override
        public String name() {
            return "store.stale";
        }
    }

    /**
     * After a refusal, a failure or a time of staleness, what is served is what the backend holds again.
     *
     * @param at since when
     * @param version the version being served
     */
    record Recovered(Instant at, PolicyVersion version) implements StoreEvent {
        @Override
        public String name() {
            return "store.recovered";
        }
    }

    /**
     * This subscriber was not told of all that happened. What can be made up for follows: how things stand, and, if it had seen a version
     * that is remembered, an {@link Updated} with cause {@code resync} from there. One that asked to go on from a version that is
     * forgotten begins anew with {@link PolicyStore#current}.
     *
     * @param at when it was told
     * @param version the version being served
     * @param missed how many events were dropped as it fell behind; 0 if the version it asked for is forgotten
     */
    record Resync(Instant at, PolicyVersion version, long missed) implements StoreEvent {
        @Override
        public String name() {
            return "resync";
        }
    }
}
