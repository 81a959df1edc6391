package io.authzengine.storage;

import static io.authzengine.storage.StoreByHand.A;
import static io.authzengine.storage.StoreByHand.B;
import static io.authzengine.storage.StoreByHand.policy;
import static io.authzengine.storage.StoreByHand.putting;
import static io.authzengine.storage.StoreByHand.removing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Changes by hand: all or nothing, through the same gates and the same swap as what the source brings. */
class PolicyTransactionTest {
    private StoreByHand hand = new StoreByHand();

    private PolicyStore store() {
        return hand.store;
    }

    private void with(StoreByHand other) {
        hand.close();
        hand = other;
    }

    @AfterEach
    void close() {
        hand.close();
    }

    @Nested
    class Updating {
        @Test
        void aValidUpdateIsServedAsAVersionThatSaysWhoMadeItAndWhy() {
            hand.source("a", "one");

            PolicyVersion version = store().update(
                            putting(policy("b", "hand")), Note.of("a new flow").by("alice"));

            assertThat(version).isEqualTo(store().current().version());
            assertThat(version.number()).isEqualTo(2);
            assertThat(version.cause()).isEqualTo("update");
            assertThat(version.comment()).isEqualTo("a new flow");
            assertThat(version.author()).isEqualTo("alice");
            assertThat(version.revisions())
                    .isEqualTo(store().history().find(1).orElseThrow().version().revisions());
            assertThat(hand.mark("a")).isEqualTo("one");
            assertThat(hand.mark("b")).isEqualTo("hand");
        }

        @Test
        void itIsToldLikeAnyOtherChangeAndTheCauseTellsItApart() {
            hand.source("a", "one");
            store().update(putting(policy("a", "hand"), policy("b", "hand")), "both");

            List<StoreEvent.Updated> told = hand.told(StoreEvent.Updated.class);
            StoreEvent.Updated last = told.get(told.size() - 1);
            assertThat(last.version()).isEqualTo(store().current().version());
            assertThat(last.changes().cause()).isEqualTo("update");
            assertThat(last.changes().count(PolicyChangeEvent.Type.ADDED)).isEqualTo(1);
            assertThat(last.changes().count(PolicyChangeEvent.Type.MODIFIED)).isEqualTo(1);
        }

        @Test
        void oneThatAGateRefusesChangesNothingAndSaysAllThatIsWrong() {
            hand.source("a", "one");
            PolicySnapshot before = store().current();
            Map<PolicyId, Optional<Policy>> changes =
                    putting(policy("b", "hand"), StoreByHand.parse(Documents.importing("c", "roles", "owner")));

            assertThatExceptionOfType(ValidationException.class)
                    .isThrownBy(() -> store().update(changes, "broken"))
                    .withMessageContaining("derived_roles.roles")
                    .withMessageContaining("version 1 is still served")
                    .satisfies(refusal -> assertThat(refusal.findings()).isNotEmpty());

            assertThat(store().current()).isSameAs(before);
            assertThat(store().history().versions()).hasSize(1);
            assertThat(hand.told(StoreEvent.Rejected.class)).hasSize(1);
            assertThat(store().status().held()).as("nothing waits to be mended").isEmpty();
        }

        @Test
        void removingWhatOthersImportIsRefused() {
            hand.backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
            hand.backend.put("roles.yaml", Documents.derivedRoles("roles", "owner"));
            hand.look();

            assertThatExceptionOfType(ValidationException.class)
                    .isThrownBy(() -> store().update(removing(PolicyId.ofDerivedRoles("roles")), "tidy"))
                    .withMessageContaining("resource.a.vdefault");
        }

        @Test
        void aGateThatThrowsRefusesItAndWhatIsServedStays() {
            with(new StoreByHand(1, StoreSettings.DEFAULT, candidate -> {
                if (candidate.policies().contains(B)) {
                    throw new IllegalStateException("gate trouble");
                }
                return List.of();
            }));
            hand.source("a", "one");

            assertThatExceptionOfType(ValidationException.class)
                    .isThrownBy(() -> store().update(putting(policy("b", "hand")), ""))
                    .withMessageContaining("gate trouble");
            assertThat(hand.number()).isEqualTo(1);
        }

