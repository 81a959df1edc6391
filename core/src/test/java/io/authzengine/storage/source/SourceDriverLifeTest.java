package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.ConnectionFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How a driver begins, stops, goes on and ends. */
class SourceDriverLifeTest {
    private static final SyncSettings NO_RETRIES = SyncSettings.DEFAULT.withRetries(0);

    private static SimulatedLoop withOnePolicy(SyncSettings settings) {
        SimulatedLoop loop = new SimulatedLoop(settings);
        loop.source.put("a.yaml", policy("album", "view"));
        return loop;
    }

    @Nested
    class Init {
        @Test
        void isIdempotent() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT).running();
            loop.source.calls.clear();
            loop.driver.init();
            assertThat(loop.source.calls).isEmpty();
        }

        @Test
        void canBeRepeatedAfterItHasFailedAlsoAtOnce() {
            SimulatedLoop loop = withOnePolicy(NO_RETRIES);
            loop.source.onOpen = ScriptedSource.unreachable();
            assertThatThrownBy(loop.driver::init).isInstanceOf(ConnectionFailedException.class);
            assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.UNHEALTHY);
            loop.source.heal();
            loop.driver.init();
            assertThat(loop.text("album")).contains("view");
            assertThat(loop.source.calls).containsExactly("open", "close", "open", "watch", "manifest", "read a.yaml");
        }

        @Test
        void withoutALoadCanBeRepeatedAtOnceToo() {
            SimulatedLoop loop = withOnePolicy(NO_RETRIES.withInitialLoad(false));
            loop.source.onOpen = ScriptedSource.unreachable();
            assertThatThrownBy(loop.driver::init).isInstanceOf(ConnectionFailedException.class);
            loop.source.heal();
            loop.driver.init();
            assertThat(loop.source.count("manifest")).isEqualTo(1);
            assertThat(loop.check()).isFalse();
        }

        @Test
        void triesAFewTimesBeforeItFails() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
            int[] failures = {3};
            loop.source.onOpen = () -> {
                if (failures[0]-- > 0) {
                    ScriptedSource.unreachable().run();
                }
            };
            loop.driver.init();
            assertThat(loop.source.count("open")).isEqualTo(4);
        }

        @Test
        void thatFailedIsMadeUpForByTheLoop() {
            SimulatedLoop loop = withOnePolicy(NO_RETRIES);
            loop.driver.watch(loop);
            loop.source.onOpen = ScriptedSource.unreachable();
            assertThatThrownBy(loop.driver::init).isInstanceOf(ConnectionFailedException.class);
            loop.driver.start(StartOptions.DEFAULT);
            loop.source.heal();
            loop.advance(Duration.ofSeconds(5));
            assertThat(loop.text("album")).contains("view");
        }
    }

    @Nested
    class WithoutAnInitialLoad {
        private final SimulatedLoop loop = withOnePolicy(NO_RETRIES.withInitialLoad(false));

        @Test
        void nothingIsLoadedUntilTheBackendChangesAndThenAllOfIt() {
            loop.source.put("b.yaml", policy("book", "read"));
            loop.running();
            assertThat(loop.check()).isFalse();
            assertThat(loop.driver.load().isLoaded()).isFalse();
            loop.source.put("b.yaml", policy("book", "write"));
            assertThat(loop.check()).isTrue();
            assertThat(loop.driver.load().policies().size()).isEqualTo(2);
        }

        @Test
        void theFirstCheckNotesWhatIsThereIfNothingDidBefore() {
            assertThat(loop.check()).isFalse();
            assertThat(loop.check()).isFalse();
            loop.source.put("a.yaml", policy("album", "edit"));
            assertThat(loop.check()).isTrue();
        }

        @Test
        void aForcedCheckLoads() {
            loop.running();
            assertThat(loop.force()).isTrue();
            assertThat(loop.text("album")).contains("view");
        }

        @Test
        void aRevisionThatMovesWithoutTheContentIsNoChange() {
            loop.running();
            loop.source.put("a.yaml", policy("album", "view"));
            assertThat(loop.check()).isFalse();
            assertThat(loop.driver.load().isLoaded()).isFalse();
        }

        @Test
        void aBackendWithoutAnyTokenIsLoadedAsNobodyCanSayItIsTheSame() {
            loop.source.hasRevisions = false;
            loop.source.hasTokens = false;
            loop.running();
            assertThat(loop.check()).isTrue();
        }

        @Test
        void aFailedNotingIsMadeUpForAndDoesNotTurnIntoALoad() {
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop.driver::init).isInstanceOf(ConnectionFailedException.class);
            loop.driver.start(StartOptions.DEFAULT);
            loop.source.heal();
            loop.advance(Duration.ofMinutes(5));
            assertThat(loop.driver.load().isLoaded()).isFalse();
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.advance(Duration.ofMinutes(1));
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void afterAForcedLoadNothingIsNotedOverIt() {
            loop.force();
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.running();
            loop.check();
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void aStartMayAskForOneAllTheSameAndGetsItAlsoAfterAFailure() {
            loop.source.always(ScriptedSource.unreachable());
            loop.driver.start(StartOptions.DEFAULT.withInitialLoad());
            loop.source.heal();
            loop.advance(Duration.ofSeconds(5));
            assertThat(loop.text("album")).contains("view");
        }
    }

    @Nested
    class Start {
        @Test
        void withoutInitLoadsAndFollows() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
            loop.driver.start(StartOptions.DEFAULT);
            assertThat(loop.text("album")).contains("view");
            loop.source.put("a.yaml", policy("album", "edit")).hint();
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void mayLeaveTheInitialLoadOut() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
            loop.driver.start(StartOptions.DEFAULT.withoutInitialLoad());
            assertThat(loop.driver.load().isLoaded()).isFalse();
        }

        @Test
        void withAForcedLoadFailsIfThatFailsAndDoesNotFollow() {
            SimulatedLoop loop = withOnePolicy(NO_RETRIES);
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(() -> loop.driver.start(StartOptions.DEFAULT.withForcedInitialLoad()))
                    .isInstanceOf(ConnectionFailedException.class);
            loop.source.heal();
            loop.advance(Duration.ofHours(1));
            assertThat(loop.driver.load().isLoaded()).isFalse();
        }
    }

    @Nested
    class Stop {
        @Test
        void givesUpARetryAndTellsWhoWaitsForIt() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT).running();
            loop.source.always(ScriptedSource.unreachable());
            loop.sim.scheduler().schedule(() -> loop.driver.stop(Duration.ZERO), 1, TimeUnit.MILLISECONDS);
            loop.source.calls.clear();
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            loop.advance(Duration.ofHours(1));
            assertThat(loop.source.count("manifest")).isEqualTo(1);
        }

        @Test
        void saysIfALookIsStillUnderWay() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT).running();
            List<Boolean> over = new ArrayList<>();
            loop.source.onManifest = () -> over.add(loop.driver.stop(Duration.ofMillis(10)));
            loop.check();
            assertThat(over).containsExactly(false);
            assertThat(loop.driver.stop(Duration.ZERO)).isTrue();
        }

        @Test
        void leavesManualChecksPossible() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT).running();
            loop.driver.stop(Duration.ZERO);
            loop.source.put("a.yaml", policy("album", "edit"));
            assertThat(loop.check()).isTrue();
        }

        @Test
        void isNotUndoneByAWatch() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT).running();
            loop.driver.stop(Duration.ZERO);
            loop.driver.watch(loop);
            assertThat(loop.sim.pending()).isZero();
        }
    }

    @Nested
    class Close {
        @Test
        void endsEverythingAndIsIdempotent() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT).running();
            loop.driver.close();
            loop.driver.close();
            assertThat(loop.source.count("close")).isEqualTo(1);
            assertThat(loop.sim.pending()).isZero();
            assertThat(loop.driver.id()).isEqualTo("test");
            assertThat(loop.driver.type()).isEqualTo("scripted");
            assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.UNHEALTHY);
            assertThat(loop.driver.healthCheck().message()).contains("closed");
        }

        @Test
        void ofADriverThatNeverBeganIsFine() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
            loop.driver.close();
            assertThatThrownBy(loop.driver::init).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void leavesNothingToBeCalled() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT).running();
            loop.driver.close();
            List<Runnable> calls = List.of(
                    loop.driver::init,
                    () -> loop.driver.start(StartOptions.DEFAULT),
                    loop.driver::load,
                    loop.driver::listPolicies,
                    loop.driver::getAllPolicies,
                    loop::check,
                    () -> loop.driver.watch(loop));
            assertThat(calls)
                    .allSatisfy(call -> assertThatThrownBy(call::run)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("test is closed"));
        }

        @Test
        void fromAListenerEndsTheLookItCameFrom() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
            loop.driver.watch(change -> loop.driver.close());
            loop.driver.watch(loop);
            loop.driver.init();
            assertThat(loop.sim.pending()).isZero();
            assertThat(loop.changes).isEmpty();
        }

        @Test
        void closesAgainWhatASourceOpenedMeanwhile() {
            SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
            loop.source.onOpen = loop.driver::close;
            assertThatThrownBy(loop.driver::init).isInstanceOf(RuntimeException.class);
            assertThat(loop.source.calls.get(loop.source.calls.size() - 1)).isEqualTo("close");
            assertThat(loop.source.calls).doesNotContain("manifest");
        }
    }

    @Test
    void beforeInitThereIsNothingToLoadAndTheDriverSaysWhatToDo() {
        SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
        assertThatThrownBy(loop.driver::load)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("test was not initialised: call init() first");
    }

    @Nested
    class Listeners {
        private final SimulatedLoop loop = withOnePolicy(SyncSettings.DEFAULT);
        private final List<String> told = new ArrayList<>();

        @Test
        void areToldInOrderAndOneThatThrowsHurtsNobody() {
            loop.driver.watch(change -> {
                throw new StackOverflowError();
            });
            loop.driver.watch(change -> told.add("second " + change.sequence()));
            loop.driver.init();
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.check();
            assertThat(told).containsExactly("second 1", "second 2");
        }

        @Test
        void mayLeaveFromWithinACall() {
            List<Subscription> own = new ArrayList<>();
            own.add(loop.driver.watch(change -> {
                told.add("once");
                own.get(0).close();
            }));
            loop.driver.init();
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.check();
            assertThat(told).containsExactly("once");
        }

        @Test
        void mayAddAnotherFromWithinACallWhichIsToldOfWhatComesAfter() {
            loop.driver.watch(change -> {
                if (told.isEmpty()) {
                    told.add("first");
                    loop.driver.watch(later -> told.add("other " + later.sequence()));
                }
            });
            loop.driver.init();
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.check();
            assertThat(told).containsExactly("first", "other 2");
        }

        @Test
        void areToldOfEachLookAlsoIfNothingChanged() {
            loop.running();
            loop.check();
            assertThat(loop.changes).hasSize(1);
            assertThat(loop.looks).hasSize(2);
        }
    }
}
