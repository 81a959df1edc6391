package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.UnexpectedFailureException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the backend fails, and when it is asked again. */
class SourceDriverFailureTest {
    private static final SyncSettings NO_RETRIES = SyncSettings.DEFAULT.withRetries(0);

    private static SimulatedLoop running(SyncSettings settings, double random) {
        SimulatedLoop loop = SimulatedLoop.withRandom(random, settings);
        loop.source.put("a.yaml", policy("album", "view"));
        return loop.running();
    }

    /** Returns at how many seconds from now, roughly, the backend is listed within {@code time}. */
    private static List<Double> listings(SimulatedLoop loop, Duration time) {
        List<Double> seconds = new ArrayList<>();
        long start = loop.sim.nanoTime();
        ScriptedSource.Script script = loop.source.onManifest;
        loop.source.onManifest = () -> {
            seconds.add((loop.sim.nanoTime() - start) / 1e9);
            script.run();
        };
        loop.advance(time);
        return seconds;
    }

    @Nested
    class WhateverTheSourceThrows {
        private final List<Throwable> failures = List.of(
                new IllegalStateException("x"),
                new IOException("x"),
                new StackOverflowError(),
                new NoClassDefFoundError("x"),
                new OutOfMemoryError("x"),
                new AssertionError("x"));

        @Test
        void isSd000AndTheLoopLivesOn() {
            for (Throwable failure : failures) {
                SimulatedLoop loop = running(NO_RETRIES, 0.5);
                loop.source.put("a.yaml", policy("album", "edit"));
                loop.source.onManifest = ScriptedSource.throwing(failure);
                assertThatThrownBy(loop::check)
                        .isInstanceOf(UnexpectedFailureException.class)
                        .hasMessageContaining("SD-000")
                        .hasMessageContaining(failure.getClass().getSimpleName())
                        .hasCause(failure);
                loop.source.heal();
                loop.advance(Duration.ofSeconds(3));
                assertThat(loop.text("album")).as(failure.toString()).contains("edit");
            }
        }

        @Test
        void inReadingLeavesEverythingAsItWas() {
            for (Throwable failure : failures) {
                SimulatedLoop loop = running(NO_RETRIES, 0.5);
                loop.source.put("a.yaml", policy("album", "edit")).put("b.yaml", policy("book", "read"));
                int[] entries = {0};
                loop.source.onEntry = () -> {
                    if (++entries[0] == 2) {
                        ScriptedSource.throwing(failure).run();
                    }
                };
                assertThatThrownBy(loop::check).isInstanceOf(UnexpectedFailureException.class);
                assertThat(loop.text("album")).contains("view");
                assertThat(loop.driver.load().policies().size()).isEqualTo(1);
            }
        }

        @Test
        void inOpeningIsSd000AndInitCanBeRepeated() {
            SimulatedLoop loop = new SimulatedLoop(NO_RETRIES);
            loop.source.onOpen = ScriptedSource.throwing(new StackOverflowError());
            loop.source.onClose = ScriptedSource.throwing(new IllegalStateException("not even this"));
            assertThatThrownBy(loop.driver::init).isInstanceOf(UnexpectedFailureException.class);
            assertThat(loop.source.calls).containsExactly("open", "close");
            loop.source.heal();
            loop.driver.init();
            assertThat(loop.driver.load().isLoaded()).isTrue();
        }

        @Test
        void inClosingIsLoggedAndTheDriverIsClosedAllTheSame() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            loop.source.onClose = ScriptedSource.throwing(new IllegalStateException("x"));
            assertThatCode(loop.driver::close).doesNotThrowAnyException();
            assertThatThrownBy(loop::check).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class ACallThatTakesTooLong {
        private boolean interrupted;

        private void takesLongerThanAllowed(SimulatedLoop loop) throws InterruptedException {
            loop.advance(Duration.ofSeconds(31));
            interrupted = Thread.currentThread().isInterrupted();
            if (Thread.interrupted()) {
                throw new InterruptedException("as asked");
            }
        }

        @Test
        void isInterruptedAndSd006() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            loop.source.onManifest = () -> takesLongerThanAllowed(loop);
            assertThatThrownBy(loop::check)
                    .isInstanceOf(StorageTimeoutException.class)
                    .hasMessageContaining("listing the backend took longer than 30000 ms");
            assertThat(interrupted).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        @Test
        void leavesNoInterruptBehindIfItIgnoresIt() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            loop.source.onManifest = () -> loop.advance(Duration.ofSeconds(31));
            assertThat(loop.check()).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        @Test
        void hasAsMuchTimeAgainWithEachDocument() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            for (int i = 0; i < 5; i++) {
                loop.source.put("n" + i + ".yaml", policy("n" + i, "read"));
            }
            loop.source.onEntry = () -> loop.advance(Duration.ofSeconds(20));
            assertThat(loop.check()).isTrue();
            assertThat(loop.driver.load().policies().size()).isEqualTo(6);
        }

