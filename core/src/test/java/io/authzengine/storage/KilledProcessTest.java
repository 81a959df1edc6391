package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that commits, again and again in one directory: what is found then is whole, and not older than what was acknowledged.
 * The kernel keeps what a killed process wrote, so this is not about bringing things to the disk; that is for {@code ArchiveTest}.
 */
class KilledProcessTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 8);
    private static final long SEED = Long.getLong("kill.seed", 1);

    private static StoreSettings settings(Path directory) {
        return StoreSettings.DEFAULT
                .withInitMode(InitMode.DEGRADED)
                .withDisk(new StoreSettings.Disk(
                        Optional.of(directory.resolve("cache")), Optional.of(directory.resolve("history"))));
    }

    /** Commits without end, and says which versions are acknowledged. */
    static final class Committer {
        private Committer() {}

        public static void main(String[] args) {
            FakeBackend backend = new FakeBackend();
            StorageContext context = StorageContext.create("committer");
            PolicyStore store = new PolicyStoreBuilder(backend::driver)
                    .settings(settings(Path.of(args[0])))
                    .context(context)
                    .build();
            SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
            backend.change(linked(random.nextLong()));
            store.start();
            long told = 0;
            while (true) {
                long durable = store.status().durability().orElseThrow().version();
                if (durable != told) {
                    System.out.println(durable);
                    told = durable;
                    if (System.out.checkError()) {
                        return; // Whoever was to kill this process has been killed.
                    }
                }
                if (random.nextInt(3) == 0) {
                    backend.change(linked(random.nextLong()));
                    store.checkAndReload();
                }
            }
        }

        private static Map<String, Optional<String>> linked(long mark) {
            return Stream.of("a", "b", "c")
                    .collect(Collectors.toMap(
                            name -> name + ".yaml", name -> Optional.of(Documents.resource(name, "mark " + mark))));
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aKilledProcessLeavesAWholeSetNotOlderThanTheLastAcknowledged(@TempDir Path directory)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        long before = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            String what = "seed " + SEED + ", round " + round;
            long acknowledged = killWhileCommitting(directory, random);
            assertThat(acknowledged).as(what).isGreaterThan(before);
            PolicySnapshot found = reopen(directory, what);
            before = found.version().number();
            assertThat(before).as(what).isGreaterThanOrEqualTo(acknowledged);
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aSecondProcessIsRefusedTheDirectoryByTheNumberOfTheFirst(@TempDir Path directory)
            throws IOException, InterruptedException {
        Process first = committer(directory, 1);
        try (BufferedReader told =
                        new BufferedReader(new InputStreamReader(first.getInputStream(), StandardCharsets.UTF_8));
                StorageContext context = StorageContext.create("second");
                PolicyStore second = new PolicyStoreBuilder(new FakeBackend()::driver)
                        .settings(settings(directory))
                        .context(context)
                        .build()) {
            assertThat(told.readLine()).isNotNull();
            assertThatThrownBy(second::start)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("in use by process " + first.pid())
                    .hasMessageContaining("end the other one first");
            first.toHandle().destroyForcibly();
        } finally {
            first.destroyForcibly().waitFor();
        }
        reopen(directory, "after the first process has ended");
    }

    private static Process committer(Path directory, long seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Committer.class.getName(),
                        directory.toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Returns the last version the process said was acknowledged. */
    private static long killWhileCommitting(Path directory, SplittableRandom random)
            throws IOException, InterruptedException {
        Process process = committer(directory, random.nextLong());
        long acknowledged = 0;
        int lives = 1 + random.nextInt(60);
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                acknowledged = Long.parseLong(line);
                lives--;
                if (lives == 0) {
                    for (int wait = random.nextInt(200_000); wait > 0; wait--) {
                        Thread.onSpinWait();
                    }
                    process.toHandle().destroyForcibly(); // Unlike the process it leaves open what is still to be read.
                }
            }
        } catch (NumberFormatException cut) {
            assertThat(lives).as("a line may be cut by the kill alone").isNotPositive();
        } finally {
            process.destroyForcibly().waitFor();
        }
        return acknowledged;
    }

    private static PolicySnapshot reopen(Path directory, String what) {
        FakeBackend nothing = new FakeBackend();
        nothing.failWith(new ConnectionFailedException(Problem.in("fake", "connection refused")));
        try (StorageContext context = StorageContext.create("reopened");
                PolicyStore store = new PolicyStoreBuilder(nothing::driver)
                        .settings(settings(directory))
                        .context(context)
                        .build()) {
            store.start();
            assertThat(store.status().durability().flatMap(Durability::problem))
                    .as(what)
                    .isEmpty();
            for (var version : store.history().versions()) {
                assertWhole(store.history().find(version.number()).orElseThrow(), what);
            }
            return store.current();
        }
    }

    private static void assertWhole(PolicySnapshot set, String what) {
        List<String> marks = Stream.of("a", "b", "c")
                .map(name -> set.find(PolicyId.ofResource(name, "default", "")))
                .map(policy -> policy.orElseThrow().content().header().description())
                .distinct()
                .toList();
        assertThat(marks).as(what).hasSize(1);
        assertThat(Objects.requireNonNull(marks.get(0))).startsWith("mark ");
    }
}
