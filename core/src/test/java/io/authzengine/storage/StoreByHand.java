package io.authzengine.storage;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.gate.PolicyGate;
import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store over documents in memory on simulated time, and policies to change it with by hand. */
final class StoreByHand implements AutoCloseable {
    static final PolicyId A = id("a");
    static final PolicyId B = id("b");

    private static final PolicyParser PARSER = new PolicyParser(ParserLimits.DEFAULT);

    final Simulation sim;
    final FakeBackend backend = new FakeBackend();
    final List<StoreEvent> events = new ArrayList<>();
    final PolicyStore store;

    StoreByHand() {
        this(1, StoreSettings.DEFAULT, candidate -> List.of());
    }

    StoreByHand(StoreSettings settings) {
        this(1, settings, candidate -> List.of());
    }

    StoreByHand(long seed, StoreSettings settings, PolicyGate gate) {
        sim = Simulation.seeded(seed);
        StorageContext context = new StorageContext(
                sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
        store = PolicyStore.builder(backend.driver(context))
                .settings(settings)
                .gate(gate)
                .context(context)
                .build();
        store.subscribe(events::add);
    }

    static PolicyId id(String name) {
        return PolicyId.ofResource(name, "default", "");
    }

    /** A resource policy as somebody would hand it in; {@code mark} makes its text differ. */
    static Policy policy(String name, String mark) {
        return parse(Documents.resource(name, mark));
    }

    static Policy parse(String text) {
        return PARSER.parse(
                        text.getBytes(StandardCharsets.UTF_8),
                        new DocumentOrigin("by-hand", "by-hand.yaml", "", Optional.empty()))
                .policies()
                .get(0);
    }

    static Map<PolicyId, Optional<Policy>> putting(Policy... policies) {
        Map<PolicyId, Optional<Policy>> changes = new java.util.HashMap<>();
        for (Policy policy : policies) {
            changes.put(policy.id(), Optional.of(policy));
        }
        return changes;
    }

    static Map<PolicyId, Optional<Policy>> removing(PolicyId id) {
        return Map.of(id, Optional.empty());
    }

    /** The backend comes to hold resource {@code name} with {@code mark}, and is looked at. */
    void source(String name, String mark) {
        backend.put(name + ".yaml", Documents.resource(name, mark));
        look();
    }

    void look() {
        store.start();
        backend.hint();
        sim.advance(Duration.ofSeconds(61));
    }

    long number() {
        return store.current().version().number();
    }

    /** The mark of resource {@code name} as served; "-" if it is not. */
    String mark(String name) {
        return mark(store.current(), name);
    }

    static String mark(PolicySnapshot snapshot, String name) {
        return snapshot.find(id(name))
                .map(policy -> policy.content().header().description())
                .orElse("-");
    }

    <E extends StoreEvent> List<E> told(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        store.close();
    }
}
