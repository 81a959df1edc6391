package io.authzengine.storage.faults;

import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.PolicyChangeSet;

/** A listener that is told through a gate. */
final class FaultyListener implements PolicyChangeListener {
    private final PolicyChangeListener listener;
    private final EventGate events;

    FaultyListener(PolicyChangeListener listener, EventGate events) {
        this.listener = listener;
        this.events = events;
    }

    @Override
    public void onChange(PolicyChangeSet changes) {
        events.pass("onChange", () -> listener.onChange(changes));
    }

    @Override
    public void onLook(LoadResult result) {
        events.pass("onLook", () -> listener.onLook(result));
    }

    @Override
    public void onFailure(StorageException failure) {
        events.pass("onFailure", () -> listener.onFailure(failure));
    }
}
