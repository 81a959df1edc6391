package io.authzengine.storage.benchmarks.process;

import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures from the start of a process to its serving the policies of a directory, by {@code policyd} and by the least program that uses the
 * library, and in the same rounds bare programs that read, hash and parse the same files. With the system property {@code before}, the root of
 * another checkout that has been built, its {@code policyd} too.
 */
public final class StartBenchmark {
    private static final int MOST_ROUNDS = 7;

    private StartBenchmark() {}

    /** Something to start; returns how many nanoseconds it took. */
    private interface Start {
        long run() throws IOException, InterruptedException;
    }

    /** Takes numbers of policies to generate, or directories of policies. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (String policies : args) {
            try (Scratch scratch = Scratch.create()) {
                measure(scratch, scratch.policies(policies));
            }
        }
    }

    private static void measure(Scratch scratch, Path directory) throws IOException, InterruptedException {
        int policies = (int) Baseline.files(directory).stream()
                .filter(file -> !file.toString().endsWith(".json"))
                .count();
        Path config = scratch.resolve("storage.yaml");
        Files.writeString(config, "storage: {driver: filesystem, filesystem: {paths: ['" + directory + "']}}\n");
        Map<String, Start> starts = new LinkedHashMap<>();
        starts.put("policyd", () -> Programs.untilServing(Programs.policyd(Path.of("."), config), policies));
        starts.put("parse", () -> baseline("parse", directory));
        starts.put(
                "library",
                () -> Programs.untilServing(
                        Programs.java(ServeFiles.class, Programs.LIBRARY, List.of(config.toString())), policies));
        starts.put("hash", () -> baseline("hash", directory));
        starts.put("read", () -> baseline("read", directory));
        String before = System.getProperty("before", "");
        if (!before.isEmpty()) {
            starts.put("before", () -> Programs.untilServing(Programs.policyd(Path.of(before), config), policies));
        }
        tell(policies, run(starts, rounds(policies)));
    }

    private static long baseline(String what, Path directory) throws IOException, InterruptedException {
        return Programs.untilEnd(Programs.java(Baseline.class, Programs.JACKSON, List.of(what, directory.toString())));
    }

    private static int rounds(int policies) {
        return policies <= 1_000 ? MOST_ROUNDS : policies <= 10_000 ? 5 : policies <= 50_000 ? 3 : 1;
    }

    /** Returns the nanoseconds of each in each round. The first that are run at all are not counted, but bring the programs into memory. */
    private static Map<String, long[]> run(Map<String, Start> starts, int rounds)
            throws IOException, InterruptedException {
        Map<String, long[]> times = new LinkedHashMap<>();
        for (int round = rounds == MOST_ROUNDS ? -1 : 0; round < rounds; round++) {
            for (Map.Entry<String, Start> start : starts.entrySet()) {
                long nanos = start.getValue().run();
                if (round >= 0) {
                    times.computeIfAbsent(start.getKey(), name -> new long[rounds])[round] = nanos;
                }
            }
        }
        return times;
    }

    private static void tell(int policies, Map<String, long[]> times) {
        times.forEach((name, nanos) -> Figures.tell("start." + name, policies, "s", Sample.seconds(nanos)));
        long[] policyd = times.getOrDefault("policyd", new long[0]);
        times.forEach((name, nanos) -> {
            if (!name.equals("policyd")) {
                Figures.tell("start.ratio." + name, policies, "x", Sample.ratio(policyd, nanos));
            }
        });
    }
}
