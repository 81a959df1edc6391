package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A {@code cacheDir} that the process may not write to, or not even read. For the superuser permissions are no obstacle, so the store
 * runs in a process that has no privileges.
 */
class UnwritableDirectoryTest {
    @TempDir
    private Path directory;

    private static StoreSettings settings(Path cache) {
        return StoreSettings.DEFAULT
                .withInitMode(InitMode.DEGRADED)
                .withDisk(new StoreSettings.Disk(Optional.of(cache), Optional.empty()));
    }

    private static PolicyStore store(FakeBackend backend, Path cache, StorageContext context) {
        return new PolicyStoreBuilder(backend::driver)
                .settings(settings(cache))
                .context(context)
                .build();
    }

    /** Starts without the backend, and then with it, and says how that went. */
    static final class Unprivileged {
        private Unprivileged() {}

        public static void main(String[] args) {
            FakeBackend backend = new FakeBackend();
            backend.failWith(new ConnectionFailedException(Problem.in("fake", "connection refused")));
            try (StorageContext context = StorageContext.create("unprivileged");
                    PolicyStore store = store(backend, Path.of(args[0]), context)) {
                store.start();
                say("alone: " + StoreByHand.mark(store.current(), "a"));
                backend.failWith(null);
                backend.put("a.yaml", Documents.resource("a", "two"));
                store.checkAndReload();
                say("together: " + StoreByHand.mark(store.current(), "a"));
                Optional<String> problem = Optional.empty();
                while (problem.isEmpty()) {
                    problem = store.status().durability().orElseThrow().problem();
                }
                say("problem: " + problem.get());
            }
        }

        private static void say(String what) {
            System.out.println(what);
        }
    }

    @BeforeEach
    void leaveACopy() {
        FakeBackend backend = new FakeBackend();
        backend.put("a.yaml", Documents.resource("a", "one"));
        try (StorageContext context = StorageContext.create("before");
                PolicyStore store = store(backend, cache(), context)) {
            store.start();
        }
    }

    @AfterEach
    void allowEverything() throws IOException {
        allow(cache(), "rwx------");
    }

    private Path cache() {
        return directory.resolve("cache");
    }

    private static void allow(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void thatIsReadOnlyIsServedFromAndCostsNothingElse() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(cache())) {
            for (Path file : files.toList()) {
                allow(file, "r--------");
            }
        }
        allow(cache(), "r-x------");

        assertThat(run())
                .satisfiesExactly(
                        alone -> assertThat(alone).isEqualTo("alone: one"),
                        together -> assertThat(together).isEqualTo("together: two"),
                        problem -> assertThat(problem)
                                .startsWith("problem: cacheDir " + cache())
                                .contains("this process can read and write", "What is served stays"));
    }

    @Test
    void thatMayNotBeReadCostsTheCopyAndNothingElse() throws IOException, InterruptedException {
        allow(cache(), "---------");

        assertThat(run())
                .satisfiesExactly(
                        alone -> assertThat(alone).isEqualTo("alone: -"),
                        together -> assertThat(together).isEqualTo("together: two"),
                        problem -> assertThat(problem)
                                .startsWith("problem: cacheDir " + cache())
                                .contains("this process can read and write"));
    }

    private List<String> run() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Unprivileged.class.getName(),
                cache().toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }
}
