package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Edits;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Served;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.server.http.PolicydServer;
import io.authzengine.storage.server.http.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Measures how long after a change is served by one policyd it is served by another that follows it by its events, over loopback: from
 * one subscriber's being told to the other's.
 */
public final class FollowBenchmark {
    private static final int WARM_UP = 50;
    private static final int CHANGES = 200;

    private FollowBenchmark() {}

    /** Takes numbers of policies to generate, or directories of policies. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (String arg : args) {
            try (Scratch scratch = Scratch.create()) {
                measure(scratch.policies(arg));
            }
        }
    }

    private static void measure(Path directory) throws IOException, InterruptedException {
        try (StorageContext context = StorageContext.create("benchmark");
                PolicyStore upstream = open(context, "driver: filesystem, filesystem: {paths: ['" + directory + "']}");
                PolicydServer server = PolicydServer.start(
                        new ServerSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false),
                        upstream,
                        context);
                PolicyStore downstream = open(
                        context,
                        "driver: http, http: {urls: ['" + server.url()
                                + "/api/bundle'], hint: sse, pollInterval: 1h}")) {
            long[] times = upstreamToDownstream(upstream, downstream, directory);
            Figures.tell("follow", downstream.current().size(), "ms", Sample.millis(times));
        }
    }

    private static PolicyStore open(StorageContext context, String storage) {
        PolicyStore store =
                PolicyStore.builder(Stores.config(storage)).context(context).build();
        store.start();
        return store;
    }

    /** Returns the times in nanoseconds. */
    private static long[] upstreamToDownstream(PolicyStore upstream, PolicyStore downstream, Path directory)
            throws IOException, InterruptedException {
        Edits edits = new Edits(upstream, directory);
        long[] times = new long[CHANGES];
        try (Served up = Served.by(upstream);
                Served down = Served.by(downstream)) {
            for (int i = -WARM_UP; i < CHANGES; i++) {
                Edits.Prepared edit = edits.prepare();
                edit.rename();
                long time = -up.await(edit.id()) + down.await(edit.id());
                if (i >= 0) {
                    times[i] = time;
                }
            }
        }
        return times;
    }
}
