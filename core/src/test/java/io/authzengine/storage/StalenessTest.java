package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.OnHardAge;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.source.SyncSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StalenessTest {
    private static final PolicyId A = PolicyId.ofResource("a", "default", "");
    private static final PolicyId NOBODYS = PolicyId.ofResource("nobody", "default", "");
    private static final Duration SOFT = Duration.ofMinutes(5);
    private static final Duration HARD = Duration.ofHours(1);
    private static final Duration POLL = Duration.ofSeconds(60);
    private static final Staleness FAIL_CLOSED =
            new Staleness(Optional.of(SOFT), Optional.of(HARD), OnHardAge.FAIL_CLOSED);
    private static final Staleness SERVE = new Staleness(Optional.of(SOFT), Optional.of(HARD), OnHardAge.SERVE);

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final FakeBackend backend = new FakeBackend();
    private final List<StoreEvent> events = new ArrayList<>();
    private PolicyStore store = storeWith(Staleness.NONE, Staleness.NONE);

    private PolicyStore storeWith(Staleness ofStore, Staleness ofDriver) {
        return PolicyStore.builder(
                        backend.driver(SyncSettings.DEFAULT.withRetries(0).withStaleness(ofDriver), context))
                .settings(StoreSettings.DEFAULT.withStaleness(ofStore))
                .context(context)
                .build();
    }

    private void start(Staleness ofStore, Staleness ofDriver) {
        store.close();
        store = storeWith(ofStore, ofDriver);
        backend.put("a.yaml", Documents.resource("a", "one"));
        store.start();
        store.subscribe(events::add);
    }

    private void loseTheBackend() {
        backend.failWith(new ConnectionFailedException(Problem.in("fake", "gone")));
    }

    private void heal() {
        backend.failWith(null);
        sim.advance(POLL);
    }

    private List<StoreEvent.Stale> stale() {
        return events.stream()
                .filter(StoreEvent.Stale.class::isInstance)
                .map(StoreEvent.Stale.class::cast)
                .toList();
    }

    private HealthStatus.Status driverHealth() {
        return store.status().drivers().values().iterator().next().status();
    }

    private HealthStatus health() {
        return store.status().health();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Nested
    class SoftAge {
        @Test
        void degradesAndIsToldTheMomentItPassesWithoutAnybodyAsking() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.advance(SOFT.minusMillis(1));
            assertThat(stale()).isEmpty();
            assertThat(store.status().freshness()).isEqualTo(Freshness.FRESH);

            sim.advance(Duration.ofMillis(1));

            assertThat(stale()).hasSize(1);
            assertThat(stale().get(0).freshness()).isEqualTo(Freshness.STALE);
            assertThat(stale().get(0).age()).isEqualTo(SOFT);
            assertThat(health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(store.status().isReady()).isTrue();
            assertThat(store.current().find(A)).isPresent();
        }

        @Test
        void isToldToThoseThatAreToldSynchronouslyToo() {
            start(FAIL_CLOSED, Staleness.NONE);
            List<StoreEvent> told = new ArrayList<>();
            store.events().subscribe(StoreEvent.Stale.class, SubscribeOptions.SYNCHRONOUS, told::add);
            store.stop(Duration.ofSeconds(1));
            sim.advance(SOFT);

            assertThat(told).hasSize(1);
        }

        @Test
        void isNotReachedWhileLooksComeBackWithoutNews() {
            start(FAIL_CLOSED, Staleness.NONE);
            sim.advance(Duration.ofHours(10));

            assertThat(events).isEmpty();
            assertThat(store.status().age().orElseThrow()).isLessThan(SOFT);
        }

        @Test
        void isNotReachedWhileARefusedCandidateWaitsAsTheBackendWasSeen() {
            start(FAIL_CLOSED, Staleness.NONE);
            backend.put("a.yaml", "nonsense");
            sim.advance(Duration.ofHours(10));

            assertThat(stale()).isEmpty();
            assertThat(store.current().find(A)).isPresent();
        }

        @Test
        void isReachedByAStoreThatWasStopped() {
            start(FAIL_CLOSED, Staleness.NONE);
            store.stop(Duration.ofSeconds(1));
            sim.advance(SOFT);

            assertThat(stale()).hasSize(1);
            store.checkAndReload();
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }
    }

    @Nested
    class HardAge {
        @Test
        void servesOnIfToldSoAndSaysIt() {
            start(SERVE, Staleness.NONE);
            loseTheBackend();
            sim.advance(HARD);

            assertThat(stale())
                    .extracting(StoreEvent.Stale::freshness)
                    .containsExactly(Freshness.STALE, Freshness.EXPIRED);
            assertThat(store.current().find(A)).isPresent();
            assertThat(store.status().isReady()).isTrue();
            assertThat(health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
        }

        @Test
        void failsClosedIfToldSoEveryLookupIsQuarantinedNothingIsFoundAndTheStoreIsNotReady() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.advance(HARD);

            assertThat(store.current().isBlocked()).isTrue();
            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.current().lookup(NOBODYS)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.current().find(A)).isEmpty();
            assertThat(store.current().all()).isEmpty();
            assertThat(store.current().version().number()).isEqualTo(1);
            assertThat(store.status().isReady()).isFalse();
            assertThat(health().status()).isEqualTo(HealthStatus.Status.UNHEALTHY);
            assertThat(health().message()).contains("failed closed", "hardAge");
            assertThat(stale())
                    .extracting(StoreEvent.Stale::freshness)
                    .containsExactly(Freshness.STALE, Freshness.FAILED_CLOSED);
        }

        @Test
        void makesNoVersionAndLeavesTheHistoryAlone() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.advance(HARD);

            assertThat(store.history().versions()).hasSize(1);
            assertThat(store.history().find(1).orElseThrow().find(A)).isPresent();
            assertThat(events).noneMatch(StoreEvent.Updated.class::isInstance);
        }

        @Test
        void healsByItselfWhenALookComesBackAlsoWithoutNews() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.advance(HARD);
            heal();

            assertThat(store.current().isBlocked()).isFalse();
            assertThat(store.current().find(A)).isPresent();
            assertThat(store.current().version().number()).isEqualTo(1);
            assertThat(store.status().isReady()).isTrue();
            assertThat(health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }

        @Test
        void servesWhatIsNewAtOnceWhenItHealsAndNeverTheOldOneFirst() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.advance(HARD);
            List<String> readers = new ArrayList<>();
            store.events()
                    .subscribe(
                            StoreEvent.class,
                            SubscribeOptions.SYNCHRONOUS,
                            event -> readers.add(event.name() + " " + store.current()));
            backend.put("a.yaml", Documents.resource("a", "two"));
            heal();

            assertThat(readers).allMatch(line -> line.contains("version 2"));
            assertThat(readers).last().asString().contains("store.recovered", "1 policies");
        }

        @Test
        void passesAgainAtTheNextOutage() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.advance(HARD);
            heal();
            loseTheBackend();
            sim.advance(HARD.plus(POLL));

            assertThat(store.current().isBlocked()).isTrue();
            assertThat(stale()).hasSize(4);
        }

        @Test
        void isMeasuredOnTheTickerSoThatASetClockDoesNotMatter() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.shiftWallClock(Duration.ofDays(-1000));
            sim.advance(HARD.minusMillis(1));
            assertThat(store.current().isBlocked()).isFalse();
            sim.shiftWallClock(Duration.ofDays(5000));
            assertThat(store.current().isBlocked()).isFalse();

            sim.advance(Duration.ofMillis(1));
            assertThat(store.current().isBlocked()).isTrue();
        }

        @Test
        void isNoticedRightAfterTheMachineSlept() {
            start(FAIL_CLOSED, Staleness.NONE);
            loseTheBackend();
            sim.pause(HARD.multipliedBy(3));
            assertThat(store.status().isReady()).isFalse();
            sim.advance(Duration.ofNanos(1));

            assertThat(store.current().isBlocked()).isTrue();
        }

        @Test
        void hasNothingToBlockBeforeTheFirstLoad() {
            store.close();
            store = storeWith(FAIL_CLOSED, FAIL_CLOSED);
            sim.advance(HARD);

            assertThat(store.current().isBlocked()).isFalse();
            assertThat(store.status().isReady()).isFalse();
            assertThat(store.status().age()).isEmpty();
        }
    }

    @Nested
    class OfADriver {
        @Test
        void aDriversOwnAgesCountTooAndTheWorstHolds() {
            start(SERVE, FAIL_CLOSED);
            loseTheBackend();
            sim.advance(SOFT);
            assertThat(driverHealth()).isEqualTo(HealthStatus.Status.DEGRADED);
            sim.advance(HARD.minus(SOFT));

            assertThat(store.current().isBlocked()).isTrue();
            assertThat(driverHealth()).isEqualTo(HealthStatus.Status.UNHEALTHY);
            heal();
            assertThat(store.current().isBlocked()).isFalse();
            assertThat(health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void itIsReachedByAStoreThatOnlyEverChecks() {
            store.close();
            store = storeWith(Staleness.NONE, FAIL_CLOSED);
            store.subscribe(events::add);
            backend.put("a.yaml", Documents.resource("a", "one"));
            store.checkAndReload();
            loseTheBackend();
            sim.advance(HARD.minusMillis(1));
            assertThat(store.current().isBlocked()).isFalse();
            sim.advance(Duration.ofMillis(1));

            assertThat(store.status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
            assertThat(store.current().isBlocked()).isTrue();
            assertThat(stale())
                    .extracting(StoreEvent.Stale::freshness)
                    .containsExactly(Freshness.STALE, Freshness.FAILED_CLOSED);
            assertThatThrownBy(() -> store.checkAndReload(Duration.ofMinutes(1)))
                    .isInstanceOf(ConnectionFailedException.class);
            assertThat(store.current().isBlocked()).isTrue();

            backend.failWith(null);
            backend.put("a.yaml", Documents.resource("a", "two"));
            store.checkAndReload(CheckMode.FORCE);
            assertThat(store.current().isBlocked()).isFalse();
            assertThat(store.current().version().number()).isEqualTo(2);
        }

        @Test
        void itIsReachedByAStoreThatWasStopped() {
            start(Staleness.NONE, FAIL_CLOSED);
            store.stop(Duration.ofSeconds(1));
            sim.advance(HARD);

            assertThat(store.current().isBlocked()).isTrue();
            store.checkAndReload();
            assertThat(store.current().isBlocked()).isFalse();
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }

        @Test
        void itIsToldWithoutLimitsOfTheStore() {
            start(Staleness.NONE, FAIL_CLOSED);
            loseTheBackend();
            sim.advance(HARD);
            heal();

            assertThat(stale())
                    .extracting(StoreEvent.Stale::freshness)
                    .containsExactly(Freshness.STALE, Freshness.FAILED_CLOSED);
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }
    }

    /** A store that follows another: each look comes back, and may say what that one has not been able to check for days. */
    @Nested
    class OfWhatIsFollowed {
        private final FakeBackend origin = new FakeBackend();
        private final PolicyStore upstream =
                PolicyStore.builder(origin.driver(context)).context(context).build();

        private void follow(Staleness ofStore, Staleness ofDriver) {
            origin.put("a.yaml", Documents.resource("a", "one"));
            upstream.start();
            backend.answersAged(() -> upstream.status().age().orElseThrow());
            start(ofStore, ofDriver);
        }

        private void loseTheOrigin() {
            origin.failWith(new ConnectionFailedException(Problem.in("origin", "gone")));
        }

        @AfterEach
        void close() {
            upstream.close();
        }

        @Test
        void isNoStalerThanThatAsLongAsThatOneHearsOfItsBackend() {
            follow(FAIL_CLOSED, FAIL_CLOSED);
            sim.advance(Duration.ofHours(10));

            assertThat(events).isEmpty();
            assertThat(store.status().age().orElseThrow()).isLessThan(POLL.multipliedBy(2));
        }

        @Test
        void passesTheDriversLimitsThoughEachLookComesBack() {
            follow(Staleness.NONE, FAIL_CLOSED);
            loseTheOrigin();
            sim.advance(HARD);

            assertThat(stale())
                    .extracting(StoreEvent.Stale::freshness)
                    .containsExactly(Freshness.STALE, Freshness.FAILED_CLOSED);
            assertThat(store.current().isBlocked()).isTrue();
            assertThat(store.status().lastError()).isEmpty();
            assertThat(driverHealth()).isEqualTo(HealthStatus.Status.UNHEALTHY);
            assertThat(upstream.current().isBlocked()).isFalse();
        }

        @Test
        void passesTheStoresLimitsTooAndHealsWithTheOrigin() {
            follow(FAIL_CLOSED, Staleness.NONE);
            loseTheOrigin();
            sim.advance(HARD);
            assertThat(store.current().isBlocked()).isTrue();
            assertThat(store.status().age().orElseThrow()).isGreaterThanOrEqualTo(HARD);

            origin.failWith(null);
            sim.advance(POLL.multipliedBy(3));
            assertThat(store.current().isBlocked()).isFalse();
            assertThat(store.status().freshness()).isEqualTo(Freshness.FRESH);
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }

        @Test
        void passesWhenItDoesAndNotOnlyAtTheNextLook() {
            start(FAIL_CLOSED, Staleness.NONE);
            backend.answersAged(() -> SOFT.minusSeconds(10));
            store.checkAndReload();
            sim.advance(Duration.ofSeconds(10).minusMillis(1));
            assertThat(stale()).isEmpty();
            sim.advance(Duration.ofMillis(1));

            assertThat(stale()).hasSize(1);
        }

        @Test
        void isToldByTheDriversHealth() {
            start(Staleness.NONE, FAIL_CLOSED);
            backend.answersAged(() -> SOFT);
            store.checkAndReload();

            assertThat(store.status().drivers().values().iterator().next().message())
                    .contains("brought what was 300 s old already");
        }

        @Test
        void isNothingIfItIsSaidToBeLessThanThatAndHasAnEnd() {
            backend.answersAged(() -> Duration.ofDays(-1));
            start(FAIL_CLOSED, FAIL_CLOSED);
            assertThat(store.status().age()).contains(Duration.ZERO);

            backend.answersAged(() -> Duration.ofSeconds(Long.MAX_VALUE));
            store.checkAndReload();
            assertThat(store.current().isBlocked()).isTrue();
            assertThat(store.status().age().orElseThrow()).isGreaterThan(Duration.ofDays(10_000));
        }

        @Test
        void isThatOfTheLookThatCameBackAndNotOfOneThatFailed() {
            start(FAIL_CLOSED, Staleness.NONE);
            backend.answersAged(() -> HARD);
            loseTheBackend();
            assertThatThrownBy(store::checkAndReload).isInstanceOf(ConnectionFailedException.class);

            assertThat(store.status().freshness()).isEqualTo(Freshness.FRESH);
        }
    }

    @Test
    void aClosedStoreWatchesNoAges() {
        start(FAIL_CLOSED, FAIL_CLOSED);
        store.close();

        assertThat(sim.pending()).isZero();
    }

    @Test
    void agesAreLongerThanNothingAndTheHardOneIsNoShorter() {
        assertThatThrownBy(() -> new Staleness(Optional.of(Duration.ZERO), Optional.empty(), OnHardAge.SERVE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("softAge");
        assertThatThrownBy(() -> new Staleness(Optional.of(HARD), Optional.of(SOFT), OnHardAge.SERVE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hardAge");
    }
}
