package io.authzengine.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private final Simulation sim = Simulation.seeded(1);
    private final List<String> ran = new ArrayList<>();

    private ScheduledFuture<?> schedule(String what, long seconds) {
        return sim.scheduler()
                .schedule(
                        () -> ran.add(what + "@" + TimeUnit.NANOSECONDS.toSeconds(sim.nanoTime())),
                        seconds,
                        TimeUnit.SECONDS);
    }

    @Test
    void nothingRunsUntilItsTimeHasCome() {
        ScheduledFuture<?> task = schedule("a", 5);
        sim.advance(Duration.ofMillis(4999));
        assertThat(ran).isEmpty();
        assertThat(task.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1);
        sim.advance(Duration.ofMillis(1));
        assertThat(ran).containsExactly("a@5");
        assertThat(task.isDone()).isTrue();
    }

    @Test
    void tasksRunInTheOrderOfTheirTimeAndThenOfTheirHandingIn() {
        schedule("late", 3);
        schedule("first", 1);
        schedule("second", 1);
        sim.advance(Duration.ofSeconds(10));
        assertThat(ran).containsExactly("first@1", "second@1", "late@3");
        assertThat(sim.nanoTime()).isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void aTaskMayHandInOthersThatAreDueOnTheWay() {
        sim.scheduler().schedule(() -> schedule("inner", 1), 1, TimeUnit.SECONDS);
        sim.advance(Duration.ofSeconds(2));
        assertThat(ran).containsExactly("inner@2");
    }

    @Test
    void aTaskMayTakeTimeItself() {
        sim.scheduler().schedule(() -> sim.advance(Duration.ofSeconds(5)), 1, TimeUnit.SECONDS);
        schedule("meanwhile", 3);
        sim.advance(Duration.ofSeconds(2));
        assertThat(ran).containsExactly("meanwhile@3");
        assertThat(sim.nanoTime()).isEqualTo(Duration.ofSeconds(6).toNanos());
    }

    @Test
    void periodicTasksRunUntilTheyAreCancelled() {
        Future<?> rate = sim.scheduler().scheduleAtFixedRate(() -> ran.add("rate"), 1, 2, TimeUnit.SECONDS);
        Future<?> delay = sim.scheduler().scheduleWithFixedDelay(() -> ran.add("delay"), 2, 2, TimeUnit.SECONDS);
        sim.advance(Duration.ofSeconds(5));
        rate.cancel(false);
        delay.cancel(false);
        sim.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly("rate", "delay", "rate", "delay", "rate");
        assertThat(sim.pending()).isZero();
    }

    @Test
    void awaitMovesTimeToTheEndOfTheWorkAndNoFurther() {
        CompletableFuture<Boolean> work = new CompletableFuture<>();
        sim.scheduler().schedule(() -> work.complete(true), 3, TimeUnit.SECONDS);
        assertThat(sim.await(work, Duration.ofSeconds(10))).isTrue();
        assertThat(sim.nanoTime()).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(sim.await(new CompletableFuture<>(), Duration.ofSeconds(10))).isFalse();
        assertThat(sim.nanoTime()).isEqualTo(Duration.ofSeconds(13).toNanos());
    }

    @Test
    void theWallClockMayJumpAloneAndTheMachineMaySleep() {
        schedule("a", 60);
        Instant start = sim.clock().instant();
        sim.shiftWallClock(Duration.ofDays(-3650));
        assertThat(sim.clock().instant()).isEqualTo(start.minus(Duration.ofDays(3650)));
        sim.pause(Duration.ofHours(1));
        assertThat(ran).isEmpty();
        sim.advance(Duration.ZERO);
        assertThat(ran).containsExactly("a@3600");
    }

    @Test
    void theSameSeedGivesTheSameNumbers() {
        assertThat(Simulation.seeded(7).random().nextLong())
                .isEqualTo(Simulation.seeded(7).random().nextLong());
    }

    @Test
    void executorsThatWereShutDownTakeNothingMore() {
        schedule("a", 1);
        assertThat(sim.scheduler().shutdownNow()).hasSize(1);
        sim.workers().shutdown();
        sim.advance(Duration.ofSeconds(2));
        assertThat(ran).isEmpty();
        assertThat(sim.scheduler().isTerminated() && sim.workers().isTerminated())
                .isTrue();
        assertThatThrownBy(() -> schedule("b", 1)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> sim.workers().execute(() -> ran.add("c")))
                .isInstanceOf(RejectedExecutionException.class);
    }
}
