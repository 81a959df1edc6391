package io.authzengine.storage;

import static io.authzengine.storage.StoreByHand.A;
import static io.authzengine.storage.StoreByHand.policy;
import static io.authzengine.storage.StoreByHand.putting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.diff.PolicyDiff;
import io.authzengine.storage.diff.VersionDiff;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the store remembers of the sets it served. */
class PolicyHistoryTest {
    private StoreByHand hand = new StoreByHand();

    private PolicyHistory history() {
        return hand.store.history();
    }

    private void with(StoreSettings settings) {
        hand.close();
        hand = new StoreByHand(settings);
    }

    private void update(String mark) {
        hand.store.update(putting(policy("a", mark)), mark);
    }

    @AfterEach
    void close() {
        hand.close();
    }

    @Nested
    class Versions {
        @Test
        void beginAtOneAndCountUp() {
            update("one");
            update("two");
            update("three");

            assertThat(history().versions()).extracting(PolicyVersion::number).containsExactly(1L, 2L, 3L);
            assertThat(history().versions()).extracting(PolicyVersion::comment).containsExactly("one", "two", "three");
        }

        @Test
        void areFoundAsTheyWereServed() {
            update("one");
            PolicySnapshot first = hand.store.current();
            update("two");

            assertThat(history().find(1)).containsSame(first);
            assertThat(history().find(2)).containsSame(hand.store.current());
            assertThat(history().find(0)).isEmpty();
            assertThat(history().find(3)).isEmpty();
        }

        @Test
        void beyondTheLimitTheOldestAreForgotten() {
            with(StoreSettings.DEFAULT.withMaxVersions(3));
            for (int i = 1; i <= 5; i++) {
                update("text " + i);
            }

            assertThat(history().versions()).extracting(PolicyVersion::number).containsExactly(3L, 4L, 5L);
            assertThat(history().find(1)).isEmpty();
            assertThat(history().find(2)).isEmpty();
        }

        @Test
        void ofTheSameContentAsTheCurrentAreNotMadeTwice() {
            update("one");
            update("one");

            assertThat(history().versions()).hasSize(1);
        }

        @Test
        void thatReturnToEarlierContentSayWhichTheyAreLike() {
            update("one");
            update("two");
            update("one");

            assertThat(history().versions())
                    .extracting(PolicyVersion::sameAs)
                    .containsExactly(
                            java.util.OptionalLong.empty(),
                            java.util.OptionalLong.empty(),
                            java.util.OptionalLong.of(1));
            assertThat(history().find(3).orElseThrow().digest())
                    .isEqualTo(history().find(1).orElseThrow().digest());
        }

        @Test
        void thatOnlyMovedADocumentAreLikeTheOneBefore() {
            hand.source("a", "one");
            hand.backend.remove("a.yaml");
            hand.backend.put("moved.yaml", Documents.resource("a", "one"));
            hand.look();

            assertThat(hand.store.current().version().sameAs()).hasValue(1);
        }

        @Test
        void ofTheSourceCarryItsRevision() {
            hand.source("a", "one");

            assertThat(hand.store.current().version().revisions()).containsOnlyKeys("fake");
        }

        @Test
        void olderThanTheSettingAreForgottenByTheTimeTheyStoppedBeingServed() {
            with(StoreSettings.DEFAULT.withMaxVersionAge(Duration.ofDays(30)));
            update("one");
            hand.sim.advance(Duration.ofDays(90));
            update("two");
            hand.sim.advance(Duration.ofDays(29));
            assertThat(history().versions())
                    .as("it was served until 29 days ago")
                    .hasSize(2);

            hand.sim.advance(Duration.ofDays(2));
            assertThat(history().versions()).extracting(PolicyVersion::number).containsExactly(2L);
            assertThat(history().previous()).isEmpty();

            hand.sim.advance(Duration.ofDays(900));
            assertThat(history().find(2))
                    .as("the current one is never forgotten")
                    .isPresent();
        }

        @Test
        void haveStatistics() {
            assertThat(history().statistics().current()).isZero();
            assertThat(history().statistics().remembered()).isZero();
            with(StoreSettings.DEFAULT.withMaxVersions(2));
            update("one");
            hand.sim.advance(Duration.ofMinutes(1));
            update("two");
            Instant second = hand.sim.clock().instant();
            hand.sim.advance(Duration.ofMinutes(1));
            update("three");

            PolicyHistory.Statistics statistics = history().statistics();
            assertThat(statistics.remembered()).isEqualTo(2);
            assertThat(statistics.limit()).isEqualTo(2);
            assertThat(statistics.current()).isEqualTo(3);
            assertThat(statistics.oldest()).isEqualTo(2);
            assertThat(statistics.oldestAt()).contains(second);
            assertThat(statistics.latestAt()).contains(second.plusSeconds(60));
        }
    }

