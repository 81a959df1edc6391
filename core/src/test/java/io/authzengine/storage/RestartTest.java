package io.authzengine.storage;

import static io.authzengine.storage.StoreByHand.policy;
import static io.authzengine.storage.StoreByHand.putting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.StoreStatus.Departure;
import io.authzengine.storage.StoreStatus.Departure.Reason;
import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.OnHardAge;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.gate.PolicyGate;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyVersion;
import io.authzengine.storage.source.SyncSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a process decided, and how old its evidence was, holds in the next. */
class RestartTest {
    private static final Duration POLL = Duration.ofSeconds(61);

    @TempDir
    private Path directory;

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final FakeBackend backend = new FakeBackend();
    private final List<PolicyStore> stores = new ArrayList<>();
    private final ConnectionFailedException down =
            new ConnectionFailedException(Problem.in("fake", "connection refused"));

    private StoreSettings settings(InitMode mode) {
        return StoreSettings.DEFAULT
                .withInitMode(mode)
                .withDisk(new StoreSettings.Disk(Optional.of(directory.resolve("cache")), Optional.empty()));
    }

    private PolicyStore store(StoreSettings settings, PolicyGate... gates) {
        PolicyStoreBuilder builder =
                new PolicyStoreBuilder(backend::driver).settings(settings).context(context);
        for (PolicyGate gate : gates) {
            builder.gate(gate);
        }
        PolicyStore store = builder.build();
        stores.add(store);
        return store;
    }

    private PolicyStore started(StoreSettings settings, PolicyGate... gates) {
        PolicyStore store = store(settings, gates);
        store.start();
        return store;
    }

    private PolicyStore started(InitMode mode) {
        return started(settings(mode));
    }

    private void source(String mark) {
        backend.put("a.yaml", Documents.resource("a", mark));
        sim.advance(POLL);
    }

    private static String mark(PolicyStore store) {
        return StoreByHand.mark(store.current(), "a");
    }

    private static List<Reason> reasons(PolicyStore store) {
        return store.status().departures().stream().map(Departure::reason).toList();
    }

    @AfterEach
    void close() {
        stores.forEach(PolicyStore::close);
    }

    @Nested
    class WhatCannotBeRead {
        private final PolicyId a = PolicyId.ofResource("a", "default", "");

        private StoreSettings quarantining(InitMode mode) {
            return settings(mode).withOnInvalid(OnInvalid.QUARANTINE);
        }

        /** The next process does not know what stood where, only what was served. */
        @ParameterizedTest
        @EnumSource
        void isNotTakenForDeletedByTheNextProcess(InitMode mode) {
            backend.put("b.yaml", Documents.resource("b", "one"));
            backend.put("a.yaml", Documents.resource("a", "one"));
            PolicyStore before = started(quarantining(mode));
            backend.put("a.yaml", "nonsense");
            sim.advance(POLL);
            assertThat(before.current().lookup(a)).isInstanceOf(Lookup.Quarantined.class);
            before.close();

            PolicyStore after = started(quarantining(mode));
            assertThat(after.current().lookup(a)).isInstanceOf(Lookup.Quarantined.class);
            sim.advance(POLL);
            assertThat(after.current().lookup(a)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(after.current().isWhole()).isFalse();
            source("two");
            assertThat(mark(after)).isEqualTo("two");
            assertThat(after.current().isWhole()).isTrue();
        }

        @ParameterizedTest
        @EnumSource
        void isNotTakenForDeletedIfItBrokeInBetween(InitMode mode) {
            backend.put("b.yaml", Documents.resource("b", "one"));
            backend.put("a.yaml", Documents.resource("a", "one"));
            started(quarantining(mode)).close();
            backend.put("a.yaml", "nonsense");

            assertThat(started(quarantining(mode)).current().lookup(a)).isInstanceOf(Lookup.Quarantined.class);
        }

        @Test
        void isStillMissingInTheCopyThatIsServedWithoutTheSource() {
            backend.put("b.yaml", Documents.resource("b", "one"));
            backend.put("a.yaml", "nonsense");
            PolicyStore before = started(quarantining(InitMode.DEGRADED));
            assertThat(before.current().quarantined()).isEmpty();
            List<Finding> leftOut = before.current().leftOut();
            before.close();
            backend.failWith(down);

            PolicyStore after = started(quarantining(InitMode.DEGRADED));
            assertThat(after.current().version().number()).isEqualTo(1);
            assertThat(after.current().leftOut()).isEqualTo(leftOut).isNotEmpty();
            assertThat(after.current().isWhole()).isFalse();
        }
    }