        @Test
        void aGateCannotChangeTheStoreItJudgesFor() {
            List<PolicyStore> own = new ArrayList<>();
            List<Throwable> thrown = new ArrayList<>();
            with(new StoreByHand(1, StoreSettings.DEFAULT, candidate -> {
                try {
                    own.get(0).update(putting(policy("sneaked", "in")), "");
                } catch (IllegalStateException e) {
                    thrown.add(e);
                }
                return List.of();
            }));
            own.add(store());

            store().update(putting(policy("a", "hand")), "");

            assertThat(thrown).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("gate"));
            assertThat(store().current().size()).isEqualTo(1);
        }

        @Test
        void oneThatChangesNothingMakesNoVersion() {
            hand.source("a", "one");
            PolicyVersion first = store().update(putting(policy("b", "hand")), "first");

            assertThat(store().update(putting(policy("b", "hand")), "again")).isEqualTo(first);
            assertThat(store().update(removing(StoreByHand.id("nobody")), "none"))
                    .isEqualTo(first);
            assertThat(store().update(Map.of(), "none")).isEqualTo(first);
            assertThat(store().history().versions()).hasSize(2);
        }

        @Test
        void whatIsHandedInAsItIsServedAlreadyKeepsItsPlace() {
            hand.source("a", "one");

            store().update(putting(policy("a", "one"), policy("b", "hand")), "");

            assertThat(store().current().find(A).orElseThrow().metadata().source())
                    .isEqualTo("a.yaml");
            assertThat(store().update(putting(policy("a", "one")), "").number()).isEqualTo(2);
        }

        @Test
        void aWholeNewSetIsAnUpdateToo() {
            hand.source("a", "one");
            hand.source("b", "one");
            PolicySet next = PolicySet.of(List.of(policy("b", "hand"), policy("c", "hand")));

            store().update(store().current().policies().changesTo(next), "all anew");

            assertThat(store().current().policies().sameContentAs(next)).isTrue();
            assertThat(store().current().find(A)).isEmpty();
        }

        @Test
        void whoNamesWhatGoesIsWarnedByTheGuardAndNotHeldUp() {
            hand.source("a", "one");

            assertThat(store().plan(removing(A)).findings()).singleElement().satisfies(finding -> {
                assertThat(finding.isError()).isFalse();
                assertThat(finding.message()).contains("1 of 1");
            });
            store().update(removing(A), "the last one goes");
            assertThat(store().current().size()).isZero();
        }

        @Test
        void callersMayChangeWhatTheyHandedInAfterwards() {
            hand.source("a", "one");
            Map<PolicyId, Optional<Policy>> changes = new HashMap<>(putting(policy("b", "hand")));
            store().update(changes, "");
            String digest = store().current().digest();

            changes.put(B, Optional.of(policy("b", "changed afterwards")));
            changes.clear();

            assertThat(hand.mark("b")).isEqualTo("hand");
            assertThat(store().history().find(2).orElseThrow().digest()).isEqualTo(digest);
        }

