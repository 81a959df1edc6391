package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Loop and store on the simulated clock, with faults in every call to the backend: each seed is a run of its own, the same each time.
 * First faults with edits, when nothing wrong may ever be served; then, with the faults gone, what the backend holds must be.
 *
 * <p>{@code -Dsimulation.seeds=N} chooses how many runs are made, {@code -Dsimulation.seed=N} makes that one alone.
 */
class FaultSimulationTest {
    private static final String ONE = "simulation.seed";
    private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);
    private static final int STEPS = 12;
    private static final int REREAD = 64;
    private static final Duration HEALED = Duration.ofMinutes(5);

    @Test
    void nothingUnapprovedIsServedAndAllArrivesOnceTheFaultsAreGone() {
        Long one = Long.getLong(ONE);
        int threads = Thread.activeCount();
        (one == null ? LongStream.range(0, SEEDS) : LongStream.of(one)).forEach(seed -> {
            try (Run run = new Run(seed)) {
                run.disturbed();
                run.healed();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("run it again with -D" + ONE + "=" + seed, e);
            }
        });
        assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads);
    }

    /** One seed. */
    private static final class Run implements AutoCloseable {
        private final SplittableRandom random;
        private final Simulation sim;
        private final FaultRegistry registry;
        private final InMemorySource backend = new InMemorySource();
        private final PolicyStore store;
        private final Set<Map<String, String>> approved = new HashSet<>();
        private final TreeMap<String, String> documents = new TreeMap<>();
        private long lastVersion;

        Run(long seed) {
            random = new SplittableRandom(seed);
            sim = Simulation.seeded(seed);
            StorageContext context = SimulatedContext.of(sim);
            registry = new FaultRegistry(sim::nanoTime, FaultRegistry.Missing.RUNS_CLEAR);
            registry.register("faults", Map.of());
            PolicySource source = Faults.of(context, registry, seed, DecisionLog.off())
                    .decorate(
                            random.nextBoolean() ? backend : backend.withDeltas(),
                            "memory-1",
                            FaultBinding.named("faults"));
            SourceDriver driver = new SourceDriver("memory-1", "memory", source, SyncSettings.DEFAULT, context);
            store = PolicyStore.builder(driver).context(context).build();
            approved.add(Map.of());
            edit(Map.of("base", SamplePolicies.resource("base")));
        }

        void disturbed() {
            registry.register("faults", faults());
            start();
            for (int step = 0; step < STEPS; step++) {
                step();
                check();
            }
        }

        private void step() {
            switch (random.nextInt(7)) {
                case 0 -> edit(Map.of("p" + random.nextInt(4), SamplePolicies.resource("p" + random.nextInt(4))));
                case 1 -> edit(valid());
                case 2 -> remove("p" + random.nextInt(4));
                case 3 -> edit(Map.of("p" + random.nextInt(4), SamplePolicies.broken()));
                case 4 -> look();
                case 5 -> registry.register("faults", faults());
                default -> sim.advance(Duration.ofMillis(random.nextInt(90_000)));
            }
        }

        private Map<String, String> valid() {
            Map<String, String> edits = new HashMap<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                String name = "p" + random.nextInt(4);
                edits.put(name, SamplePolicies.resource(name, "default", "action" + random.nextInt(1000)));
            }
            return edits;
        }

        private void edit(Map<String, String> edits) {
            documents.putAll(edits);
            commit();
        }

        private void remove(String name) {
            documents.remove(name);
            commit();
        }

        private void commit() {
            approve();
            backend.change(held -> {
                held.clear();
                documents.forEach((name, text) -> held.put(name + ".yaml", text));
            });
        }

        /** A set is one that may be served if each of its documents is right and no policy is there twice. */
        private void approve() {
            Set<String> resources = new HashSet<>();
            boolean right = documents.values().stream()
                    .allMatch(text -> !text.equals(SamplePolicies.broken())
                            && resources.add(text.substring(text.indexOf("resource:"), text.indexOf("version:"))));
            if (right) {
                approved.add(texts(documents));
            }
        }

        private static Map<String, String> texts(Map<String, String> byName) {
            Map<String, String> texts = new HashMap<>();
            byName.forEach((name, text) -> texts.put(name + ".yaml", text.strip()));
            return texts;
        }

        private void start() {
            try {
                store.start();
            } catch (StorageException e) {
                check(); // A start that fails serves nothing, and can be repeated.
            }
        }

        private void look() {
            try {
                store.checkAndReload(CheckMode.IF_CHANGED);
            } catch (StorageException | IllegalStateException e) {
                check(); // A look that fails changes nothing.
            }
        }

        private Map<String, Object> faults() {
            List<Map<String, Object>> kinds = List.of(
                    Map.of(),
                    Map.of("packet_loss", random.nextInt(100) + "%", "burst_loss", random.nextInt(5)),
                    Map.of(
                            "latency",
                            random.nextInt(4000) + "ms",
                            "jitter",
                            "900ms",
                            "timeout",
                            Map.of("recv", "3s", "connect", "2s")),
                    Map.of("connection_error", Map.of("prob", random.nextInt(100) + "%", "kind", "refused")),
                    Map.of("latency", "45s"),
                    Map.of("session_budget", Map.of("max_ops", 1 + random.nextInt(9), "action", "connection_error")),
                    Map.of("half_open", Map.of("after", 1 + random.nextInt(3000) + "b")),
                    Map.of(
                            "payload_mutation",
                            Map.of("enabled", true, "type", "corrupt_encoding", "prob", random.nextInt(100) + "%")),
                    Map.of(
                            "packet_duplicate",
                            Map.of("max_extra", 3),
                            "packet_reorder",
                            Map.of("window", 3, "max_delay", "5s")),
                    Map.of("packet_loss", "100%", "schedule", Map.of("kind", "flapping", "on", "20s", "off", "10s")),
                    Map.of("dns", Map.of("nxdomain", "50%"), "downlink", Map.of("packet_loss", "30%")));
            return kinds.get(random.nextInt(kinds.size()));
        }

        /** What is served is a set that the backend once held as a whole and that was right; versions only grow. */
        private void check() {
            PolicySnapshot served = store.current();
            assertThat(served.version().number()).as("version").isGreaterThanOrEqualTo(lastVersion);
            lastVersion = served.version().number();
            assertThat(approved).as("sets that may be served").contains(served(served));
        }

        private static Map<String, String> served(PolicySnapshot snapshot) {
            Map<String, String> texts = new HashMap<>();
            for (Policy policy : snapshot.all()) {
                texts.put(policy.metadata().source(), policy.raw().toString().strip());
            }
            return texts;
        }

        void healed() {
            registry.register("faults", Map.of());
            documents.keySet().removeIf(name -> !name.equals("base"));
            edit(valid());
            edit(Map.of("last", SamplePolicies.resource("last")));
            start();
            sim.advance(HEALED);
            // What was damaged on its way has the token of what is right, and is read again within so many looks.
            for (int looks = 0; looks < REREAD && !served(store.current()).equals(texts(documents)); looks++) {
                start();
                look();
            }
            check();
            assertThat(served(store.current())).as("served in the end").isEqualTo(texts(documents));
        }

        @Override
        public void close() {
            store.close();
            sim.advance(HEALED);
            assertThat(sim.pending()).as("tasks left behind").isZero();
        }
    }
}
