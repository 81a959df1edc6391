package io.authzengine.storage;

import static io.authzengine.storage.StoreByHand.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any interleaving of what the source brings, updates, rollbacks, reloads, pins and restarts of the process leaves one linear history
 * over all processes, whose every digest can be computed again; and a restart changes nothing of what is served.
 */
class RestartPropertyTest {
    private static final int SEEDS = 10;
    private static final int STEPS = 40;
    private static final Duration POLLS = Duration.ofSeconds(122);

    @Test
    void whateverIsDoneAndHoweverOftenItIsRestartedTheHistoryIsLinearAndTheSameSetIsServed(@TempDir Path directory) {
        for (long seed = 0; seed < SEEDS; seed++) {
            try (Run run = new Run(seed, directory.resolve("seed-" + seed))) {
                run.play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    /** One run: what it does is decided by its seed alone. */
    private static final class Run implements AutoCloseable {
        private final SplittableRandom random;
        private final Simulation sim;
        private final FakeBackend backend = new FakeBackend();
        private final StoreSettings settings;
        private final Map<Long, String> digests = new HashMap<>();
        private final Map<Long, PolicyVersion> versions = new HashMap<>();
        private PolicyStore store;
        private int fresh;

        Run(long seed, Path directory) {
            random = new SplittableRandom(seed);
            sim = Simulation.seeded(seed);
            int kept = random.nextInt(3);
            StoreSettings.Disk disk = new StoreSettings.Disk(
                    Optional.of(directory.resolve("cache")).filter(path -> kept != 0),
                    Optional.of(directory.resolve("history")).filter(path -> kept != 1));
            settings = StoreSettings.DEFAULT.withDisk(disk).withMaxVersions(2 + random.nextInt(6));
            backend.put("a.yaml", Documents.resource("a", mark()));
            store = started(InitMode.FAIL_FAST);
        }

        private PolicyStore started(InitMode mode) {
            PolicyStore made = new PolicyStoreBuilder(backend::driver)
                    .settings(settings.withInitMode(mode))
                    .context(new StorageContext(
                            sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await))
                    .build();
            made.start();
            return made;
        }

        @Override
        public void close() {
            store.close();
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                act();
                check();
            }
            restart();
            check();
        }

        private void act() {
            switch (random.nextInt(10)) {
                case 0, 1 -> source(name());
                case 2 -> store.update(change(), "update");
                case 3 -> trying(() -> store.history().rollbackToPrevious("previous"));
                case 4 -> trying(() -> store.history().rollback(number() - random.nextInt(4), "rollback"));
                case 5 -> pinOrUnpin();
                case 6 -> store.checkAndReload(random.nextBoolean() ? CheckMode.FORCE : CheckMode.IF_CHANGED);
                case 7, 8 -> restart();
                default -> sim.advance(POLLS);
            }
        }

        private String name() {
            return List.of("a", "b", "c").get(random.nextInt(3));
        }

        private String mark() {
            return random.nextBoolean() ? "m" + random.nextInt(3) : "fresh " + fresh++;
        }

        private void source(String name) {
            if (random.nextInt(4) == 0) {
                backend.remove(name + ".yaml");
            } else {
                backend.put(name + ".yaml", Documents.resource(name, mark()));
            }
        }

        private Map<PolicyId, Optional<Policy>> change() {
            String name = name();
            return Map.of(
                    StoreByHand.id(name),
                    random.nextInt(3) == 0 ? Optional.empty() : Optional.of(policy(name, mark())));
        }

        private void trying(Runnable action) {
            try {
                action.run();
            } catch (NoSuchElementException unknown) {
                assertThat(unknown).hasMessageContaining("remembered");
            }
        }

        private void pinOrUnpin() {
            if (random.nextBoolean()) {
                store.history().unpin();
            } else {
                store.history().pin("pin");
            }
        }

        private long number() {
            return store.current().version().number();
        }

        /** The next process serves what this one did as long as the source stands still, be the backend there or not. */
        private void restart() {
            sim.advance(POLLS);
            sim.advance(POLLS);
            PolicySnapshot served = store.current();
            List<StoreStatus.Departure> decisions = store.status().departures();
            store.close();
            boolean away = random.nextInt(3) == 0;
            if (away) {
                backend.failWith(new ConnectionFailedException(Problem.in("fake", "connection refused")));
            }
            store = started(away || random.nextBoolean() ? InitMode.DEGRADED : InitMode.FAIL_FAST);
            assertSameAs(served, decisions);
            backend.failWith(null);
            sim.advance(POLLS);
            sim.advance(POLLS);
            assertSameAs(served, decisions);
        }

        private void assertSameAs(PolicySnapshot served, List<StoreStatus.Departure> decisions) {
            assertThat(store.current().digest()).isEqualTo(served.digest());
            assertThat(store.status().departures()).isEqualTo(decisions);
        }

        private void check() {
            List<PolicyVersion> known = store.history().versions();
            for (int i = 0; i < known.size(); i++) {
                PolicyVersion version = known.get(i);
                PolicySnapshot snapshot = store.history().find(version.number()).orElseThrow();
                assertThat(version.number()).isEqualTo(number() - known.size() + 1 + i);
                assertThat(versions.computeIfAbsent(version.number(), number -> version))
                        .as("no number is given twice")
                        .isEqualTo(version);
                String digest = recomputed(snapshot);
                assertThat(snapshot.digest()).isEqualTo(digest);
                assertThat(digests.computeIfAbsent(version.number(), number -> digest))
                        .isEqualTo(digest);
                version.rolledBackTo().ifPresent(target -> assertThat(digests).containsEntry(target, digest));
            }
        }

        private static String recomputed(PolicySnapshot snapshot) {
            TreeMap<String, Policy> ordered = new TreeMap<>();
            snapshot.all().forEach(policy -> ordered.put(policy.id().value(), policy));
            StringBuilder lines = new StringBuilder();
            ordered.forEach((id, policy) -> lines.append(id)
                    .append(':')
                    .append(sha256(policy.raw().toByteArray()))
                    .append('\n'));
            return sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
        }

        private static String sha256(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