        @Test
        void isToldFromAnInterruptOfSomebodyElse() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            loop.source.onManifest = ScriptedSource.throwing(new InterruptedException("by the pool"));
            assertThatThrownBy(loop::check).isInstanceOf(UnexpectedFailureException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Nested
    class Retries {
        @ParameterizedTest
        @ValueSource(doubles = {0, 0.25, 0.5, 0.999})
        void areDelayedByFullJitterUnderABoundThatDoubles(double random) {
            SimulatedLoop loop = running(SyncSettings.DEFAULT.withRetries(6), random);
            loop.source.always(ScriptedSource.unreachable());
            double advance = 60 * (1 - 0.15 * random);
            List<Double> at = listings(loop, Duration.ofSeconds(89));
            assertThat(at.get(0)).isCloseTo(advance, within(0.001));
            double[] bounds = {0.5, 1, 2, 4, 8, 8};
            for (int i = 0; i < bounds.length; i++) {
                assertThat(at.get(i + 1) - at.get(i)).isCloseTo(bounds[i] * random, within(0.001));
            }
        }

        @Test
        void endWithTheFirstSuccessAndNobodyIsToldOfAFailure() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT, 0.5);
            loop.source.put("a.yaml", policy("album", "edit"));
            int[] failures = {2};
            loop.source.onManifest = () -> {
                if (failures[0]-- > 0) {
                    ScriptedSource.unreachable().run();
                }
            };
            assertThat(loop.check()).isTrue();
            assertThat(loop.failures).isEmpty();
            assertThat(loop.status().consecutiveFailures()).isZero();
        }

