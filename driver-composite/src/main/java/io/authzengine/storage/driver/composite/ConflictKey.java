package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Policy;

/** When the policies of two drivers are about the same, so that only one of the drivers is heard. */
public enum ConflictKey {
    /** If they have the same id. */
    ID,
    /** If kind, name and scope are the same, whatever their declared versions: a driver is heard with all versions it has, or with none. */
    NAME;

    private static final String SEPARATOR = "\0"; // In no name.

    /** Returns what {@code policy} has in common with those it competes with. */
    String of(Policy policy) {
        return this == ID
                ? policy.id().value()
                : String.join(
                        SEPARATOR,
                        policy.kind().name(),
                        policy.metadata().name(),
                        policy.metadata().scope());
    }
}
