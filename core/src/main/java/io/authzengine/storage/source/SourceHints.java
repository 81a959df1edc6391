package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.timing.Phase;
import io.authzengine.storage.timing.PhaseTimer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Listens to the source's hints, gathers them, and begins again, with back-off, when the source's watch was lost. Thread-safe: the
 * loop begins, the source's watch ends.
 */
final class SourceHints implements PolicySource.HintListener {
    private final PolicySource source;
    private final Calls calls;
    private final SyncRecorder recorder;
    private final StorageContext context;
    private final BackOff backOff;
    private final HintGate gate;
    // All four guarded by this.
    private boolean listening;
    private boolean pending;
    private int losses;
    private long restartAt;

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
        this.context = context;
        this.backOff = new BackOff(settings, context.random());
        this.gate = new HintGate(context, settings.quietPeriod(), settings.maxHintDelay(), loop::hint);
    }

    /**
     * Begins to listen if that is not so already and the watch was not lost a moment ago. Called by the loop before each listing, so
     * that nothing can change unseen between the listing and the watch.
     */
    void listen(PhaseTimer timer) {
        synchronized (this) {
            if (listening || (losses > 0 && now() - restartAt < 0)) {
                return;
            }
            listening = true;
            pending = false;
        }
        recorder.watching(SyncStatus.Watch.ACTIVE);
        try {
            timer.run(
                    Phase.Kind.WATCH,
                    () -> calls.make("starting the watch", () -> {
                        source.onHint(this);
                        return true;
                    }));
            if (!isPending()) {
                holds();
            }
        } catch (StorageException e) {
            ended(e);
        }
    }

    private synchronized boolean isPending() {
        return pending;
    }

    @Override
    public synchronized void pending() {
        pending = true;
    }

    @Override
    public void holds() {
        synchronized (this) {
            if (!listening) {
                return;
            }
            pending = false;
            losses = 0; // Only now: a backend that refuses each time is asked less and less often.
        }
        recorder.watchHolds();
    }

    @Override
    public void lookNow() {
        gate.hint();
    }

    @Override
    public void lost(StorageException reason) {
        ended(reason);
        gate.hint(); // What changed just before may not have been told.
    }

    private void ended(StorageException reason) {
        Duration pause;
        synchronized (this) {
            if (!listening || calls.areOver()) {
                return;
            }
            listening = false;
            losses++;
            pause = backOff.suppression(losses);
            restartAt = now() + pause.toNanos();
        }
        recorder.watching(new SyncStatus.Watch(
                SyncStatus.Watch.State.LOST, reason.getMessage() + "; polling goes on, the watch is started again"));
        try {
            // The look that this leads to starts the watch again.
            context.scheduler().schedule(gate::hint, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return; // The context was closed: nobody will look any more.
        }
    }

    private long now() {
        return context.ticker().getAsLong();
    }

    @Override
    public void pollingOnly(String reason) {
        recorder.watching(new SyncStatus.Watch(SyncStatus.Watch.State.POLLING_ONLY, reason));
    }
}
