package io.authzengine.storage.source;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A driver over a {@link ScriptedSource} on a clock that stands still, and all its listener was told. */
final class SimulatedLoop implements PolicyChangeListener {
    final ScriptedSource source = new ScriptedSource();
    final List<PolicyChangeSet> changes = new ArrayList<>();
    final List<LoadResult> looks = new ArrayList<>();
    final List<StorageException> failures = new ArrayList<>();
    final Simulation sim;
    final SourceDriver driver;

    SimulatedLoop() {
        this(SyncSettings.DEFAULT);
    }

    SimulatedLoop(SyncSettings settings) {
        this(settings, Simulation.seeded(1));
    }

    SimulatedLoop(SyncSettings settings, Simulation sim) {
        this(settings, sim, sim.random());
    }

    SimulatedLoop(SyncSettings settings, Simulation sim, RandomGenerator random) {
        this.sim = sim;
        StorageContext context =
                new StorageContext(sim.clock(), sim::nanoTime, random, sim.scheduler(), sim.workers(), sim::await);
        this.driver = new SourceDriver("test", "scripted", source, settings, context);
    }

    /** Returns a loop whose random numbers are all {@code number}, from 0 to just below 1. */
    static SimulatedLoop withRandom(double number, SyncSettings settings) {
        return new SimulatedLoop(settings, Simulation.seeded(1), constant(number));
    }

    static RandomGenerator constant(double number) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("only nextDouble is drawn");
            }

            @Override
            public double nextDouble() {
                return number;
            }
        };
    }

    /** Watches, initialises and so follows. */
    SimulatedLoop running() {
        driver.watch(this);
        driver.init();
        return this;
    }

    boolean check() {
        return driver.checkNow(CheckMode.IF_CHANGED);
    }

    boolean force() {
        return driver.checkNow(CheckMode.FORCE);
    }

    void advance(Duration time) {
        sim.advance(time);
    }

    void advanceSeconds(double seconds) {
        sim.advance(Duration.ofNanos((long) (seconds * 1e9)));
    }

    /** Returns the text that is held under the name of a policy of {@link Documents}; "none" if there is none. */
    String text(String name) {
        return driver.getPolicy(Documents.id(name))
                .map(policy -> policy.raw().toString())
                .orElse("none");
    }

    SyncStatus status() {
        return driver.status();
    }

    @Override
    public void onChange(PolicyChangeSet change) {
        changes.add(change);
    }

    @Override
    public void onLook(LoadResult result) {
        looks.add(result);
    }

    @Override
    public void onFailure(StorageException failure) {
        failures.add(failure);
    }
}
