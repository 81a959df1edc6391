package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;

/** Listens to the source's hints, gathers them, and begins again when the source's watch was lost. */
final class SourceHints implements PolicySource.HintListener {
    private final PolicySource source;
    private final Calls calls;
    private final SyncRecorder recorder;
    private final HintGate gate;
    // Written by the loop, and by the source's watch when it is lost.
    private volatile boolean listening;

    SourceHints(
            PolicySource source,
            Calls calls,
            StorageContext context,
            SyncSettings settings,
            SyncRecorder recorder,
            SyncLoop loop) {
        this.source = source;
        this.calls = calls;
        this.recorder = recorder;
        this.gate = new HintGate(context, settings.quietPeriod(), settings.maxHintDelay(), loop::hint);
    }

    /** Begins to listen if that is not so already; called by the loop after each look that came back. */
    void listen() {
        if (listening) {
            return;
        }
        listening = true;
        recorder.watching(SyncStatus.Watch.ACTIVE);
        try {
            calls.make("starting the watch", () -> {
                source.onHint(this);
                return true;
            });
        } catch (StorageException e) {
            lost(e);
        }
    }

    @Override
    public void lookNow() {
        gate.hint();
    }

    @Override
    public void lost(StorageException reason) {
        listening = false;
        recorder.watching(new SyncStatus.Watch(
                SyncStatus.Watch.State.LOST, reason.getMessage() + "; polling goes on, the watch is started again"));
        gate.hint();
    }

    @Override
    public void pollingOnly(String reason) {
        recorder.watching(new SyncStatus.Watch(SyncStatus.Watch.State.POLLING_ONLY, reason));
    }
}
