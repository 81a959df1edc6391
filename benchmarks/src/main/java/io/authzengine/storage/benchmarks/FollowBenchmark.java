package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.server.http.PolicydServer;
import io.authzengine.storage.server.http.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long after a change is served by one policyd it is served by another that follows it by its events, over loopback: from
 * one subscriber's being told to the other's. Changes the directory it is given: hand it a copy.
 */
public final class FollowBenchmark {
    private static final int WARM_UP = 50;
    private static final int CHANGES = 200;
    private static final long SEED = 1;

    private FollowBenchmark() {}

    /** Runs with the directory as the only argument; prints one line. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]).toAbsolutePath();
        try (StorageContext context = StorageContext.create("benchmark");
                PolicyStore upstream =
                        open(context, "driver: filesystem\n  filesystem: {paths: ['" + directory + "']}\n");
                PolicydServer server = PolicydServer.start(
                        new ServerSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false),
                        upstream,
                        context);
                PolicyStore downstream = open(
                        context,
                        "driver: http\n  http: {urls: ['" + server.url()
                                + "/api/bundle'], hint: sse, pollInterval: 1h}\n")) {
            long[] times = upstreamToDownstream(upstream, downstream, directory);
            System.out.printf(
                    Locale.ROOT,
                    "%d policies: served upstream to served downstream %.1f ms (p50) %.1f ms (p99) of %d%n",
                    downstream.current().size(),
                    times[CHANGES / 2] / 1e6,
                    times[CHANGES * 99 / 100] / 1e6,
                    CHANGES);
        }
    }

    private static PolicyStore open(StorageContext context, String storage) {
        PolicyStore store = PolicyStore.builder(StorageConfig.parse("storage:\n  " + storage, "benchmark", Map.of()))
                .context(context)
                .build();
        store.start();
        return store;
    }

    /** Returns the sorted times in nanoseconds. */
    private static long[] upstreamToDownstream(PolicyStore upstream, PolicyStore downstream, Path directory)
            throws IOException, InterruptedException {
        LinkedBlockingQueue<Long> up = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Long> down = new LinkedBlockingQueue<>();
        List<Policy> candidates =
                upstream.current().ofKind(PolicyKind.RESOURCE_POLICY).toList();
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[CHANGES];
        Subscription first = upstream.subscribe(event -> tell(event, up));
        Subscription second = downstream.subscribe(event -> tell(event, down));
        try {
            for (int i = 0; i < WARM_UP + CHANGES; i++) {
                Policy policy = candidates.get(random.nextInt(candidates.size()));
                Path file = directory.resolve(policy.metadata().source());
                Path next = file.resolveSibling("." + file.getFileName() + ".next");
                Files.writeString(next, Files.readString(file) + "# change " + i + "\n");
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                long time = -await(up) + await(down);
                if (i >= WARM_UP) {
                    times[i - WARM_UP] = time;
                }
            }
        } finally {
            first.close();
            second.close();
        }
        Arrays.sort(times);
        return times;
    }

    private static long await(LinkedBlockingQueue<Long> told) throws InterruptedException {
        Long at = told.poll(30, TimeUnit.SECONDS);
        if (at == null) {
            throw new IllegalStateException("nothing was told for half a minute");
        }
        return at;
    }

    private static void tell(StoreEvent event, LinkedBlockingQueue<Long> told) {
        if (event instanceof StoreEvent.Updated) {
            told.add(System.nanoTime());
        }
    }
}
