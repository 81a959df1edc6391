package io.authzengine.storage.benchmarks;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.benchmarks.process.Baseline;
import io.authzengine.storage.driver.CheckMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Measures a reload of everything in a process that is warm, next to reading, hashing and parsing the same files in the same rounds: one that is
 * forced although nothing has changed, and one for which every file has changed.
 */
public final class ReloadBenchmark {
    private static final int WARM_UP = 4;
    private static final int ROUNDS = 7;

    private ReloadBenchmark() {}

    /** Takes numbers of policies to generate, or directories of policies. */
    public static void main(String[] args) throws Exception {
        for (String arg : args) {
            try (Scratch scratch = Scratch.create()) {
                Path directory = scratch.policies(arg);
                try (PolicyStore store =
                        PolicyStore.open(Stores.files(directory, "watch: false, rescanInterval: 1h"))) {
                    measure(store, directory);
                }
            }
        }
    }

    private static void measure(PolicyStore store, Path directory) throws Exception {
        List<Path> files = Baseline.files(directory);
        ObjectReader jackson = new YAMLMapper().reader();
        Map<String, Callable<?>> work = new LinkedHashMap<>();
        work.put("parse", () -> Baseline.parse(files, jackson));
        work.put("forced", () -> store.checkAndReload(CheckMode.FORCE));
        work.put("hash", () -> Baseline.hash(files));
        work.put("read", () -> Baseline.read(files));
        work.put("all-changed", () -> store.checkAndReload(CheckMode.IF_CHANGED));
        Map<String, long[]> times = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Map.Entry<String, Callable<?>> each : work.entrySet()) {
                if (each.getKey().equals("all-changed")) {
                    changeAll(files, round);
                }
                long begin = System.nanoTime();
                each.getValue().call();
                long nanos = System.nanoTime() - begin;
                if (round >= 0) {
                    times.computeIfAbsent(each.getKey(), name -> new long[ROUNDS])[round] = nanos;
                }
            }
        }
        int policies = store.current().size();
        times.forEach((name, nanos) -> Figures.tell("reload." + name, policies, "ms", Sample.millis(nanos)));
        for (String reload : List.of("forced", "all-changed")) {
            long[] these = times.getOrDefault(reload, new long[0]);
            for (String other : List.of("parse", "hash", "read")) {
                Figures.tell(
                        "reload." + reload + ".ratio." + other,
                        policies,
                        "x",
                        Sample.ratio(these, times.getOrDefault(other, new long[0])));
            }
        }
    }

    /** Replaces the last line of each policy, or adds one, so that files do not grow with the rounds. */
    static void changeAll(List<Path> files, int round) throws IOException {
        for (Path file : files) {
            if (file.toString().endsWith(".yaml")) {
                String text = Files.readString(file);
                int mark = text.lastIndexOf("# round ");
                Files.writeString(
                        file,
                        (mark < 0 ? text : text.substring(0, mark)) + "# round " + round + "\n",
                        StandardOpenOption.TRUNCATE_EXISTING);
            }
        }
    }
}
