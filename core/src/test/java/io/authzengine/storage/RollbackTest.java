package io.authzengine.storage;

import static io.authzengine.storage.StoreByHand.A;
import static io.authzengine.storage.StoreByHand.policy;
import static io.authzengine.storage.StoreByHand.putting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.authzengine.storage.StoreStatus.Departure;
import io.authzengine.storage.StoreStatus.Departure.Reason;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The ways back, and what becomes of the source then. */
class RollbackTest {
    private StoreByHand hand = new StoreByHand();

    private PolicyHistory history() {
        return hand.store.history();
    }

    private void with(StoreByHand other) {
        hand.close();
        hand = other;
    }

    private void sourceGoesThrough(String... marks) {
        for (String mark : marks) {
            hand.source("a", mark);
        }
    }

    private List<Reason> departures() {
        return hand.store.status().departures().stream().map(Departure::reason).toList();
    }

    @AfterEach
    void close() {
        hand.close();
    }

    @Nested
    class Returning {
        @Test
        void toAVersionServesItsSetAgainAsAVersionOfItsOwn() {
            sourceGoesThrough("one", "two", "three");
            PolicySnapshot first = history().find(1).orElseThrow();

            Rollback rollback =
                    history().rollback(1, Note.of("two and three are wrong").by("alice"));

            PolicyVersion now = hand.store.current().version();
            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(hand.store.current().policies()).isSameAs(first.policies());
            assertThat(now.number()).isEqualTo(4);
            assertThat(now.rolledBackTo()).hasValue(1);
            assertThat(now.sameAs()).hasValue(1);
            assertThat(now.cause()).isEqualTo("rollback");
            assertThat(now.comment()).isEqualTo("two and three are wrong");
            assertThat(now.author()).isEqualTo("alice");
            assertThat(now.revisions()).isEqualTo(first.version().revisions());
            assertThat(rollback.version()).isEqualTo(now);
        }

        @Test
        void saysFromWhereToWhereAndWhatChanged() {
            sourceGoesThrough("one", "two");
            hand.source("b", "one");

            Rollback rollback = history().rollback(1, "");

            assertThat(rollback.from().number()).isEqualTo(3);
            assertThat(rollback.to().number()).isEqualTo(1);
            assertThat(rollback.version().createdAt())
                    .isEqualTo(hand.sim.clock().instant());
            assertThat(rollback.policies()).isEqualTo(1);
            assertThat(rollback.changes().count(PolicyChangeEvent.Type.MODIFIED))
                    .isEqualTo(1);
            assertThat(rollback.changes().count(PolicyChangeEvent.Type.DELETED)).isEqualTo(1);
        }

        @Test
        void isToldAsAnUpdateAndThenAsARollback() {
            sourceGoesThrough("one", "two");
            hand.events.clear();

            history().rollback(1, "");

            assertThat(hand.events).hasSize(3);
            assertThat(hand.events.get(0)).isInstanceOfSatisfying(StoreEvent.Updated.class, updated -> {
                assertThat(updated.changes().cause()).isEqualTo("rollback");
                assertThat(updated.version().rolledBackTo()).hasValue(1);
            });
            assertThat(hand.events.get(2)).isInstanceOfSatisfying(StoreEvent.RolledBack.class, rolledBack -> {
                assertThat(rolledBack.version().number()).isEqualTo(3);
                assertThat(rolledBack.from().number()).isEqualTo(2);
                assertThat(rolledBack.to().number()).isEqualTo(1);
            });
        }

        @Test
        void toThePreviousGoesFurtherBackEachTimeAndNeverForth() {
            sourceGoesThrough("one", "two", "three");

            assertThat(history().rollbackToPrevious("").to().number()).isEqualTo(2);
            assertThat(hand.mark("a")).isEqualTo("two");
            assertThat(history().rollbackToPrevious("").to().number()).isEqualTo(1);
            assertThat(hand.mark("a")).isEqualTo("one");
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> history().rollbackToPrevious(""))
                    .withMessageContaining("there are 1 to 5");
            assertThat(hand.mark("a")).isEqualTo("one");
        }

