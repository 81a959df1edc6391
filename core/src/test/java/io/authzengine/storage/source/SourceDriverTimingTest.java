package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.policy;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.WatchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** When the loop looks: on its timer, and when it is told that a look may be worth while. */
class SourceDriverTimingTest {
    private static final Duration INTERVAL = SyncSettings.DEFAULT.pollInterval();

    private final List<Double> listedAt = new ArrayList<>();

    private SimulatedLoop running(SyncSettings settings) {
        SimulatedLoop loop = new SimulatedLoop(settings);
        loop.source.put("a.yaml", policy("album", "view"));
        loop.source.onManifest = () -> listedAt.add(loop.sim.nanoTime() / 1e9);
        loop.running();
        listedAt.clear();
        return loop;
    }

    @Nested
    class Polls {
        @Test
        void keepARateAndAreNeverLateAndNeverMoreThanFifteenPercentEarly() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.advance(INTERVAL.multipliedBy(1000));
            assertThat(listedAt).hasSize(1000);
            for (int i = 0; i < listedAt.size(); i++) {
                double due = (i + 1) * 60.0;
                assertThat(listedAt.get(i)).isBetween(due - 9, due);
            }
            assertThat(listedAt.stream()
                            .distinct()
                            .map(at -> at % 60)
                            .distinct()
                            .count())
                    .isGreaterThan(900);
        }

