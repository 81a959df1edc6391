package io.authzengine.storage;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.List;

/**
 * Something that happened to what is served. Told to each subscriber in order, after it is true.
 *
 * @see PolicyStore#subscribe
 */
public sealed interface StoreEvent {
    /** Returns when it happened. */
    Instant at();

    /** Returns the version being served when it had happened. */
    PolicyVersion version();

    /**
     * Another set is being served, whether the source brought it, a change by hand or a rollback: {@link PolicyVersion#cause} tells.
     *
     * @param at when the swap was made
     * @param version the version now served
     * @param changes what leads to it from the version before; for a subscriber that fell behind, from the version it last saw
     */
    record Updated(Instant at, PolicyVersion version, PolicyChangeSet changes) implements StoreEvent {}

    /**
     * An earlier set is served again. Told right after the {@link Updated} of the same version, which says what changed.
     *
     * @param at when the swap was made
     * @param version the version now served
     * @param from the version that was left
     * @param to the version whose set is served again
     */
    record RolledBack(Instant at, PolicyVersion version, PolicyVersion from, PolicyVersion to) implements StoreEvent {}

    /**
     * A candidate was refused; what was served stays. Told once for each candidate that differs from the last one refused.
     *
     * @param at when it was refused
     * @param version the version that stays
     * @param findings why; the errors among them are what must be mended
     */
    record Rejected(Instant at, PolicyVersion version, List<Finding> findings) implements StoreEvent {
        public Rejected {
            findings = List.copyOf(findings);
        }
    }

    /**
     * The backend could not be looked at; what was served stays. Told once until it can be again.
     *
     * @param at when it failed
     * @param version the version that stays
     * @param error what happened
     */
    record ReloadFailed(Instant at, PolicyVersion version, StorageException error) implements StoreEvent {}

    /**
     * After a refusal or a failure, what is served is what the backend holds again.
     *
     * @param at since when
     * @param version the version being served
     */
    record Recovered(Instant at, PolicyVersion version) implements StoreEvent {}
}