    @Nested
    class AsOf {
        @Test
        void anInstantTheSetServedThenIsFound() {
            Instant start = hand.sim.clock().instant();
            hand.sim.advance(Duration.ofHours(1));
            update("one");
            hand.sim.advance(Duration.ofHours(1));
            update("two");
            hand.sim.advance(Duration.ofHours(1));

            assertThat(history().asOf(start)).isEmpty();
            assertThat(markAt(start.plusSeconds(3600))).isEqualTo("one");
            assertThat(markAt(start.plusSeconds(7199))).isEqualTo("one");
            assertThat(markAt(start.plusSeconds(7200))).isEqualTo("two");
            assertThat(markAt(start.plus(Duration.ofDays(1)))).isEqualTo("two");
        }

        private String markAt(Instant instant) {
            return StoreByHand.mark(history().asOf(instant).orElseThrow(), "a");
        }

        @Test
        void aClockThatIsSetBackNumbersGoOnAndTheLatestMadeByThenIsFound() {
            Simulation sim = Simulation.seeded(1);
            AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);
            StorageContext context = new StorageContext(
                    () -> sim.clock().instant().plus(offset.get()),
                    sim::nanoTime,
                    sim.random(),
                    sim.scheduler(),
                    sim.workers(),
                    sim::await);
            try (PolicyStore store = PolicyStore.builder(new FakeBackend().driver(context))
                    .context(context)
                    .settings(StoreSettings.DEFAULT.withMaxVersionAge(Duration.ofDays(1)))
                    .build()) {
                store.update(putting(policy("a", "one")), "");
                Instant first = context.clock().instant();
                offset.set(Duration.ofDays(-3650));
                store.update(putting(policy("a", "two")), "");
                Instant second = context.clock().instant();

                assertThat(second).isBefore(first);
                assertThat(store.current().version().number()).isEqualTo(2);
                assertThat(store.history().versions()).hasSize(2);
                assertThat(store.history().asOf(second).orElseThrow().version().number())
                        .isEqualTo(2);
                assertThat(store.history().asOf(first).orElseThrow().version().number())
                        .isEqualTo(2);
                store.history().rollbackToPrevious("");
                assertThat(StoreByHand.mark(store.current(), "a")).isEqualTo("one");
            }
        }
    }

    @Nested
    class Diff {
        @Test
        void tellsWhatWasAddedDeletedAndModified() {
            hand.store.update(putting(policy("a", "one"), policy("gone", "one"), policy("same", "one")), "");
            hand.store.update(
                    java.util.Map.of(
                            A,
                            java.util.Optional.of(policy("a", "two")),
                            StoreByHand.id("gone"),
                            java.util.Optional.empty(),
                            StoreByHand.id("new"),
                            java.util.Optional.of(policy("new", "two"))),
                    "");

            VersionDiff diff = history().diff(1, 2);

            assertThat(diff.added()).extracting(Policy::id).containsExactly(StoreByHand.id("new"));
            assertThat(diff.deleted()).extracting(Policy::id).containsExactly(StoreByHand.id("gone"));
            assertThat(diff.modified()).extracting(PolicyDiff::id).containsExactly(A);
            assertThat(diff.from().number()).isEqualTo(1);
            assertThat(diff.to().number()).isEqualTo(2);
        }

        @Test
        void showsAModifiedPolicyAsAJsonPatchAndAsText() {
            update("one");
            update("two");

            PolicyDiff diff = history().diff(1, 2).modified().get(0);

            assertThat(diff.patch()).hasToString("[{\"op\":\"replace\",\"path\":\"/description\",\"value\":\"two\"}]");
            assertThat(diff.text())
                    .startsWith("--- by-hand.yaml\n+++ by-hand.yaml\n@@ -1,5 +1,5 @@\n")
                    .contains("\n-description: \"one\"\n+description: \"two\"\n");
        }

        @Test
        void goesBackwardsToo() {
            update("one");
            update("two");

            assertThat(history().diff(2, 1).modified().get(0).patch().toString())
                    .contains("\"value\":\"one\"");
            assertThat(history().diff(2, 2).changes().events()).isEmpty();
        }

        @Test
        void ofAVersionThatIsNotThereNamesThoseThatAre() {
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> history().diff(1, 2))
                    .withMessageContaining("version 1 is not remembered; there is none yet");
            with(StoreSettings.DEFAULT.withMaxVersions(2));
            List.of("one", "two", "three").forEach(PolicyHistoryTest.this::update);

            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> history().diff(1, 3))
                    .withMessage("version 1 is not remembered; there are 2 to 3 (maxVersions keeps more)");
        }
    }
}