        @Test
        void toThePreviousAfterNewContentSkipsWhatWasAbandoned() {
            sourceGoesThrough("one", "two", "three");
            history().rollbackToPrevious("");
            sourceGoesThrough("four");

            history().rollbackToPrevious("");
            assertThat(hand.mark("a")).isEqualTo("two");
            history().rollbackToPrevious("");
            assertThat(hand.mark("a")).isEqualTo("one");
        }

        @Test
        void toThePreviousSkipsVersionsThatSayTheSame() {
            sourceGoesThrough("one", "two");
            hand.backend.remove("a.yaml");
            hand.backend.put("moved.yaml", Documents.resource("a", "two"));
            hand.look();
            assertThat(hand.number()).isEqualTo(3);

            assertThat(history().previous().orElseThrow().version().number()).isEqualTo(1);
            assertThat(history().rollback(2, "").version().number())
                    .as("what is served says the same, from a place that exists")
                    .isEqualTo(3);
            history().rollbackToPrevious("");
            assertThat(hand.mark("a")).isEqualTo("one");
        }

        @Test
        void toAVersionThatIsNotThereChangesNothingAndNamesThoseThatAre() {
            with(new StoreByHand(StoreSettings.DEFAULT.withMaxVersions(2)));
            sourceGoesThrough("one", "two", "three");

            for (long number : new long[] {1, 4, 0, -7}) {
                assertThatExceptionOfType(NoSuchElementException.class)
                        .isThrownBy(() -> history().rollback(number, ""))
                        .withMessageContaining("version " + number + " is not remembered; there are 2 to 3");
            }
            assertThat(hand.number()).isEqualTo(3);
            assertThat(hand.told(StoreEvent.RolledBack.class)).isEmpty();
        }

