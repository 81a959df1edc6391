package io.authzengine.storage.testkit;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.PolicyStoreBuilder;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultContext;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A store that follows a backend in memory, for tests of what uses a store: real in all but time, which stands still until the test moves
 * it. Everything runs on the test's thread, so nothing need be waited for, and the same test runs the same way each time.
 *
 * <p>Between backend and driver are the faults of whatever {@link FaultContext} is open. Not thread-safe.
 */
public final class SimulatedStore implements AutoCloseable {
    /** The driver's id, which messages and provenance name. */
    public static final String DRIVER = "memory-1";

    /** Longer than any poll, quiet period and back-off. */
    private static final Duration SETTLED = Duration.ofMinutes(5);

    private final Simulation simulation;
    private final FaultRegistry faults;
    private final InMemorySource backend = new InMemorySource();
    private final PolicyStore store;

    private SimulatedStore(long seed, UnaryOperator<PolicyStoreBuilder> settings) {
        simulation = Simulation.seeded(seed);
        StorageContext context = SimulatedContext.of(simulation);
        faults = new FaultRegistry(simulation::nanoTime, FaultRegistry.Missing.THROWS);
        PolicySource source =
                Faults.of(context, faults, seed, DecisionLog.off()).decorate(backend, DRIVER, FaultBinding.auto());
        StorageDriver driver = new SourceDriver(DRIVER, StorageDriver.MEMORY, source, SyncSettings.DEFAULT, context);
        store = settings.apply(PolicyStore.builder(driver).context(context)).build();
    }

    /** Returns a running store over a backend that holds nothing. */
    public static SimulatedStore empty() {
        return of(1, UnaryOperator.identity());
    }

    /**
     * Returns a running store over a backend that holds nothing.
     *
     * @param seed decides all that is random: jitter, and faults
     * @param settings called with the store's builder before it is built, for gates and settings; the context must be left alone
     */
    public static SimulatedStore of(long seed, UnaryOperator<PolicyStoreBuilder> settings) {
        SimulatedStore simulated = new SimulatedStore(seed, settings);
        simulated.store.start();
        return simulated;
    }

    /** Returns the store. */
    public PolicyStore store() {
        return store;
    }

    /** Returns the backend, which can also fail, lose hints and take its time. */
    public InMemorySource backend() {
        return backend;
    }

    /** Returns the fault policies that a {@link FaultContext} or {@code @Fault} can name here; their clock is that of the simulation. */
    public FaultRegistry faults() {
        return faults;
    }

    /** Returns the time in which the store lives. */
    public Simulation simulation() {
        return simulation;
    }

    /** Puts {@code document} at {@code location} in the backend, which tells the driver so. */
    public SimulatedStore put(String location, String document) {
        backend.put(location, document);
        return this;
    }

    /** Puts all of {@code documents}, by location, into the backend as one change. */
    public SimulatedStore put(Map<String, String> documents) {
        backend.change(held -> held.putAll(documents));
        return this;
    }

    /** Removes what is at {@code location} in the backend. */
    public SimulatedStore remove(String location) {
        backend.remove(location);
        return this;
    }

    /**
     * Takes {@code steps} while the fault policy called {@code fault} is in force.
     *
     * @throws IllegalStateException if none of that name is registered; no step is taken then
     */
    public SimulatedStore during(String fault, Runnable steps) {
        FaultContext scope = under(fault);
        try {
            steps.run();
        } finally {
            scope.close();
        }
        return this;
    }

    /** Puts a fault policy in force. That there is none is told to the test: a driver would take it for a failure of the backend. */
    FaultContext under(String fault) {
        faults.resolve(fault);
        return FaultContext.open(faults, fault);
    }

    /** Moves time by {@code time}; everything that falls due on the way happens. */
    public SimulatedStore advance(Duration time) {
        simulation.advance(time);
        return this;
    }

    /** Lets five minutes pass, in which whatever the store was going to do by itself has happened. */
    public SimulatedStore settle() {
        return advance(SETTLED);
    }

    /** Closes the store. */
    @Override
    public void close() {
        store.close();
    }
}
