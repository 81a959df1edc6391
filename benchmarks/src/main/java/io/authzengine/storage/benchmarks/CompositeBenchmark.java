package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Served;
import io.authzengine.storage.benchmarks.measure.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;

/**
 * Measures a store over a composite of three directories, with one policy in ten in two of them: the time to the first version served, and
 * from an atomic rename in one directory to its being served. Writes its own policies, below the temporary directory.
 */
public final class CompositeBenchmark {
    private static final int CHANGES = 100;
    private static final int WARM_UP = 20;
    private static final int OVERLAP = 10;
    private static final int PER_DIRECTORY = 1_000;
    private static final long SEED = 1;

    private static final String[] LAYERS = {"overrides", "team", "base"};

    private CompositeBenchmark() {}

    /** Runs for each number of policies and each strategy given, such as {@code 10000 first-wins}; prints one line. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int policies = Integer.parseInt(args[0]);
        String strategy = args[1];
        try (Scratch scratch = Scratch.create()) {
            write(scratch.directory(), policies);
            measure(scratch.directory(), policies, strategy);
        }
    }

    private static void measure(Path directory, int policies, String strategy)
            throws IOException, InterruptedException {
        StringBuilder yaml = new StringBuilder("driver: composite, composite: {mergeStrategy: ");
        yaml.append(strategy).append(", drivers: [");
        for (String layer : LAYERS) {
            yaml.append("{type: filesystem, id: ").append(layer).append(", paths: ['");
            yaml.append(directory.resolve(layer)).append("']}, ");
        }
        long started = System.nanoTime();
        try (PolicyStore store = PolicyStore.open(Stores.config(yaml + "]}"))) {
            long ready = System.nanoTime() - started;
            long[] times = renameToServed(store, directory, policies);
            int served = store.current().size();
            Figures.tell("composite." + strategy + ".start", served, "s", ready / 1e9);
            Figures.tell("composite." + strategy + ".rename", served, "ms", Sample.millis(times));
        }
    }

    /** Returns the times, in nanoseconds, from just before a rename to the subscriber's being told. */
    private static long[] renameToServed(PolicyStore store, Path directory, int policies)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[CHANGES];
        try (Served served = Served.by(store)) {
            for (int i = -WARM_UP; i < CHANGES; i++) {
                int number = random.nextInt(policies);
                Path file = file(directory, LAYERS[number % LAYERS.length], number);
                Path next = file.resolveSibling("." + file.getFileName() + ".next");
                Files.writeString(next, text(number, "change" + i));
                long before = System.nanoTime();
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                long time = served.await().nanos() - before;
                if (i >= 0) {
                    times[i] = time;
                }
            }
        }
        return times;
    }

    /** Each policy is in one layer, by its number; one in ten is in the next layer too, where the higher one hides it. */
    private static void write(Path directory, int policies) throws IOException {
        for (int i = 0; i < policies; i++) {
            int layer = i % LAYERS.length;
            write(file(directory, LAYERS[layer], i), text(i, "view"));
            if (i % OVERLAP == 0 && layer + 1 < LAYERS.length) {
                write(file(directory, LAYERS[layer + 1], i), text(i, "edit"));
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private static Path file(Path directory, String layer, int number) {
        return directory.resolve(layer).resolve("d" + number / PER_DIRECTORY).resolve("p" + number + ".yaml");
    }

    private static String text(int number, String action) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: resource_%d
                  version: default
                  rules:
                    - actions: ["%s"]
                      effect: EFFECT_ALLOW
                      roles: [user]
                      condition:
                        match:
                          expr: request.resource.attr.owner == request.principal.id
                """.formatted(number, action);
    }
}