        @Test
        void toTheOldestWorksAlsoIfItIsForgottenByIt() {
            with(new StoreByHand(StoreSettings.DEFAULT.withMaxVersions(2)));
            sourceGoesThrough("one", "two");

            history().rollback(1, "");

            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(history().find(1)).isEmpty();
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> history().rollbackToPrevious(""));
        }

        @Test
        void toWhatIsServedAlreadyMakesNoVersion() {
            sourceGoesThrough("one", "two");

            Rollback rollback = history().rollback(2, "");

            assertThat(rollback.version()).isEqualTo(rollback.from());
            assertThat(rollback.changes().events()).isEmpty();
            assertThat(hand.number()).isEqualTo(2);
            assertThat(departures()).isEmpty();
        }

        @Test
        void canBeTriedWithoutServingAnything() {
            sourceGoesThrough("one", "two");

            ChangePlan plan = history().planRollback(1);

            assertThat(plan.changes().ids()).containsExactly(A);
            assertThat(plan.digest()).isEqualTo(history().find(1).orElseThrow().digest());
            assertThat(plan.passes()).isTrue();
            assertThat(hand.number()).isEqualTo(2);
            assertThat(departures()).isEmpty();
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> history().planRollback(9));
        }

        @Test
        void doesNotDependOnAGateThatIsBrokenNowButTheDryRunTells() {
            AtomicBoolean broken = new AtomicBoolean();
            with(new StoreByHand(1, StoreSettings.DEFAULT, candidate -> {
                if (broken.get()) {
                    throw new IllegalStateException("gate trouble");
                }
                return List.of();
            }));
            sourceGoesThrough("one", "two");
            broken.set(true);

            assertThat(history().planRollback(1).passes()).isFalse();
            history().rollback(1, "");
            assertThat(hand.mark("a")).isEqualTo("one");
        }

        @Test
        void bringsBackWhatWasBlockedThen() {
            with(new StoreByHand(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE)));
            sourceGoesThrough("one");
            hand.backend.put("a.yaml", "nonsense");
            hand.look();
            sourceGoesThrough("three");

            history().rollback(2, "");
            assertThat(hand.store.current().lookup(A)).isInstanceOf(Lookup.Quarantined.class);
        }
    }

    @Nested
    class TheSource {
        @Test
        void isNotAppliedAgainWhatItHoldsUntilItMovesOn() {
            sourceGoesThrough("one", "two");
            history().rollback(1, "two is wrong");

            hand.look();
            hand.store.checkAndReload(CheckMode.FORCE);
            hand.store.confirm(hand.store.planSource().digest());
            hand.store.stop(Duration.ofSeconds(1));
            hand.store.start();
            hand.look();
            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(hand.number()).isEqualTo(3);

            sourceGoesThrough("three");
            assertThat(hand.mark("a")).isEqualTo("three");
            assertThat(departures()).isEmpty();
        }

        @Test
        void hasNotMovedOnByMovingTheSameDocumentsElsewhere() {
            sourceGoesThrough("one", "two");
            history().rollback(1, "");
            hand.backend.remove("a.yaml");
            hand.backend.put("moved.yaml", Documents.resource("a", "two"));
            hand.look();

            assertThat(hand.mark("a")).isEqualTo("one");
        }

        @Test
        void hasNotMovedOnByReturningToSomethingElseThatWasAbandoned() {
            sourceGoesThrough("one", "two", "three");
            history().rollbackToPrevious("three is wrong");
            history().rollbackToPrevious("two is wrong as well");

            sourceGoesThrough("two");
            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(departures()).containsExactly(Reason.ROLLED_BACK);
        }

        @Test
        void isFollowedOnceItComesToWhatIsServed() {
            sourceGoesThrough("one", "two");
            history().rollback(1, "");
            sourceGoesThrough("one");
            assertThat(departures()).isEmpty();
            assertThat(hand.number()).as("nothing else is served").isEqualTo(3);

            sourceGoesThrough("two");
            assertThat(hand.mark("a")).as("a decision of its own").isEqualTo("two");
        }

        @Test
        void thatBringsSomethingBrokenInBetweenDoesNotGetWhatWasAbandonedBackIn() {
            sourceGoesThrough("one", "two");
            history().rollback(1, "");
            hand.backend.put("b.yaml", Documents.importing("b", "roles", "owner"));
            hand.look();
            assertThat(hand.store.status().held()).isPresent();
            hand.backend.remove("b.yaml");
            hand.look();

            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(hand.store.status().held()).isEmpty();
            assertThat(departures()).containsExactly(Reason.ROLLED_BACK);
        }

        @Test
        void whoseCandidateWasHeldWhenItWasDecidedIsNotAppliedByALaterConfirmation() {
            sourceGoesThrough("one");
            hand.source("b", "one");
            hand.backend.clear();
            hand.backend.hint();
            assertThat(hand.store.status().held()).isPresent();

            history().rollback(1, "");
            hand.store.confirm(hand.store.planSource().digest());
            hand.look();
            hand.look();

            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(hand.store.status().held()).isEmpty();
        }

        @Test
        void thatIsReturnedToIsFollowedAgain() {
            sourceGoesThrough("one", "two");
            history().rollback(1, "a mistake");
            history().rollback(2, "undone");

            assertThat(departures()).isEmpty();
            assertThat(hand.mark("a")).isEqualTo("two");
            sourceGoesThrough("three");
            assertThat(hand.mark("a")).isEqualTo("three");
        }

        @Test
        void takesThePlaceOfChangesByHandWhenItMovesOnAndNotBefore() {
            sourceGoesThrough("one");
            hand.store.update(putting(policy("b", "hand")), Note.of("meanwhile").by("bob"));
            hand.look();
            assertThat(hand.mark("b")).isEqualTo("hand");
            assertThat(departures()).containsExactly(Reason.CHANGED_BY_HAND);

            sourceGoesThrough("two");
            assertThat(hand.mark("a")).isEqualTo("two");
            assertThat(hand.mark("b")).isEqualTo("-");
            assertThat(departures()).isEmpty();
        }

        @Test
        void thatIsMendedHasMovedOn() {
            with(new StoreByHand(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE)));
            sourceGoesThrough("one");
            hand.source("b", "one");
            hand.backend.put("a.yaml", "nonsense");
            hand.look();
            hand.store.update(putting(policy("b", "hand")), "");
            hand.look();
            assertThat(hand.mark("b")).isEqualTo("hand");
            assertThat(hand.store.current().lookup(A)).isInstanceOf(Lookup.Quarantined.class);

            sourceGoesThrough("one");
            assertThat(hand.mark("a")).as("as it was before, and served again").isEqualTo("one");
        }

        @Test
        void thatHasJustComeAndWasNotYetTakenNoteOfIsNotDecidedOn() {
            sourceGoesThrough("one", "two");
            hand.backend.put("a.yaml", Documents.resource("a", "the cure"));
            history().rollback(1, "");

            hand.look();
            assertThat(hand.mark("a")).isEqualTo("the cure");
        }
    }

    @Nested
    class Pinning {
        @Test
        void holdsWhatIsServedAgainstTheSourceUntilItIsEnded() {
            sourceGoesThrough("one");
            history().pin(Note.of("freeze for the audit").by("carol"));
            sourceGoesThrough("two", "three");
            assertThat(hand.mark("a")).isEqualTo("one");

            assertThat(history().unpin()).isTrue();
            assertThat(hand.mark("a")).isEqualTo("three");
            assertThat(hand.store.current().version().cause()).isEqualTo("unpin");
            assertThat(history().unpin()).isFalse();
        }

        @Test
        void isSeenInStatusAndHealth() {
            sourceGoesThrough("one");
            history().pin(Note.of("freeze for the audit").by("carol"));

            StoreStatus status = hand.store.status();
            assertThat(status.departures())
                    .containsExactly(new Departure(
                            Reason.PINNED,
                            hand.sim.clock().instant(),
                            Note.of("freeze for the audit").by("carol")));
            assertThat(status.health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            assertThat(status.health().message()).contains("pinned since", "by carol: freeze for the audit");

            history().unpin();
            assertThat(hand.store.status().departures()).isEmpty();
            assertThat(hand.store.status().health().message()).doesNotContain("pinned");
        }

        @Test
        void leavesChangesByHandAndRollbacksPossibleAndHoldsThem() {
            sourceGoesThrough("one", "two");
            history().pin("");
            history().rollback(1, "");
            sourceGoesThrough("three");
            hand.store.update(putting(policy("b", "hand")), "");
            sourceGoesThrough("four");

            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(hand.mark("b")).isEqualTo("hand");
            assertThat(departures())
                    .containsExactlyInAnyOrder(Reason.PINNED, Reason.ROLLED_BACK, Reason.CHANGED_BY_HAND);
            history().unpin();
            assertThat(hand.mark("a")).isEqualTo("four");
            assertThat(departures()).isEmpty();
        }

        @Test
        void endedAfterARollbackStillLeavesWhatWasAbandoned() {
            sourceGoesThrough("one", "two");
            history().rollback(1, "");
            history().pin("");

            assertThat(history().unpin()).isFalse();
            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(departures()).containsExactly(Reason.ROLLED_BACK);
        }

        @Test
        void needsSomethingToBeServed() {
            assertThatIllegalStateException().isThrownBy(() -> history().pin(""));
            assertThat(history().unpin()).isFalse();
        }

        @Test
        void outlastsAStopAndAnotherStart() {
            sourceGoesThrough("one");
            history().pin("");
            hand.store.stop(Duration.ofSeconds(1));
            hand.backend.put("a.yaml", Documents.resource("a", "two"));
            hand.store.start();
            hand.look();

            assertThat(hand.mark("a")).isEqualTo("one");
        }

        @Test
        void keepsWhatIsBrokenAtTheSourceFromBeingReportedAsHeld() {
            with(new StoreByHand(
                    1,
                    StoreSettings.DEFAULT,
                    candidate -> candidate.policies().size() > 1
                            ? List.of(Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("the set"), "one is enough"))
                            : List.of()));
            sourceGoesThrough("one");
            hand.source("b", "one");
            assertThat(hand.store.status().held()).isPresent();

            history().pin("");
            hand.look();
            assertThat(hand.store.status().held()).isEmpty();
            history().unpin();
            assertThat(hand.store.status().held()).isPresent();
        }
    }
}
