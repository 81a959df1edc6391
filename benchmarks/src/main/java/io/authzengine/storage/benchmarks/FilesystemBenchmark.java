package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Edits;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Served;
import io.authzengine.storage.benchmarks.measure.Stores;
import java.io.IOException;
import java.nio.file.Path;

/** Measures from just before the atomic rename of one file to a subscriber's being told, in a store over a directory that is watched. */
public final class FilesystemBenchmark {
    private static final int WARM_UP = 20;
    private static final int CHANGES = 200;

    private FilesystemBenchmark() {}

    /** Takes numbers of policies to generate, or directories of policies. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (String arg : args) {
            try (Scratch scratch = Scratch.create()) {
                Path directory = scratch.policies(arg);
                try (PolicyStore store = PolicyStore.open(Stores.files(directory, ""))) {
                    Figures.tell("files.rename", store.current().size(), "ms", Sample.millis(times(store, directory)));
                }
            }
        }
    }

    private static long[] times(PolicyStore store, Path directory) throws IOException, InterruptedException {
        Edits edits = new Edits(store, directory);
        long[] times = new long[CHANGES];
        try (Served served = Served.by(store)) {
            for (int i = -WARM_UP; i < CHANGES; i++) {
                Edits.Prepared edit = edits.prepare();
                long begin = System.nanoTime();
                edit.rename();
                long end = served.await(edit.id());
                if (i >= 0) {
                    times[i] = end - begin;
                }
            }
        }
        return times;
    }
}
