package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Memory;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.git.GitConfig;
import io.authzengine.storage.driver.git.GitDriverProvider;
import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Measures a git driver over HTTP on this machine: bytes and time of the first load, of a poll that finds nothing, of a commit of one file
 * from being told, as a webhook does, to being served, and heap, handles and disk after many of each. Heap and handles include those of the server and of the
 * repository it serves, which are in the same process.
 */
public final class GitBenchmark {
    private static final int FILES = 10_000;
    private static final int COMMITS = 1_000;
    private static final int POLLS = 10_000;
    private static final int PER_DIRECTORY = 100;
    private static final int STEP = 7;

    private final Origin origin;
    private final GitHttpServer server;
    private final PolicyStore policies;
    private final Path store;

    private GitBenchmark(Origin origin, GitHttpServer server, PolicyStore policies, Path store) {
        this.origin = origin;
        this.server = server;
        this.policies = policies;
        this.store = store;
    }

    /** Runs without arguments; prints a few lines. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Scratch scratch = Scratch.create();
                Origin origin = Origin.create(scratch.resolve("origin.git"));
                GitHttpServer server = GitHttpServer.start(origin.repository());
                StorageContext context = StorageContext.create("benchmark")) {
            for (int i = 0; i < FILES; i++) {
                origin.with(path(i), policy(i, "view"));
            }
            origin.commit("all");
            for (int i = 0; i < COMMITS; i++) {
                origin.with(path(i), policy(i, "before" + i)).commit("edit");
            }
            origin.pack();
            Path store = scratch.resolve("local");
            GitConfig config = GitConfig.of(server.url()).withLocalPath(store);
            StorageDriver driver = new GitDriverProvider().create(config, context);
            try (PolicyStore policies = PolicyStore.builder(driver).build()) {
                new GitBenchmark(origin, server, policies, store).run();
            }
        }
    }

    private static String path(int number) {
        return "policies/d" + number / PER_DIRECTORY + "/p" + number + ".yaml";
    }

    private static String policy(int number, String action) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: document%d
                  version: default
                  rules:
                    - actions: [%s, "edit"]
                      effect: EFFECT_ALLOW
                      roles: [user, "team%d"]
                """.formatted(number, action, number % PER_DIRECTORY);
    }

    private void run() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        policies.start();
        double seconds = (System.nanoTime() - begin) / 1e9;
        print(
                "first load of %d policies: %.2f s, %d bytes, %d requests",
                policies.current().size(), seconds, server.sent(), server.requests());
        long heap = Memory.retained();
        long handles = handles();
        measure("poll", POLLS, i -> {});
        print(
                "after %d polls: heap %d -> %d KiB, open handles %d -> %d",
                POLLS, heap / 1024, Memory.retained() / 1024, handles, handles());
        measure("commit", COMMITS, this::edit);
        print(
                "after %d commits: heap %d KiB, open handles %d, local repository %d KiB",
                COMMITS, Memory.retained() / 1024, handles(), size(store) / 1024);
    }

    private void edit(int number) {
        int file = number * STEP % FILES;
        origin.with(path(file), policy(file, "after" + number)).commit("edit");
    }

    private void measure(String what, int times, IntConsumer before) {
        long[] nanos = new long[times];
        long bytes = server.sent();
        int requests = server.requests();
        for (int i = 0; i < times; i++) {
            before.accept(i);
            long begin = System.nanoTime();
            policies.checkAndReload();
            nanos[i] = System.nanoTime() - begin;
        }
        Figures.tell("git." + what, FILES, "ms", Sample.millis(nanos));
        Figures.tell("git." + what + ".answered", FILES, "bytes", (server.sent() - bytes) / (double) times);
        Figures.tell("git." + what + ".requests", FILES, "requests", (server.requests() - requests) / (double) times);
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static long handles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