    @Nested
    class ARollback {
        private PolicyStore rolledBack() {
            backend.put("a.yaml", Documents.resource("a", "good"));
            PolicyStore store = started(InitMode.FAIL_FAST);
            source("bad");
            store.history()
                    .rollbackToPrevious(Note.of("it denied the night shift").by("bob"));
            return store;
        }

        @ParameterizedTest
        @EnumSource
        void isServedAgainAndWhatItAbandonedIsNotAppliedAgain(InitMode mode) {
            PolicyStore before = rolledBack();
            PolicyVersion version = before.current().version();
            List<Departure> decisions = before.status().departures();
            before.close();

            PolicyStore after = started(mode);
            sim.advance(POLL);

            assertThat(mark(after)).isEqualTo("good");
            assertThat(after.current().version()).isEqualTo(version);
            assertThat(after.status().departures()).isEqualTo(decisions);
            assertThat(after.status().health().message()).contains("rolled back", "bob", "night shift");
        }

        @ParameterizedTest
        @EnumSource
        void isOverOnceTheSourceHasMovedOnMeanwhile(InitMode mode) {
            rolledBack().close();
            source("mended");

            PolicyStore after = started(mode);

            assertThat(mark(after)).isEqualTo("mended");
            assertThat(after.current().version().number()).isEqualTo(4);
            assertThat(after.status().departures()).isEmpty();
            source("bad");
            assertThat(mark(after)).as("nothing is set aside any more").isEqualTo("bad");
        }

        @Test
        void holdsOverSeveralRestarts() {
            rolledBack().close();
            started(InitMode.FAIL_FAST).close();
            started(InitMode.DEGRADED).close();

            assertThat(mark(started(InitMode.FAIL_FAST))).isEqualTo("good");
        }

        @Test
        void isNotServedByAStoreThatIsToldToFailWhileTheBackendIsNotThere() {
            rolledBack().close();
            backend.failWith(down);
            PolicyStore after = store(settings(InitMode.FAIL_FAST));

            assertThatThrownBy(after::start).isSameAs(down);
            assertThat(after.current().version().isNone()).isTrue();
        }

        @Test
        void thatTheGatesRefuseNowIsHeldAndWhatItAbandonedIsStillNotApplied() {
            rolledBack().close();
            PolicyStore after = store(
                    settings(InitMode.FAIL_FAST),
                    candidate -> List.of(Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("set"), "not today")));

            assertThatThrownBy(after::start)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("not today");
            assertThat(after.current().version().isNone()).isTrue();
        }

        @Test
        void isFollowedByTheNextNumber() {
            rolledBack().close();
            PolicyStore after = started(InitMode.FAIL_FAST);

            source("mended");

            assertThat(after.current().version().number()).isEqualTo(4);
        }
    }

    @Nested
    class APin {
        @ParameterizedTest
        @EnumSource
        void holdsWhateverTheSourceBringsUntilItIsTakenAway(InitMode mode) {
            backend.put("a.yaml", Documents.resource("a", "pinned"));
            PolicyStore before = started(InitMode.FAIL_FAST);
            before.history().pin(Note.of("freeze for the audit").by("carol"));
            before.close();
            source("new");

            PolicyStore after = started(mode);

            assertThat(mark(after)).isEqualTo("pinned");
            assertThat(reasons(after)).containsExactly(Reason.PINNED);
            assertThat(after.history().unpin()).isTrue();
            assertThat(mark(after)).isEqualTo("new");
        }

