package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.simulation.Simulation;

/** Puts drivers and stores onto a {@link Simulation}: everything runs on the thread that moves its time. */
public final class SimulatedContext {
    private SimulatedContext() {}

    /** Returns a context whose time, threads and random numbers are those of {@code simulation}. As little thread-safe as that is. */
    public static StorageContext of(Simulation simulation) {
        return new StorageContext(
                simulation.clock(),
                simulation::nanoTime,
                simulation.random(),
                simulation.scheduler(),
                simulation.workers(),
                simulation::await);
    }
}
