package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Edits;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Memory;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.benchmarks.process.Baseline;
import io.authzengine.storage.driver.CheckMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures what a store over a directory keeps on the heap, all of the process included: at its first version, with a history of ten versions
 * each of which changed one policy in a hundred, and at most while everything is loaded again, as a ratio to what it keeps afterwards.
 */
public final class HeapBenchmark {
    private static final int VERSIONS = 10;
    private static final int OF_A_HUNDRED = 1;
    private static final double KIBIBYTE = 1024;

    private HeapBenchmark() {}

    /** Takes one number of policies to generate, or a directory of policies. */
    public static void main(String[] args) throws Exception {
        try (Scratch scratch = Scratch.create()) {
            Path directory = scratch.policies(args[0]);
            long text = 0;
            for (Path file : Baseline.files(directory)) {
                text += Files.size(file);
            }
            try (PolicyStore store = PolicyStore.open(Stores.files(directory, "watch: false, rescanInterval: 1h"))) {
                int policies = store.current().size();
                Figures.tell("heap.text", policies, "KiB", text / KIBIBYTE / policies);
                Figures.tell("heap.first-version", policies, "KiB", Memory.retained() / KIBIBYTE / policies);
                makeHistory(store, directory);
                long steady = Memory.retained();
                Figures.tell("heap.with-history", policies, "KiB", steady / KIBIBYTE / policies);
                long peak = Memory.peak(() -> store.checkAndReload(CheckMode.FORCE));
                Figures.tell("heap.peak.forced", policies, "x", (double) peak / Memory.retained());
                ReloadBenchmark.changeAll(Baseline.files(directory), 1);
                long before = Memory.retained();
                peak = Memory.peak(() -> store.checkAndReload(CheckMode.IF_CHANGED));
                Figures.tell("heap.peak.all-changed", policies, "x", (double) peak / Memory.retained());
                Figures.tell("heap.peak.all-changed.of-before", policies, "x", (double) peak / before);
            }
        }
    }

    private static void makeHistory(PolicyStore store, Path directory) throws IOException {
        Edits edits = new Edits(store, directory);
        int changes = Math.max(1, store.current().size() * OF_A_HUNDRED / 100);
        for (int version = 1; version < VERSIONS; version++) {
            for (int i = 0; i < changes; i++) {
                edits.prepare().rename();
            }
            if (!store.checkAndReload()) {
                throw new IllegalStateException("nothing new is being served");
            }
        }
        if (store.history().versions().size() != VERSIONS) {
            throw new IllegalStateException(
                    "there are " + store.history().versions().size() + " versions");
        }
    }
}
