package io.authzengine.storage.faults;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.simulation.Simulation;
import java.time.Duration;
import java.util.Map;

/** Faults on a clock that stands still until it is moved. */
final class World {
    final Simulation sim = Simulation.seeded(1);
    final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    final FaultRegistry registry = new FaultRegistry(sim::nanoTime, FaultRegistry.Missing.THROWS);
    final DecisionLog log;
    final Faults faults;

    World() {
        this(7, DecisionLog.recording());
    }

    World(long seed, DecisionLog log) {
        this.log = log;
        this.faults = Faults.of(context, registry, seed, log);
    }

    World with(String name, Map<String, ?> fields) {
        registry.register(name, fields);
        return this;
    }

    Duration elapsed() {
        return Duration.ofNanos(sim.nanoTime());
    }
}
