package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.StorageContext;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A line on standard error that says how far a long load has got, if somebody can see it. */
final class ProgressLine implements AutoCloseable {
    private static final long FIRST_MILLIS = 500;
    private static final long NEXT_MILLIS = 100;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final @Nullable ScheduledFuture<?> ticking;
    private boolean shown; // Guarded by this.

    private ProgressLine(PolicyStore store, StorageContext context, PrintWriter err, boolean visible) {
        this.err = err;
        this.ticking = visible
                ? context.scheduler()
                        .scheduleWithFixedDelay(() -> show(store), FIRST_MILLIS, NEXT_MILLIS, TimeUnit.MILLISECONDS)
                : null;
    }

    /** Shows the progress of {@code store} until closed; nothing at all if {@code visible} is not set. */
    static ProgressLine of(PolicyStore store, StorageContext context, PrintWriter err, boolean visible) {
        return new ProgressLine(store, context, err, visible);
    }

    private synchronized void show(PolicyStore store) {
        Optional<String> text = store.progress()
                .map(progress -> "loading: " + progress.done() + " of " + progress.total() + " documents");
        if (text.isPresent() || shown) {
            err.print(ERASE + text.orElse(""));
            err.flush();
            shown = text.isPresent();
        }
    }

    /** Ends the line and takes it away. */
    @Override
    public synchronized void close() {
        if (ticking != null) {
            ticking.cancel(false);
        }
        if (shown) {
            shown = false;
            err.print(ERASE);
            err.flush();
        }
    }
}
