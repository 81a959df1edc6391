package io.authzengine.storage;

import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.List;
import java.util.Optional;

/** The sets a store has served, newest last; the oldest are forgotten first. Thread-safe. */
public interface PolicyHistory {
    /** Returns the versions that are remembered, oldest first. */
    List<PolicyVersion> versions();

    /** Returns the set served as version {@code number}; empty if there was none or it is forgotten. */
    Optional<PolicySnapshot> find(long number);

    /** Returns the set served before the current one; empty if there was none or it is forgotten. */
    Optional<PolicySnapshot> previous();
}
