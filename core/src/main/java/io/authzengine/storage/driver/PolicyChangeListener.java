package io.authzengine.storage.driver;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.PolicyChangeSet;

/**
 * Told what a driver finds. Each listener is called by one thread at a time, in the order in which things were found, never while
 * the driver holds a lock. What it throws is logged and hurts nobody else; while it blocks, only its own calls wait.
 */
@FunctionalInterface
public interface PolicyChangeListener {
    /**
     * Policies have changed. If the listener fell behind, changes are not lost: those it missed arrive as one change set that
     * leads from what it last saw to what is now, with cause {@code resync}.
     */
    void onChange(PolicyChangeSet changes);

    /**
     * A look at the backend is over, whether or not anything had changed; comes after the {@link #onChange} of the same look.
     * {@code result} is what the driver has now, with the locations it could not take.
     */
    default void onLook(LoadResult result) {}

    /** A look at the backend failed; what the driver had stays. */
    default void onFailure(StorageException failure) {}
}
