package io.authzengine.storage.benchmarks.process;

import io.authzengine.storage.Durability;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Edits;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.config.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures what the offline copy costs and brings: commits to the disk, starts whose backend is not there, and starts whose backend has not
 * changed. Starts are whole processes, {@code policyd} and the least program that uses the library, next to one that only reads the copy's
 * bytes.
 */
public final class OfflineBenchmark {
    private static final int CHANGES = 50;
    private static final int ROUNDS = 5;

    private final Scratch scratch;
    private final int policies;

    private OfflineBenchmark(Scratch scratch, int policies) {
        this.scratch = scratch;
        this.policies = policies;
    }

    /** Takes numbers of policies to generate, or directories of policies. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (String arg : args) {
            try (Scratch scratch = Scratch.create()) {
                Path directory = scratch.policies(arg);
                int written = write(config(scratch, directory), directory);
                OfflineBenchmark benchmark = new OfflineBenchmark(scratch, written);
                benchmark.starts("offline", scratch.resolve("not-there"));
                benchmark.starts("offline.unchanged", directory);
                benchmark.copy();
            }
        }
    }

    private static Path config(Scratch scratch, Path policies) throws IOException {
        Path config = scratch.resolve("storage.yaml");
        Files.writeString(
                config,
                "storage: {id: benchmark, driver: filesystem, initMode: degraded, cacheDir: '"
                        + scratch.resolve("offline") + "', filesystem: {paths: ['" + policies + "']}}\n");
        return config;
    }

    private static int write(Path config, Path directory) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (PolicyStore store = PolicyStore.open(StorageConfig.load(config, Map.of()))) {
            int policies = store.current().size();
            Figures.tell("offline.first-copy", policies, "s", awaitDurable(store, begin) / 1e9);
            Edits edits = new Edits(store, directory);
            long[] times = new long[CHANGES];
            for (int i = 0; i < CHANGES; i++) {
                long before = store.current().version().number();
                edits.prepare().rename();
                while (store.current().version().number() == before) {
                    Thread.onSpinWait();
                }
                times[i] = awaitDurable(store, System.nanoTime());
            }
            Figures.tell("offline.commit", policies, "ms", Sample.millis(times));
            return policies;
        }
    }

    private static long awaitDurable(PolicyStore store, long since) throws InterruptedException {
        while (store.status().durability().map(Durability::version).orElse(0L)
                < store.current().version().number()) {
            TimeUnit.MICROSECONDS.sleep(100);
        }
        return System.nanoTime() - since;
    }

    private void starts(String name, Path source) throws IOException, InterruptedException {
        Path config = config(scratch, source);
        long[] policyd = new long[ROUNDS];
        long[] library = new long[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            long one = Programs.untilServing(Programs.policyd(Path.of("."), config), policies);
            long other = Programs.untilServing(
                    Programs.java(ServeFiles.class, Programs.LIBRARY, List.of(config.toString())), policies);
            if (round >= 0) {
                policyd[round] = one;
                library[round] = other;
            }
        }
        Figures.tell(name + ".policyd", policies, "s", Sample.seconds(policyd));
        Figures.tell(name + ".library", policies, "s", Sample.seconds(library));
    }

    private void copy() throws IOException, InterruptedException {
        long[] times = new long[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            long nanos = Programs.untilEnd(Programs.java(
                    Baseline.class,
                    Programs.JACKSON,
                    List.of("read", scratch.resolve("offline").toString())));
            if (round >= 0) {
                times[round] = nanos;
            }
        }
        Figures.tell("offline.read-bytes", policies, "s", Sample.seconds(times));
    }
}