        @Test
        void aPolicyUnderANameThatIsNotItsOwnIsMisuse() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store().update(Map.of(A, Optional.of(policy("b", "hand"))), ""));
            assertThat(hand.number()).isZero();
        }

        @Test
        void whatIsBlockedIsReplacedAndWhatElseIsBlockedStaysSo() {
            with(new StoreByHand(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE)));
            hand.source("a", "one");
            hand.source("b", "one");
            hand.backend.change(Map.of("a.yaml", Optional.of("nonsense"), "b.yaml", Optional.of("nonsense")));
            hand.look();

            store().update(putting(policy("a", "hand")), "out of quarantine");

            assertThat(store().current().lookup(A)).isInstanceOf(Lookup.Active.class);
            assertThat(store().current().lookup(B)).isInstanceOf(Lookup.Quarantined.class);
        }

        @Test
        void anInterruptedCallerGivesUpWithoutHavingChangedAnything() {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(UnexpectedFailureException.class)
                    .isThrownBy(() -> store().update(putting(policy("a", "hand")), ""));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(hand.number()).isZero();
        }

        @Test
        void aClosedStoreRefuses() {
            store().close();

            assertThatIllegalStateException().isThrownBy(() -> store().update(Map.of(), ""));
            assertThatIllegalStateException().isThrownBy(() -> store().beginTransaction());
            assertThatIllegalStateException().isThrownBy(() -> store().history().rollbackToPrevious(""));
        }
    }

    @Nested
    class Staging {
        @Test
        void nobodySeesWhatIsStagedBeforeTheCommit() {
            hand.source("a", "one");
            try (PolicyTransaction transaction = store().beginTransaction()) {
                transaction.put(policy("b", "hand")).remove(A);

                assertThat(hand.mark("a")).isEqualTo("one");
                assertThat(store().current().find(B)).isEmpty();
                assertThat(transaction.staged().find(B)).isPresent();
                assertThat(transaction.staged().find(A)).isEmpty();
                assertThat(transaction.changes()).containsOnlyKeys(A, B);
                assertThat(transaction.base()).isSameAs(store().current());

                assertThat(transaction.commit("both").number()).isEqualTo(2);
                assertThat(transaction.state()).isEqualTo(PolicyTransaction.State.COMMITTED);
            }
            assertThat(hand.mark("b")).isEqualTo("hand");
            assertThat(store().current().find(A)).isEmpty();
        }

        @Test
        void aRollbackDropsWhatIsStaged() {
            PolicyTransaction transaction = store().beginTransaction();
            transaction.put(policy("a", "hand"));
            transaction.rollback();

            assertThat(transaction.state()).isEqualTo(PolicyTransaction.State.ROLLED_BACK);
            assertThat(hand.number()).isZero();
            assertThat(hand.events).isEmpty();
        }

        @Test
        void closingWithoutACommitIsARollbackAndAfterOneIsNothing() {
            PolicyTransaction dropped = store().beginTransaction().put(policy("a", "dropped"));
            dropped.close();
            dropped.close();
            assertThat(dropped.state()).isEqualTo(PolicyTransaction.State.ROLLED_BACK);

            PolicyTransaction kept = store().beginTransaction().put(policy("a", "kept"));
            kept.commit("");
            kept.close();
            assertThat(hand.mark("a")).isEqualTo("kept");
            assertThat(kept.state()).isEqualTo(PolicyTransaction.State.COMMITTED);
        }

        @Test
        void oneThatIsOverCannotBeUsedAgain() {
            PolicyTransaction committed = store().beginTransaction().put(policy("a", "hand"));
            committed.commit("");
            PolicyTransaction dropped = store().beginTransaction();
            dropped.rollback();

            for (PolicyTransaction over : List.of(committed, dropped)) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> over.put(policy("b", "hand")))
                        .withMessageContaining(over.id());
                assertThatIllegalStateException().isThrownBy(() -> over.remove(A));
                assertThatIllegalStateException().isThrownBy(over::plan);
                assertThatIllegalStateException().isThrownBy(() -> over.commit(""));
                assertThatIllegalStateException().isThrownBy(over::rollback);
            }
            assertThat(hand.number()).isEqualTo(1);
        }

        @Test
        void oneWhoseCommitIsRefusedIsOver() {
            PolicyTransaction transaction =
                    store().beginTransaction().put(StoreByHand.parse(Documents.importing("a", "roles", "owner")));

            assertThatExceptionOfType(ValidationException.class).isThrownBy(() -> transaction.commit(""));
            assertThat(transaction.state()).isEqualTo(PolicyTransaction.State.ROLLED_BACK);
            assertThatIllegalStateException().isThrownBy(() -> transaction.commit(""));
        }

        @Test
        void eachHasAStagingAndANameOfItsOwn() {
            hand.source("a", "one");
            PolicyTransaction first = store().beginTransaction().put(policy("b", "first"));
            PolicyTransaction second = store().beginTransaction().put(policy("c", "second"));

            second.rollback();
            first.commit("");

            assertThat(first.id()).isNotEqualTo(second.id());
            assertThat(hand.mark("b")).isEqualTo("first");
            assertThat(hand.mark("c")).isEqualTo("-");
        }
    }

    @Nested
    class TwoAtOnce {
        @Test
        void thatChangeDifferentPoliciesAreBothServed() {
            hand.source("a", "one");
            PolicyTransaction first = store().beginTransaction().put(policy("a", "first"));
            PolicyTransaction second = store().beginTransaction().put(policy("b", "second"));

            first.commit("");
            second.commit("");

            assertThat(hand.mark("a")).isEqualTo("first");
            assertThat(hand.mark("b")).isEqualTo("second");
        }

        @Test
        void thatChangeTheSameCannotLoseAnUpdateAndTheSecondIsToldWhichPoliciesItIs() {
            hand.source("a", "one");
            PolicyTransaction first = store().beginTransaction().put(policy("a", "first"));
            PolicyTransaction second =
                    store().beginTransaction().put(policy("a", "second")).put(policy("b", "second"));

            first.commit("");

            assertThatExceptionOfType(TransactionConflictException.class)
                    .isThrownBy(() -> second.commit(""))
                    .withMessageContaining("resource.a.vdefault")
                    .withMessageContaining("version 1")
                    .withMessageContaining("version 2")
                    .satisfies(conflict -> assertThat(conflict.ids()).containsExactly(A));
            assertThat(hand.mark("a")).isEqualTo("first");
            assertThat(hand.mark("b")).as("all or nothing").isEqualTo("-");
            assertThat(second.state()).isEqualTo(PolicyTransaction.State.ROLLED_BACK);
        }

        @Test
        void whatTheSourceBroughtInBetweenCountsAsMuchAsAnotherTransaction() {
            hand.source("a", "one");
            PolicyTransaction same = store().beginTransaction().put(policy("a", "hand"));
            PolicyTransaction other = store().beginTransaction().put(policy("b", "hand"));
            PolicyTransaction removing = store().beginTransaction().remove(A);
            hand.source("a", "two");

            assertThatExceptionOfType(TransactionConflictException.class).isThrownBy(() -> same.commit(""));
            assertThatExceptionOfType(TransactionConflictException.class).isThrownBy(removing::plan);
            other.commit("");
            assertThat(hand.mark("a")).isEqualTo("two");
            assertThat(hand.mark("b")).isEqualTo("hand");
        }

        @Test
        void thatEachPassButNotTogetherAreJudgedTogether() {
            hand.backend.put("roles.yaml", Documents.derivedRoles("roles", "owner"));
            hand.look();
            PolicyTransaction importing =
                    store().beginTransaction().put(StoreByHand.parse(Documents.importing("a", "roles", "owner")));
            store().update(removing(PolicyId.ofDerivedRoles("roles")), "nobody needs them");

            assertThatExceptionOfType(ValidationException.class).isThrownBy(() -> importing.commit(""));
        }
    }

    @Nested
    class Planning {
        @Test
        void aPlanTellsWhatWouldBeServedAndServesNothing() {
            hand.source("a", "one");
            Map<PolicyId, Optional<Policy>> changes = putting(policy("a", "hand"), policy("b", "hand"));

            ChangePlan plan = store().plan(changes);

            assertThat(hand.number()).isEqualTo(1);
            assertThat(hand.events).hasSize(2);
            assertThat(plan.passes()).isTrue();
            assertThat(plan.base().number()).isEqualTo(1);
            assertThat(plan.policies()).isEqualTo(2);
            assertThat(plan.changes().ids()).containsExactlyInAnyOrder(A, B);

            store().update(changes, "");
            assertThat(store().current().digest()).isEqualTo(plan.digest());
            assertThat(store().current().version().number())
                    .isEqualTo(plan.changes().sequence());
        }

        @Test
        void aPlanSaysWhatTheGatesWouldSayAndAnUpdateThenSaysTheSame() {
            hand.source("a", "one");
            Map<PolicyId, Optional<Policy>> changes =
                    putting(StoreByHand.parse(Documents.importing("c", "roles", "owner")));

            ChangePlan plan = store().plan(changes);

            assertThat(plan.passes()).isFalse();
            assertThatExceptionOfType(ValidationException.class)
                    .isThrownBy(() -> store().update(changes, ""))
                    .satisfies(refusal -> assertThat(refusal.findings()).isEqualTo(plan.findings()));
            assertThat(hand.told(StoreEvent.Rejected.class))
                    .as("the update's, not the plan's")
                    .hasSize(1);
        }

        @Test
        void aTransactionCanBePlannedAndGoesOn() {
            PolicyTransaction transaction = store().beginTransaction().put(policy("a", "hand"));

            assertThat(transaction.plan().policies()).isEqualTo(1);
            transaction.put(policy("b", "hand"));
            assertThat(transaction.plan().policies()).isEqualTo(2);
            transaction.commit("");
            assertThat(store().current().size()).isEqualTo(2);
        }

        @Test
        void everyGateIsAskedOfTheSameCandidate() {
            List<Integer> sizes = new ArrayList<>();
            with(new StoreByHand(1, StoreSettings.DEFAULT, candidate -> {
                sizes.add(candidate.policies().size());
                return List.of(Finding.warning(ErrorCode.VALIDATION_ERROR, Place.of("the set"), "looked at"));
            }));

            assertThat(store().plan(putting(policy("a", "hand"))).findings()).hasSize(1);
            store().update(putting(policy("a", "hand")), "");
            assertThat(sizes).containsExactly(1, 1);
        }
    }

    @Nested
    class WithoutTheSource {
        @Test
        void beforeTheFirstLoadChangesByHandAreServedAndTheSourceThenTakesTheirPlace() {
            store().update(putting(policy("a", "emergency")), "the backend is away");
            assertThat(store().status().isReady()).isTrue();
            assertThat(hand.number()).isEqualTo(1);

            hand.source("b", "one");

            assertThat(hand.mark("a")).isEqualTo("-");
            assertThat(hand.mark("b")).isEqualTo("one");
            assertThat(store().status().departures()).isEmpty();
        }

        @Test
        void anEmptyUpdateBeforeTheFirstLoadDoesNotMakeTheStoreReady() {
            store().update(Map.of(), "");

            assertThat(store().status().isReady()).isFalse();
            assertThat(store().history().versions()).isEmpty();
        }

        @Test
        void whileTheBackendIsAwayChangesByHandGoOn() {
            with(new StoreByHand(StoreSettings.DEFAULT.withInitMode(InitMode.DEGRADED)));
            hand.backend.failWith(new ConnectionFailedException(Problem.in("fake", "gone")));
            store().start();

            store().update(putting(policy("a", "emergency")), "");
            hand.look();

            assertThat(hand.mark("a")).isEqualTo("emergency");
            assertThat(store().status().departures()).hasSize(1);
        }

        @Test
        void anEmptySourceThatComesUpDoesNotTakeThemAwayUnasked() {
            store().update(putting(policy("a", "emergency")), "");
            store().start();

            assertThat(hand.mark("a")).isEqualTo("emergency");
            assertThat(store().status().health().message()).contains("1 of 1 policies would disappear");
            assertThat(store().confirm(store().planSource().digest())).isTrue();
            assertThat(store().current().size()).isZero();
        }
    }
}
