package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.Durability;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.testkit.SimulatedContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** One seed: what it does is decided by it alone. */
final class LayeredRun implements AutoCloseable {
    private static final int REREAD = 64;
    private static final Duration HEALED = Duration.ofMinutes(5);

    private final SplittableRandom random;
    private final Simulation sim;
    private final StorageContext context;
    private final FaultRegistry registry;
    private final Faults faults;
    private final CrashingDisk disk;
    private final List<Layer> layers;
    private final Map<Long, Map<String, String>> versions = new HashMap<>();
    private PolicyStore store;
    private long lastVersion;
    private int restarts;

    LayeredRun(long seed, Path directory) throws IOException {
        random = new SplittableRandom(seed);
        sim = Simulation.seeded(seed);
        context = SimulatedContext.of(sim);
        registry = new FaultRegistry(sim::nanoTime, FaultRegistry.Missing.THROWS);
        faults = Faults.of(context, registry, seed, DecisionLog.off());
        disk = new CrashingDisk(directory);
        layers = List.of(new Layer("overrides", random), new Layer("base", random));
        layers.forEach(layer -> registry.register(layer.id(), Map.of()));
        store = process();
    }

    /** Returns what a new process makes: its own drivers over the same backends, on the disk there is. */
    private PolicyStore process() {
        List<ChildDriver> children = layers.stream()
                .map(layer -> ChildDriver.of(layer.driver(faults, context)))
                .toList();
        return PolicyStore.builder(new CompositeDriverProvider()
                        .create(CompositeConfig.of(MergeStrategy.FIRST_WINS).withId("both"), children, context))
                .settings(StoreSettings.DEFAULT
                        .withInitMode(InitMode.DEGRADED)
                        .withDisk(new StoreSettings.Disk(Optional.of(disk.directory()), Optional.empty())))
                .context(context)
                .build();
    }

    int restarts() {
        return restarts;
    }

    void disturbed(int steps) throws IOException {
        start();
        for (int step = 0; step < steps; step++) {
            act();
            check();
        }
    }

    private void act() throws IOException {
        Layer layer = layers.get(random.nextInt(layers.size()));
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> layer.change();
            case 3 -> registry.register(layer.id(), layer.faults());
            case 4 -> look();
            case 5 -> disk.breakOrMend();
            case 6 -> restart();
            default -> sim.advance(Duration.ofMillis(random.nextInt(90_000)));
        }
    }

    private void start() {
        try {
            store.start();
        } catch (StorageException e) {
            check(); // A start that fails serves nothing but the copy, and can be repeated.
        }
    }

    private void look() {
        try {
            store.checkAndReload(CheckMode.IF_CHANGED);
        } catch (StorageException | IllegalStateException e) {
            check(); // A look that fails changes nothing.
        }
    }

    /** The process is killed, and another one takes its place. What was said to be on the disk is served before any backend is asked. */
    private void restart() throws IOException {
        restarts++;
        check();
        long acknowledged = store.status().durability().map(Durability::version).orElse(0L);
        disk.crash();
        store.close();
        layers.forEach(layer -> registry.register(layer.id(), Map.of("connection_error", Map.of("kind", "refused"))));
        store = process();
        start();
        long restored = store.current().version().number();
        assertThat(restored).as("the version served after a restart").isGreaterThanOrEqualTo(acknowledged);
        if (restored > 0) {
            assertThat(Layer.served(store.current())).as("version " + restored).isEqualTo(versions.get(restored));
        }
        versions.keySet().removeIf(number -> number > restored);
        lastVersion = restored;
        layers.forEach(layer -> registry.register(layer.id(), layer.faults()));
    }

    /** What is served is made of sets that the backends once held as a whole and that were right; versions only grow. */
    private void check() {
        PolicySnapshot now = store.current();
        long number = now.version().number();
        assertThat(number).as("version").isGreaterThanOrEqualTo(lastVersion);
        lastVersion = number;
        Map<String, String> served = Layer.served(now);
        assertThat(versions.computeIfAbsent(number, none -> served))
                .as("version " + number)
                .isEqualTo(served);
        if (number > 0) {
            assertThat(isApproved(served)).as("approved: " + served.keySet()).isTrue();
        }
    }

    private boolean isApproved(Map<String, String> served) {
        Layer overrides = layers.get(0);
        Layer base = layers.get(1);
        Map<String, String> above = overrides.of(served);
        Map<String, String> below = base.of(served);
        return overrides.approved().contains(above)
                && base.approved().stream()
                        .anyMatch(held -> Layer.without(held, above.keySet()).equals(below));
    }

    void healed() throws IOException {
        disk.mend();
        for (Layer layer : layers) {
            registry.register(layer.id(), Map.of());
            layer.mend();
        }
        sim.advance(HEALED);
        // What was damaged on its way has the token of what is right, and is read again within so many looks.
        for (int looks = 0; looks < REREAD && !store.status().health().status().equals(Status.HEALTHY); looks++) {
            look();
        }
        check();
        Map<String, String> above = layers.get(0).held();
        Map<String, String> wanted = new HashMap<>(Layer.without(layers.get(1).held(), above.keySet()));
        wanted.putAll(above);
        Map<String, String> served = new HashMap<>();
        Layer.served(store.current()).forEach((place, text) -> served.put(Layer.name(place), text));
        assertThat(served).as("served in the end").isEqualTo(wanted);
        assertThat(store.status().health().status())
                .as(store.status().toString())
                .isEqualTo(Status.HEALTHY);
        assertThat(store.status().durability().map(Durability::version)).contains(lastVersion);
    }

    @Override
    public void close() {
        store.close();
        sim.advance(HEALED);
        assertThat(sim.pending()).as("tasks left behind").isZero();
    }
}
