package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * Measures a store over a directory of policies, in one process and one run: the time from process start to the first version served,
 * the heap that stays after garbage collection, and the time from an atomic rename of one file to its being served. Changes the
 * directory it is given: hand it a copy.
 */
public final class FilesystemBenchmark {
    private static final int CHANGES = 100;
    private static final long SEED = 1;

    private FilesystemBenchmark() {}

    /** Runs with the directory as the only argument; prints one line. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]).toAbsolutePath();
        String yaml = "storage:\n  driver: filesystem\n  filesystem:\n    paths: ['" + directory + "']\n";
        try (PolicyStore store = PolicyStore.open(StorageConfig.parse(yaml, "benchmark", Map.of()))) {
            Instant served = Instant.now();
            Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
            int policies = store.current().size();
            long heap = heapAfterCollection();
            long[] renames = renameToServed(store, directory);
            System.out.printf(
                    Locale.ROOT,
                    "%d policies: ready after %.2f s, %.2f KiB of heap a policy, rename to served %.0f ms (p50) %.0f ms (p99) of %d%n",
                    policies,
                    Duration.between(started, served).toMillis() / 1000.0,
                    heap / 1024.0 / policies,
                    renames[CHANGES / 2] / 1e6,
                    renames[CHANGES * 99 / 100] / 1e6,
                    CHANGES);
        }
    }

    private static long heapAfterCollection() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }

    /** Returns the sorted times, in nanoseconds, from just before a rename to the subscriber's being told. */
    private static long[] renameToServed(PolicyStore store, Path directory) throws IOException, InterruptedException {
        SynchronousQueue<PolicyId> told = new SynchronousQueue<>();
        List<Policy> candidates =
                store.current().ofKind(PolicyKind.RESOURCE_POLICY).toList();
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[CHANGES];
        Subscription subscription = store.subscribe(event -> tell(event, told));
        try {
            for (int i = 0; i < CHANGES; i++) {
                Policy policy = candidates.get(random.nextInt(candidates.size()));
                Path file = Path.of(policy.metadata().source());
                Path target = file.isAbsolute() ? file : directory.resolve(file);
                Path next = target.resolveSibling("." + target.getFileName() + ".next");
                Files.writeString(next, Files.readString(target) + "# change " + i + "\n");
                long before = System.nanoTime();
                Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
                PolicyId served = told.poll(30, TimeUnit.SECONDS);
                times[i] = System.nanoTime() - before;
                if (!policy.id().equals(served)) {
                    throw new IllegalStateException("changed " + policy.id() + ", but was told of " + served);
                }
            }
        } finally {
            subscription.close();
        }
        Arrays.sort(times);
        return times;
    }

    private static void tell(StoreEvent event, SynchronousQueue<PolicyId> told) {
        if (event instanceof StoreEvent.Updated updated) {
            for (PolicyChangeEvent change : updated.changes().events()) {
                try {
                    told.put(change.policyId());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
