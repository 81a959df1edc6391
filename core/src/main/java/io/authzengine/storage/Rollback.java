package io.authzengine.storage;

import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.Objects;

/**
 * A return to a set that was served before; one that fails throws instead, and what was served stays. Immutable.
 *
 * @param from the version that was left
 * @param to the version whose set is served again
 * @param version the version now served, made at its {@link PolicyVersion#createdAt}; {@code from}, if that had the same set already
 * @param policies how many policies are served
 * @param changes what the return changed
 */
public record Rollback(
        PolicyVersion from, PolicyVersion to, PolicyVersion version, int policies, PolicyChangeSet changes) {
    public Rollback {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(changes, "changes");
    }
}