        @Test
        void thatWasTakenAwayStaysAway() {
            backend.put("a.yaml", Documents.resource("a", "pinned"));
            PolicyStore before = started(InitMode.FAIL_FAST);
            before.history().pin("freeze");
            before.history().unpin();
            before.close();
            source("new");

            PolicyStore after = started(InitMode.FAIL_FAST);

            assertThat(mark(after)).isEqualTo("new");
            assertThat(after.status().departures()).isEmpty();
        }

        @Test
        void isServedWhileTheBackendIsNotThere() {
            backend.put("a.yaml", Documents.resource("a", "pinned"));
            PolicyStore before = started(InitMode.FAIL_FAST);
            before.history().pin("freeze");
            before.close();
            backend.failWith(down);

            PolicyStore after = started(InitMode.DEGRADED);

            assertThat(mark(after)).isEqualTo("pinned");
            assertThat(reasons(after)).containsExactly(Reason.PINNED);
        }
    }

    @Nested
    class AChangeByHand {
        @ParameterizedTest
        @EnumSource
        void holdsUntilTheSourceMovesOn(InitMode mode) {
            backend.put("a.yaml", Documents.resource("a", "source"));
            PolicyStore before = started(InitMode.FAIL_FAST);
            before.update(putting(policy("a", "by hand")), "emergency");
            before.close();

            PolicyStore after = started(mode);

            assertThat(mark(after)).isEqualTo("by hand");
            assertThat(reasons(after)).containsExactly(Reason.CHANGED_BY_HAND);
            source("moved on");
            assertThat(mark(after)).isEqualTo("moved on");
        }

        @Test
        void beforeTheStartComesAfterWhatAnEarlierProcessLeft() {
            backend.put("a.yaml", Documents.resource("a", "source"));
            started(InitMode.FAIL_FAST).close();
            PolicyStore after = store(settings(InitMode.DEGRADED));

            PolicyVersion made = after.update(putting(policy("b", "by hand")), "emergency");

            assertThat(made.number()).isEqualTo(2);
            assertThat(mark(after)).isEqualTo("source");
        }
    }

    @Nested
    class TheAge {
        private StoreSettings closes() {
            return settings(InitMode.DEGRADED)
                    .withStaleness(
                            new Staleness(Optional.empty(), Optional.of(Duration.ofHours(1)), OnHardAge.FAIL_CLOSED));
        }

        private void leave() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            PolicyStore store = started(closes());
            sim.advance(Duration.ofHours(3)); // The set is old, the evidence for it is not.
            store.close();
            backend.failWith(down);
        }

