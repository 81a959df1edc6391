package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Two loops, their composite, a store and its offline copy on the simulated clock, with faults in every call to the backends, disks that fail
 * and processes that are killed: each seed is a run of its own, the same each time.
 *
 * <p>{@code -Dsimulation.seeds=N} chooses how many runs are made, {@code -Dsimulation.seed=N} makes that one alone.
 */
class LayeredSimulationTest {
    private static final String ONE = "simulation.seed";
    private static final long SEEDS = Long.getLong("simulation.seeds", 2_000);
    private static final int STEPS = 16;

    @Test
    void nothingUnapprovedIsServedNothingKeptIsLostAndAllArrivesOnceTheFaultsAreGone(
            @TempDir(factory = InMemory.class) Path directory) throws IOException {
        Long one = Long.getLong(ONE);
        int threads = Thread.activeCount();
        long[] seeds = (one == null ? LongStream.range(0, SEEDS) : LongStream.of(one)).toArray();
        long restarts = 0;
        for (long seed : seeds) {
            try (LayeredRun run = new LayeredRun(seed, Files.createDirectories(directory.resolve("seed-" + seed)))) {
                run.disturbed(STEPS);
                run.healed();
                restarts += run.restarts();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("run it again with -D" + ONE + "=" + seed, e);
            }
        }
        assertThat(restarts).as("restarts, for this to count").isGreaterThanOrEqualTo(seeds.length);
        assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads);
    }

    /** Where syncing costs nothing, if there is such a place. */
    static final class InMemory implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "simulation-")
                    : Files.createTempDirectory("simulation-");
        }
    }
}
