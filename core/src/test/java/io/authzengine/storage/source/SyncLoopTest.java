package io.authzengine.storage.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncLoopTest {
    private static final SyncSettings SETTINGS =
            SyncSettings.DEFAULT.withRetries(3).withRetryDelays(Duration.ofMillis(500), Duration.ofSeconds(8));

    private final Simulation sim = Simulation.seeded(1);
    private final List<String> told = new ArrayList<>();

    /** Fails at each look, and writes down what it is told of that: what the log then says. */
    private final class Failing implements SyncLoop.Looker {
        @Override
        public boolean look(String cause, LookMode mode) {
            throw new ConnectionFailedException(Problem.in("test", "connection refused"));
        }

        @Override
        public void retrying(StorageException failure, int number, Duration delay) {
            told.add("retry " + number + " after " + delay.toMillis() + " ms");
        }

        @Override
        public void suppressed(StorageException failure, int failures, Duration window) {
            told.add("failure " + failures + ", held off for " + window.toMillis() + " ms");
        }
    }

    @Test
    void eachFailureIsToldWithItsNumberAndHowLongIsWaitedNow() {
        StorageContext context = new StorageContext(
                sim.clock(), sim::nanoTime, SimulatedLoop.constant(0.5), sim.scheduler(), sim.workers(), sim::await);
        SyncLoop loop = new SyncLoop(context, SETTINGS, new Failing());
        loop.request("test", LookMode.FORCE);
        sim.advance(Duration.ofSeconds(60));
        loop.request("test", LookMode.FORCE);
        sim.advance(Duration.ofSeconds(60));

        assertThat(told)
                .containsExactly(
                        "retry 1 after 250 ms",
                        "retry 2 after 500 ms",
                        "retry 3 after 1000 ms",
                        "failure 1, held off for 2000 ms",
                        "retry 1 after 250 ms",
                        "retry 2 after 500 ms",
                        "retry 3 after 1000 ms",
                        "failure 2, held off for 4000 ms");
    }
}