        @Test
        void areNotMadeWhereNobodyCanExpectAnotherAnswer() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT, 0.5);
            loop.source.onManifest = ScriptedSource.throwing(
                    new AuthenticationFailedException(Problem.in("test", "the token is not accepted")));
            loop.source.calls.clear();
            assertThatThrownBy(loop::check).isInstanceOf(AuthenticationFailedException.class);
            assertThat(loop.source.count("manifest")).isEqualTo(1);
            assertThat(loop.failures).hasSize(1);
        }

        @Test
        void aForcedLookDoesNotWaitForTheNextOne() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT, 0.9);
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.source.always(ScriptedSource.unreachable());
            loop.advanceSeconds(60 * (1 - 0.15 * 0.9) + 0.01); // The poll has failed, its retry is due in 0.44 s.
            loop.source.heal();
            long before = loop.sim.nanoTime();
            assertThat(loop.force()).isTrue();
            assertThat(loop.sim.nanoTime()).isEqualTo(before);
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void serveAnUnforcedCheckThatComesBeforeThem() {
            SimulatedLoop loop = running(SyncSettings.DEFAULT, 0.9);
            loop.source.put("a.yaml", policy("album", "edit"));
            loop.source.always(ScriptedSource.unreachable());
            loop.advanceSeconds(60 * (1 - 0.15 * 0.9) + 0.01);
            loop.source.heal();
            loop.source.calls.clear();
            assertThat(loop.check()).isTrue();
            assertThat(loop.source.calls).containsExactly("manifest", "read a.yaml");
        }
    }

    @Nested
    class Suppression {
        @Test
        void isAWindowThatDoublesUpToItsMost() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5); // In the middle of the jitter: the plain windows.
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            List<Double> at = listings(loop, Duration.ofSeconds(2 + 4 + 8 + 16 + 30 + 30 + 1));
            assertThat(at).hasSize(6);
            double[] expected = {2, 6, 14, 30, 60, 90};
            for (int i = 0; i < expected.length; i++) {
                assertThat(at.get(i)).isCloseTo(expected[i], within(0.001));
            }
        }

        @ParameterizedTest
        @ValueSource(doubles = {0, 0.5, 0.999})
        void variesByFifteenPercent(double random) {
            SimulatedLoop loop = running(NO_RETRIES, random);
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            List<Double> at = listings(loop, Duration.ofSeconds(8));
            double factor = 0.85 + 0.3 * random;
            assertThat(at.get(0)).isCloseTo(2 * factor, within(0.001));
            assertThat(at.get(1) - at.get(0)).isCloseTo(4 * factor, within(0.001));
        }

        @Test
        void keepsAnUnforcedCheckFromTheBackend() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            loop.source.heal();
            loop.source.put("a.yaml", policy("album", "edit")).calls.clear();
            loop.advance(Duration.ofMillis(1999));
            assertThat(loop.check()).isFalse();
            assertThat(loop.source.calls).isEmpty();
            loop.advance(Duration.ofMillis(1));
            assertThat(loop.text("album")).contains("edit");
        }

        @Test
        void letsAForcedLookPassWhichClearsIt() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            assertThatThrownBy(loop::force).isInstanceOf(ConnectionFailedException.class);
            assertThat(loop.status().consecutiveFailures()).isEqualTo(2);
            loop.source.heal();
            assertThat(loop.force()).isFalse();
            assertThat(loop.status().suppressedUntil()).isEmpty();
            assertThat(loop.status().consecutiveFailures()).isZero();
            loop.source.put("a.yaml", policy("album", "edit"));
            assertThat(loop.check()).isTrue();
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            assertThat(listings(loop, Duration.ofSeconds(3)))
                    .singleElement()
                    .satisfies(at -> assertThat(at).isCloseTo(2, within(0.001)));
        }

        @Test
        void doesNotPutOffThePollsAfterASuccess() {
            SimulatedLoop loop = running(NO_RETRIES.withPollInterval(Duration.ofSeconds(1)), 0.5);
            loop.source.always(ScriptedSource.unreachable());
            loop.advance(Duration.ofSeconds(40)); // By now the windows are 30 s.
            loop.source.heal();
            loop.force();
            assertThat(listings(loop, Duration.ofSeconds(3))).hasSizeGreaterThanOrEqualTo(3);
        }

        @Test
        void meetsACheckThatWasAskedForWhileTheFailingLookWasUnderWay() {
            SimulatedLoop loop = running(NO_RETRIES.withPollInterval(Duration.ofSeconds(1)), 0.5);
            loop.source.calls.clear();
            loop.source.onManifest = () -> {
                loop.advance(Duration.ofSeconds(5)); // Polls fall due meanwhile.
                ScriptedSource.unreachable().run();
            };
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            assertThat(loop.source.count("manifest")).isEqualTo(1);
        }

        @Test
        void isNotSkippedByAStopAndANewStart() {
            SimulatedLoop loop = running(NO_RETRIES, 0.5);
            loop.source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            loop.driver.stop(Duration.ZERO);
            loop.driver.start(StartOptions.DEFAULT);
            assertThat(listings(loop, Duration.ofSeconds(3)))
                    .singleElement()
                    .satisfies(at -> assertThat(at).isCloseTo(2, within(0.001)));
        }
    }

    @Test
    void theLastGoodIsServedThroughAllOfItAndTheFailureIsTold() {
        SimulatedLoop loop = running(SyncSettings.DEFAULT, 0.5);
        loop.source.always(ScriptedSource.throwing(new NotFoundException(Problem.in("test", "the bucket is gone"))));
        loop.advance(Duration.ofHours(3));
        assertThat(loop.text("album")).contains("view");
        assertThat(loop.changes).hasSize(1);
        assertThat(loop.failures)
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("SD-007"));
        assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
        loop.source.heal();
        loop.advance(Duration.ofSeconds(35));
        assertThat(loop.driver.healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
    }
}
