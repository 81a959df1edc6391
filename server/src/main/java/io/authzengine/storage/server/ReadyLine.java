package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;

/** The line that says what is served where, once there is something to serve. */
final class ReadyLine implements AutoCloseable {
    private final PrintWriter out;
    private final InstantSource clock;
    private final PolicyStore store;
    private final String url;
    private final Subscription subscription;
    private boolean told; // Guarded by this.

    ReadyLine(PrintWriter out, InstantSource clock, PolicyStore store, String url) {
        this.out = out;
        this.clock = clock;
        this.store = store;
        this.url = url;
        this.subscription = store.subscribe(event -> tellOnce());
    }

    /** Says it if there is something to serve and it was not said before. */
    private synchronized void tellOnce() {
        PolicySnapshot current = store.current();
        if (told || current.version().isNone()) {
            return;
        }
        told = true;
        long millis = clock.millis() - ManagementFactory.getRuntimeMXBean().getStartTime();
        out.println("policyd is serving " + Counted.of(current.size(), "policy") + " on " + url + " (version "
                + current.version().number() + ", ready in " + millis + " ms)");
        out.flush();
    }

    /** Says it, or why there is nothing to serve yet. */
    synchronized void tell() {
        tellOnce();
        if (!told) {
            out.println("policyd listens on " + url + " and serves nothing yet: "
                    + Printable.text(store.status().health().message()));
            out.flush();
        }
    }

    /** Ends waiting for something to serve. */
    @Override
    public void close() {
        subscription.close();
    }
}
