package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a driver tells of itself. */
class SourceDriverStatusTest {
    private final SimulatedLoop loop = new SimulatedLoop(SyncSettings.DEFAULT.withRetries(0));
    private final ScriptedSource source = loop.source.put("a.yaml", policy("album", "view"));

    private HealthStatus health() {
        return loop.driver.healthCheck();
    }

    @Nested
    class Diagnostics {
        @Test
        void areEmptyAtFirst() {
            assertThat(loop.status()).isEqualTo(SyncStatus.NEW);
        }

        @Test
        void tellTheRevisionAndTheTimesOfLookingAndOfReloading() {
            loop.running();
            Instant loaded = loop.sim.clock().instant();
            loop.advance(Duration.ofSeconds(5));
            loop.check();
            assertThat(loop.status().lastRevision()).isEqualTo(source.revision());
            assertThat(loop.status().lastReloadAt()).contains(loaded);
            assertThat(loop.status().lastCheckedAt()).contains(loaded.plusSeconds(5));
        }

        @Test
        void tellHowLongALookTook() {
            source.onManifest = () -> loop.advance(Duration.ofMillis(70));
            loop.running();
            assertThat(loop.status().lastLookTook()).contains(Duration.ofMillis(70));
            assertThat(health().details().latencyMs()).hasValue(70);
        }

        @Test
        void tellTheFailureThatHoldsAndKeepTheLastOneAfterASuccess() {
            loop.running();
            source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            Instant failed = loop.sim.clock().instant();
            assertThat(loop.status().lastError().orElseThrow()).hasMessageContaining("SD-001");
            assertThat(loop.status().consecutiveFailures()).isEqualTo(1);
            assertThat(loop.status().suppressedUntil().orElseThrow())
                    .isBetween(failed.plusMillis(1700), failed.plusMillis(2300));
            source.heal();
            loop.force();
            assertThat(loop.status().lastError()).isEmpty();
            assertThat(loop.status().suppressedUntil()).isEmpty();
            assertThat(loop.status().lastFailure().orElseThrow().at()).isEqualTo(failed);
            assertThat(loop.status().lastFailure().orElseThrow().error()).hasMessageContaining("nobody answers");
        }
    }

    @Nested
    class Health {
        @Test
        void isUnhealthyBeforeAnythingWasLoaded() {
            assertThat(health().status()).isEqualTo(Status.UNHEALTHY);
            assertThat(health().message()).isEqualTo("nothing was loaded yet");
            assertThat(health().details().connected()).isFalse();
        }

        @Test
        void isHealthyInAgreementWithTheBackend() {
            loop.running();
            assertThat(health().status()).isEqualTo(Status.HEALTHY);
            assertThat(health().details().policiesLoaded()).isEqualTo(1);
            assertThat(health().details().errors()).isEmpty();
        }

        @Test
        void isDegradedWithABrokenDocumentAndNamesItsPlace() {
            source.put("b.yaml", Documents.BROKEN);
            loop.running();
            assertThat(health().status()).isEqualTo(Status.DEGRADED);
            assertThat(health().message()).contains("b.yaml:").contains("SD-003");
        }

        @Test
        void isUnhealthyWhenTheCredentialsAreRefusedAlsoIfThereIsALastGood() {
            loop.running();
            source.always(ScriptedSource.throwing(
                    new AuthenticationFailedException(Problem.in("test", "the token is not accepted"))));
            assertThatThrownBy(loop::check).isInstanceOf(AuthenticationFailedException.class);
            assertThat(health().status()).isEqualTo(Status.UNHEALTHY);
            assertThat(health().message()).contains("SD-002");
        }

        @Test
        void isDegradedWhileTheBackendDoesNotAnswerAndSaysWhatIsServed() {
            loop.running();
            source.always(ScriptedSource.unreachable());
            assertThatThrownBy(loop::check).isInstanceOf(ConnectionFailedException.class);
            assertThat(health().status()).isEqualTo(Status.DEGRADED);
            assertThat(health().message()).contains("nobody answers").contains("2026-01-01T00:00:00Z stays");
            assertThat(health().details().connected()).isFalse();
        }

        @Test
        void isDegradedWhenNoLookHasComeBackForThreeIntervals() {
            loop.running();
            loop.sim.pause(SyncSettings.DEFAULT.pollInterval().multipliedBy(3));
            assertThat(health().status()).isEqualTo(Status.HEALTHY);
            loop.sim.pause(Duration.ofSeconds(1));
            assertThat(health().status()).isEqualTo(Status.DEGRADED);
            assertThat(health().message()).contains("no look has come back since 2026-01-01T00:00:00Z");
        }

        @Test
        void countsItsOwnLooksAloneAsOthersMayLookLessOften() {
            source.age = Duration.ofHours(1);
            loop.running();
            assertThat(loop.driver.answerAge()).isEqualTo(Duration.ofHours(1));
            assertThat(health().status()).isEqualTo(Status.HEALTHY);
            loop.sim.pause(SyncSettings.DEFAULT.pollInterval().multipliedBy(3).plusSeconds(1));
            assertThat(health().status()).isEqualTo(Status.DEGRADED);
        }

        @Test
        void measuresStalenessByTheIntervalOfTheStart() {
            loop.running();
            loop.driver.stop(Duration.ZERO);
            loop.driver.start(StartOptions.DEFAULT.withInterval(Duration.ofHours(1)));
            loop.advance(Duration.ofMinutes(40));
            assertThat(health().status()).isEqualTo(Status.HEALTHY);
        }

        @Test
        void doesNotCallAStoppedDriverStale() {
            loop.running();
            loop.driver.stop(Duration.ZERO);
            loop.advance(Duration.ofHours(1));
            assertThat(health().status()).isEqualTo(Status.HEALTHY);
        }
    }

    @Test
    void progressTellsHowFarAReadingHasGot() {
        source.put("b.yaml", policy("book", "read"));
        StringBuilder seen = new StringBuilder();
        source.onEntry = () -> seen.append(loop.driver.progress().orElseThrow()).append(' ');
        loop.running();
        assertThat(seen.toString()).isEqualTo("LoadProgress[done=0, total=2] LoadProgress[done=1, total=2] ");
        assertThat(loop.driver.progress()).isEmpty();
    }
}
