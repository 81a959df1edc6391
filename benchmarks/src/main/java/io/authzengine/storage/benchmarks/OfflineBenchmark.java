package io.authzengine.storage.benchmarks;

import io.authzengine.storage.Durability;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Measures what the offline copy costs and brings, each phase in a process of its own: {@code write} a copy and time commits to the disk,
 * {@code offline}, a start whose backend is not there, and {@code warm}, a start whose backend has not changed. Changes the directory
 * {@code write} is given: hand it a copy.
 */
public final class OfflineBenchmark {
    private static final int CHANGES = 50;
    private static final long SEED = 1;

    private OfflineBenchmark() {}

    /** Runs with phase, directory of policies and directory of the offline copy; prints one line. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String phase = args[0];
        Path policies = Path.of(args[1]).toAbsolutePath();
        Path cache = Path.of(args[2]).toAbsolutePath();
        long begun = System.nanoTime();
        Path source = phase.equals("offline") ? policies.resolveSibling("not-there") : policies;
        try (PolicyStore store = store(source, cache)) {
            store.start();
            long ready = System.nanoTime() - begun;
            Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
            double sinceProcess = Duration.between(started, Instant.now()).toMillis() / 1000.0;
            System.out.printf(
                    Locale.ROOT,
                    "%d policies, %s: version %d after %.2f s, %.2f s from the start of the process%n",
                    store.current().size(),
                    phase,
                    store.current().version().number(),
                    ready / 1e9,
                    sinceProcess);
            if (phase.equals("write")) {
                long durable = awaitDurable(store, begun);
                System.out.printf(Locale.ROOT, "first copy on the disk after %.2f s%n", durable / 1e9);
                commits(store, policies);
            }
        }
    }

    private static PolicyStore store(Path policies, Path cache) {
        String yaml = "storage:\n  id: benchmark\n  driver: filesystem\n  cacheDir: '" + cache + "'\n  initMode: "
                + InitMode.DEGRADED.name().toLowerCase(Locale.ROOT) + "\n  filesystem:\n    paths: ['" + policies
                + "']\n";
        return PolicyStore.builder(StorageConfig.parse(yaml, "benchmark", Map.of()))
                .build();
    }

    private static void commits(PolicyStore store, Path policies) throws IOException, InterruptedException {
        List<Policy> candidates =
                store.current().ofKind(PolicyKind.RESOURCE_POLICY).toList();
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            Path file = Path.of(
                    candidates.get(random.nextInt(candidates.size())).metadata().source());
            Path target = file.isAbsolute() ? file : policies.resolve(file);
            Path next = target.resolveSibling("." + target.getFileName() + ".next");
            Files.writeString(next, Files.readString(target) + "# change " + i + "\n");
            long before = store.current().version().number();
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
            while (store.current().version().number() == before) {
                Thread.onSpinWait();
            }
            times[i] = awaitDurable(store, System.nanoTime());
        }
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "commit of one policy to the disk: %.1f ms (p50) %.1f ms (p98) of %d%n",
                times[CHANGES / 2] / 1e6,
                times[CHANGES * 98 / 100] / 1e6,
                CHANGES);
    }

    private static long awaitDurable(PolicyStore store, long since) throws InterruptedException {
        while (store.status().durability().map(Durability::version).orElse(0L)
                < store.current().version().number()) {
            TimeUnit.MICROSECONDS.sleep(100);
        }
        return System.nanoTime() - since;
    }
}