        @Test
        void countsFromTheLastAgreementWithTheBackendHoweverOftenTheStoreIsRestarted() {
            leave();
            for (int restart = 0; restart < 3; restart++) {
                sim.advance(Duration.ofMinutes(18));
                PolicyStore store = started(closes());
                assertThat(store.status().freshness()).isEqualTo(Freshness.FRESH);
                store.close();
            }
            sim.advance(Duration.ofMinutes(18));

            PolicyStore store = started(closes());

            assertThat(store.status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
            assertThat(store.status().isReady()).isFalse();
        }

        @Test
        void isAlsoThatOfWhatTheBackendSaidLast() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.answersAged(() -> Duration.ofMinutes(50));
            started(closes()).close();
            backend.failWith(down);
            PolicyStore store = started(closes());
            assertThat(store.status().isReady()).isTrue();

            sim.advance(Duration.ofMinutes(11));

            assertThat(store.status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
        }

        @Test
        void passesWhileTheCopyIsServed() {
            leave();
            sim.advance(Duration.ofMinutes(50));
            PolicyStore store = started(closes());
            assertThat(store.status().isReady()).isTrue();

            sim.advance(Duration.ofMinutes(11));

            assertThat(store.status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
        }

        @Test
        void isThatOfTheSetIfNobodyKnowsWhenTheyAgreed() throws IOException {
            leave();
            Files.writeString(directory.resolve("cache/agreed"), "nonsense");

            assertThat(started(closes()).status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
        }

        @Test
        void isNoLessThanTheTickerSaysIfTheClockIsSetBack() {
            leave();
            sim.shiftWallClock(Duration.ofDays(-1));
            PolicyStore store = started(closes());
            assertThat(store.status().isReady()).isTrue();

            sim.advance(Duration.ofMinutes(61));

            assertThat(store.status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
        }

        @Test
        void ofADriverIsThatOfItsEvidenceTooAlsoIfTheBackendNeverAnswersAgain() {
            Staleness limits = new Staleness(Optional.empty(), Optional.of(Duration.ofHours(1)), OnHardAge.FAIL_CLOSED);
            backend.put("a.yaml", Documents.resource("a", "one"));
            startedWithDriverThat(limits).close();
            backend.failWith(down);
            sim.advance(Duration.ofMinutes(50));
            PolicyStore store = startedWithDriverThat(limits);
            assertThat(store.status().isReady()).isTrue();

            sim.advance(Duration.ofMinutes(11));

            assertThat(store.status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
            assertThat(store.current().isBlocked()).isTrue();
            store.close();
            assertThat(startedWithDriverThat(limits).status().isReady())
                    .as("another restart")
                    .isFalse();
        }

        private PolicyStore startedWithDriverThat(Staleness limits) {
            PolicyStore store = new PolicyStoreBuilder(made ->
                            backend.driver(SyncSettings.DEFAULT.withRetries(0).withStaleness(limits), made))
                    .settings(settings(InitMode.DEGRADED))
                    .context(context)
                    .build();
            stores.add(store);
            store.start();
            return store;
        }

        @Test
        void isForgivenAsSoonAsTheBackendAnswers() {
            leave();
            sim.advance(Duration.ofHours(2));
            PolicyStore store = started(closes());
            backend.failWith(null);

            sim.advance(POLL);
            sim.advance(POLL);

            assertThat(store.status().isReady()).isTrue();
            assertThat(mark(store)).isEqualTo("one");
        }
    }

    @Nested
    class AStartFromTheCopy {
        @Test
        void waitsForTheFirstLookOnlySoLong() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            started(InitMode.DEGRADED).close();
            backend.put("a.yaml", Documents.resource("a", "two"));
            backend.failWith(down);
            SyncSettings patient =
                    SyncSettings.DEFAULT.withRetries(9).withRetryDelays(Duration.ofSeconds(60), Duration.ofSeconds(60));
            PolicyStore store = new PolicyStoreBuilder(own -> backend.driver(patient, own))
                    .settings(settings(InitMode.DEGRADED))
                    .context(context)
                    .build();
            stores.add(store);
            long begun = sim.nanoTime();

            store.start();

            assertThat(Duration.ofNanos(sim.nanoTime() - begun)).isLessThanOrEqualTo(Duration.ofSeconds(2));
            assertThat(mark(store)).isEqualTo("one");
            backend.failWith(null);
            sim.advance(POLL);
            assertThat(mark(store)).isEqualTo("two");
        }

        @Test
        void isOverWithTheFirstLookIfThatComesBack() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            started(InitMode.DEGRADED).close();
            backend.put("a.yaml", Documents.resource("a", "two"));

            assertThat(mark(started(InitMode.DEGRADED))).isEqualTo("two");
        }

        @Test
        void failsIfCredentialsAreRefused() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            started(InitMode.DEGRADED).close();
            backend.failWith(new AuthenticationFailedException(Problem.in("fake", "refused")));
            PolicyStore store = store(settings(InitMode.DEGRADED));

            assertThatThrownBy(store::start).isInstanceOf(AuthenticationFailedException.class);
        }
    }
}
