package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.StorageContext;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A line on standard error that says how far a long load has got, if somebody can see it. */
final class ProgressLine {
    private static final long FIRST_MILLIS = 500;
    private static final long NEXT_MILLIS = 100;
    private static final String ERASE = "\r\u001b[K";

    private final PolicyStore store;
    private final StorageContext context;
    private final PrintWriter err;
    private boolean shown; // Guarded by this.

    ProgressLine(PolicyStore store, StorageContext context, PrintWriter err) {
        this.store = store;
        this.context = context;
        this.err = err;
    }

    /** Does {@code work}, showing the progress of the store until it is over. */
    void during(Runnable work) {
        ScheduledFuture<?> ticking = context.scheduler()
                .scheduleWithFixedDelay(this::show, FIRST_MILLIS, NEXT_MILLIS, TimeUnit.MILLISECONDS);
        try {
            work.run();
        } finally {
            ticking.cancel(false);
            erase();
        }
    }

    private synchronized void show() {
        Optional<String> text = store.progress()
                .map(progress -> "loading: " + progress.done() + " of " + progress.total() + " documents");
        if (text.isPresent() || shown) {
            err.print(ERASE + text.orElse(""));
            err.flush();
            shown = text.isPresent();
        }
    }

    private synchronized void erase() {
        if (shown) {
            shown = false;
            err.print(ERASE);
            err.flush();
        }
    }
}
