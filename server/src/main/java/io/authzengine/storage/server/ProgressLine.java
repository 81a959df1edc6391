package io.authzengine.storage.server;

import io.authzengine.storage.driver.LoadProgress;
import io.authzengine.storage.driver.StorageContext;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A line on standard error that says how far a long load has got, if somebody can see it. */
final class ProgressLine {
    private static final long FIRST_MILLIS = 500;
    private static final long NEXT_MILLIS = 100;
    private static final String ERASE = "\r\u001b[K";

    private final Supplier<Optional<LoadProgress>> load;
    private final StorageContext context;
    private final PrintWriter err;
    private boolean shown; // Guarded by this.

    ProgressLine(Supplier<Optional<LoadProgress>> load, StorageContext context, PrintWriter err) {
        this.load = load;
        this.context = context;
        this.err = err;
    }

    /** Does {@code work}, showing how far the load has got until it is over, if standard error is a terminal. */
    void during(Runnable work) {
        if (!Terminal.errShowsProgress()) {
            work.run();
            return;
        }
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
        Optional<String> text =
                load.get().map(progress -> "loading: " + progress.done() + " of " + progress.total() + " documents");
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