        @Test
        void afterAPauseAreOneAndNotOneForEachThatWasMissed() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.sim.pause(Duration.ofHours(1));
            loop.advance(Duration.ofSeconds(1));
            assertThat(listedAt).hasSize(1);
            loop.advance(INTERVAL.multipliedBy(10));
            assertThat(listedAt).hasSize(11);
        }

        @Test
        void comeAtTheIntervalOfTheStart() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.driver.stop(Duration.ZERO);
            loop.driver.start(StartOptions.DEFAULT.withInterval(Duration.ofSeconds(2)));
            loop.advance(Duration.ofSeconds(20));
            assertThat(listedAt).hasSize(10);
            loop.driver.stop(Duration.ZERO);
            listedAt.clear();
            loop.driver.start(StartOptions.DEFAULT);
            loop.advance(INTERVAL);
            assertThat(listedAt).hasSize(1);
        }

        @Test
        void areNotDisturbedByAWallClockThatJumps() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.advance(Duration.ofSeconds(30));
            loop.sim.shiftWallClock(Duration.ofDays(3650));
            loop.advance(INTERVAL.multipliedBy(9));
            loop.sim.shiftWallClock(Duration.ofDays(-7300));
            loop.advance(INTERVAL.multipliedBy(10).plusSeconds(30));
            assertThat(listedAt).hasSize(20);
            assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void endWithStopAndBeginAgainWithStart() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            assertThat(loop.driver.stop(Duration.ofSeconds(1))).isTrue();
            loop.advance(Duration.ofHours(1));
            assertThat(listedAt).isEmpty();
            loop.driver.start(StartOptions.DEFAULT);
            loop.driver.start(StartOptions.DEFAULT);
            loop.advance(INTERVAL.multipliedBy(10));
            assertThat(listedAt).hasSize(10);
        }

        @Test
        void waitForALookThatTakesLongerAndAreMadeUpForByOne() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT.withCallTimeout(Duration.ofHours(1)));
            loop.source.onManifest = () -> {
                listedAt.add(loop.sim.nanoTime() / 1e9);
                if (listedAt.size() == 1) {
                    loop.advance(INTERVAL.multipliedBy(5));
                }
            };
            loop.check();
            assertThat(listedAt).hasSize(2);
            assertThat(loop.source.maxCallsAtOnce).isEqualTo(1);
        }
    }

    @Nested
    class Hints {
        private final SyncSettings gathered =
                SyncSettings.DEFAULT.withHints(Duration.ofMillis(50), Duration.ofSeconds(1));

        @Test
        void leadToALookAtOnceWhereTheyAreNotGathered() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.source.put("a.yaml", policy("album", "edit")).hint();
            assertThat(loop.text("album")).contains("edit");
            assertThat(loop.changes.get(1).cause()).isEqualTo("hint");
        }

        @Test
        void ofABurstLeadToOneLookOnceItIsQuiet() {
            SimulatedLoop loop = running(gathered);
            for (int i = 0; i < 10; i++) {
                loop.source.put("a.yaml", policy("album", "edit" + i)).hint();
                loop.advance(Duration.ofMillis(49));
            }
            assertThat(listedAt).isEmpty();
            loop.advance(Duration.ofMillis(1));
            assertThat(listedAt).hasSize(1);
            assertThat(loop.changes).hasSize(2);
        }

        @Test
        void thatNeverEndCannotHoldARevocationBackLongerThanTheMost() {
            SimulatedLoop loop = running(gathered);
            loop.source.remove("a.yaml");
            long revokedAt = loop.sim.nanoTime();
            while (!loop.text("album").equals("none")) {
                loop.source.hint();
                loop.advance(Duration.ofMillis(10));
            }
            assertThat(Duration.ofNanos(loop.sim.nanoTime() - revokedAt)).isLessThanOrEqualTo(Duration.ofMillis(1010));
        }

        @Test
        void thatAreLostCostTimeAndNoChange() {
            SimulatedLoop loop = running(gathered);
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.advance(INTERVAL);
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void thatAreDoubledOrWrongChangeNothing() {
            SimulatedLoop loop = running(gathered);
            loop.source.put("a.yaml", policy("album", "edit")).hint();
            loop.source.hint();
            loop.advance(Duration.ofSeconds(1));
            loop.source.hint();
            loop.advance(Duration.ofSeconds(1));
            assertThat(loop.changes).hasSize(2);
        }

        @Test
        void duringALookLeadToOneMore() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.source.onRead = () -> {
                loop.source.onRead = ScriptedSource.NOTHING;
                loop.source.put("b.yaml", policy("book", "read")).hint();
                loop.source.hint();
                loop.source.hint();
            };
            loop.source.put("a.yaml", policy("album", "edit")).hint();
            assertThat(loop.text("book")).contains("read");
            assertThat(listedAt).hasSize(2);
        }

        @Test
        void duringASuppressionWaitForItsEnd() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT.withRetries(0));
            loop.source.always(ScriptedSource.unreachable());
            loop.source.hint();
            loop.source.heal();
            loop.source.put("a.yaml", policy("album", "edit")).calls.clear();
            loop.source.hint();
            loop.advance(Duration.ofSeconds(1));
            assertThat(loop.source.calls).isEmpty();
            loop.advance(Duration.ofMillis(1300));
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void thatComeWhileStoppedAreMadeUpForAtTheStart() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.driver.stop(Duration.ZERO);
            loop.source.put("a.yaml", policy("album", "edit")).hint();
            loop.advance(Duration.ofSeconds(10));
            assertThat(loop.text("album")).contains("view");
            loop.driver.start(StartOptions.DEFAULT);
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void areListenedForBeforeTheFirstListing() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            assertThat(loop.source.calls).containsExactly("open", "watch", "manifest", "read a.yaml");
        }
    }

    @Nested
    class AWatchThatIsLost {
        private final WatchException reason = new WatchException(Problem.in("test", "the connection is gone"));

        @Test
        void isSaidAndStartedAgainAndWhatItMissedIsFound() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.source.put("a.yaml", policy("album", "edit"));
            requireNonNull(loop.source.hints).lost(reason);
            assertThat(loop.text("album")).contains("edit");
            assertThat(loop.status().watch().state()).isEqualTo(SyncStatus.Watch.State.LOST);
            assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(loop.driver.healthCheck().message()).contains("SD-005").contains("polling goes on");
            loop.advance(Duration.ofSeconds(3));
            assertThat(loop.source.count("watch")).isEqualTo(2);
            assertThat(loop.status().watch().state()).isEqualTo(SyncStatus.Watch.State.ACTIVE);
            assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void isStartedAgainWithBackOffWhileItCannotBeHad() {
            SimulatedLoop loop = SimulatedLoop.withRandom(0.5, SyncSettings.DEFAULT);
            loop.source.onWatch = ScriptedSource.throwing(reason);
            loop.running();
            assertThat(loop.source.count("watch")).isEqualTo(1);
            loop.advance(Duration.ofSeconds(2 + 4 + 8 + 16 + 30 + 1));
            assertThat(loop.source.count("watch")).isEqualTo(6);
            assertThat(loop.source.count("manifest")).isLessThanOrEqualTo(9);
            loop.source.onWatch = ScriptedSource.NOTHING;
            loop.advance(Duration.ofSeconds(30));
            assertThat(loop.status().watch().state()).isEqualTo(SyncStatus.Watch.State.ACTIVE);
        }

        @Test
        void thatFlapsIsNotStartedAllTheTime() {
            SimulatedLoop loop = SimulatedLoop.withRandom(0.5, SyncSettings.DEFAULT);
            loop.source.onWatch = () -> requireNonNull(loop.source.hints).lost(reason);
            loop.running();
            loop.advance(Duration.ofMinutes(10));
            assertThat(loop.source.count("watch")).isLessThan(30);
        }

        /** Asks for a watch that the backend refuses a second later. */
        private void askAndBeRefused(SimulatedLoop loop) {
            PolicySource.HintListener listener = requireNonNull(loop.source.hints);
            listener.pending();
            loop.sim.scheduler().schedule(() -> listener.lost(reason), 1, TimeUnit.SECONDS);
        }

        @Test
        void thatIsRefusedOnlyAfterItWasAskedForIsAskedForWithBackOffToo() {
            SimulatedLoop loop = SimulatedLoop.withRandom(0.5, SyncSettings.DEFAULT);
            loop.source.onWatch = () -> askAndBeRefused(loop);
            loop.running();
            loop.advance(Duration.ofSeconds(1 + 2 + 1 + 4 + 1 + 8 + 1));
            assertThat(loop.source.count("watch")).isEqualTo(4);
        }

        @Test
        void isAFirstLossAgainOnceItHasHeld() {
            SimulatedLoop loop = SimulatedLoop.withRandom(0.5, SyncSettings.DEFAULT);
            loop.source.onWatch = () -> askAndBeRefused(loop);
            loop.running();
            loop.advance(Duration.ofSeconds(1 + 2 + 1));
            loop.source.onWatch = () -> requireNonNull(loop.source.hints).pending();
            loop.advance(Duration.ofSeconds(4));
            assertThat(loop.source.count("watch")).isEqualTo(3);

            requireNonNull(loop.source.hints).holds();
            requireNonNull(loop.source.hints).lost(reason);
            loop.advance(Duration.ofSeconds(2));
            assertThat(loop.source.count("watch")).isEqualTo(4);
        }

        @Test
        void afterCloseIsNoNews() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT);
            loop.driver.close();
            requireNonNull(loop.source.hints).lost(reason);
            assertThat(loop.sim.pending()).isZero();
        }

        @Test
        void thatCannotBeHadHereIsSaidInHealthAndNotTriedAgain() {
            SimulatedLoop loop = SimulatedLoop.withRandom(0.5, SyncSettings.DEFAULT);
            loop.source.onWatch = () -> requireNonNull(loop.source.hints).pollingOnly("a network mount");
            loop.running();
            loop.advance(Duration.ofMinutes(10));
            assertThat(loop.source.count("watch")).isEqualTo(1);
            assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(loop.driver.healthCheck().message()).isEqualTo("a network mount");
            assertThat(loop.driver.healthCheck().details().connected()).isTrue();
        }
    }
}
