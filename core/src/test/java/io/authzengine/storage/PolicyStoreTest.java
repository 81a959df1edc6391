package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PolicyStoreTest {
    private static final PolicyId A = PolicyId.ofResource("a", "default", "");
    private static final PolicyId B = PolicyId.ofResource("b", "default", "");
    private static final Duration POLL = Duration.ofSeconds(60);

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final FakeBackend backend = new FakeBackend();
    private final List<StoreEvent> events = new ArrayList<>();
    private PolicyStore store = storeWith(StoreSettings.DEFAULT);

    private PolicyStore storeWith(StoreSettings settings) {
        return PolicyStore.builder(backend.driver(context))
                .settings(settings)
                .context(context)
                .build();
    }

    private void restartWith(StoreSettings settings) {
        store.close();
        store = storeWith(settings);
    }

    private void start() {
        store.subscribe(events::add);
        store.start();
    }

    private String description(PolicyId id) {
        return store.current()
                .find(id)
                .map(policy -> policy.content().header().description())
                .orElse("");
    }

    private void poll() {
        sim.advance(POLL);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Nested
    class Serving {
        @Test
        void beforeTheFirstLoadNothingIsServedSoThatEnginesDeny() {
            assertThat(store.current()).isSameAs(PolicySnapshot.NONE);
            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Absent.class);
            assertThat(store.status().isReady()).isFalse();
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.UNHEALTHY);
        }

        @Test
        void aStartServesWhatTheBackendHolds() {
            backend.put("a.yaml", Documents.resource("a", "one"));

            start();

            assertThat(store.current().version().number()).isEqualTo(1);
            assertThat(description(A)).isEqualTo("one");
            assertThat(store.status().isReady()).isTrue();
            assertThat(store.status().lastCheckedAt()).isPresent();
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            assertThat(store.current().find(A).orElseThrow().metadata().source())
                    .isEqualTo("a.yaml");
        }

        @Test
        void anEmptyBackendIsContent() {
            start();

            assertThat(store.status().isReady()).isTrue();
            assertThat(store.current().size()).isZero();
            assertThat(store.current().version().number()).isEqualTo(1);
        }

        @Test
        void aChangeIsServedAtTheNextPollAsAVersionOfItsOwn() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();
            PolicySnapshot pinned = store.current();
            backend.put("a.yaml", Documents.resource("a", "two"));

            poll();

            assertThat(description(A)).isEqualTo("two");
            assertThat(store.current().version().number()).isEqualTo(2);
            assertThat(pinned.find(A).orElseThrow().content().header().description())
                    .isEqualTo("one");
        }

        @Test
        void aHintBringsTheChangeAtOnce() {
            start();
            backend.put("a.yaml", Documents.resource("a", "one"));

            backend.hint();

            assertThat(description(A)).isEqualTo("one");
        }

        @Test
        void aLookThatFindsNothingNewMakesNoVersion() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();

            poll();
            poll();

            assertThat(store.current().version().number()).isEqualTo(1);
            assertThat(events).hasSize(2);
        }

        @Test
        void severalDocumentsOfOneChangeAreOneVersion() {
            start();

            backend.change(Map.of(
                    "a.yaml", Optional.of(Documents.resource("a", "one")),
                    "b.yaml", Optional.of(Documents.resource("b", "one"))));
            backend.hint();

            assertThat(store.current().version().number()).isEqualTo(2);
            assertThat(((StoreEvent.Updated) events.get(2)).changes().events())
                    .extracting(PolicyChangeEvent::policyId)
                    .containsExactly(A, B);
        }

        @Test
        void theDigestIsThatOfTheSortedLines() throws Exception {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            start();

            StringBuilder lines = new StringBuilder();
            store.current()
                    .all()
                    .forEach(policy -> lines.append(policy.id())
                            .append(':')
                            .append(policy.metadata().contentHash())
                            .append('\n'));
            byte[] expected = java.security.MessageDigest.getInstance("SHA-256")
                    .digest(lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(store.current().digest())
                    .isEqualTo(java.util.HexFormat.of().formatHex(expected));
        }
    }

    @Nested
    class HoldingBack {
        @Test
        void aBrokenDocumentHoldsTheWholeChangeAndWhatWasServedStays() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            start();

            backend.change(Map.of(
                    "a.yaml", Optional.of("apiVersion: api.cerbos.dev/v1\nresourcePolicy: [\n"),
                    "b.yaml", Optional.of(Documents.resource("b", "two"))));
            poll();

            assertThat(description(A)).isEqualTo("one");
            assertThat(description(B)).isEqualTo("one");
            StoreStatus status = store.status();
            assertThat(status.health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(status.held()).isPresent();
            Finding finding = status.held().get().findings().get(0);
            assertThat(finding.place().location()).isEqualTo("a.yaml");
            assertThat(finding.place().line()).isPositive();
            assertThat(finding.place().column()).isPositive();
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Rejected.class);
        }

        @Test
        void theRepairAloneHealsAndNothingElseNeedsToChange() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            start();
            backend.change(Map.of(
                    "a.yaml", Optional.of("resourcePolicy: {"),
                    "b.yaml", Optional.of(Documents.resource("b", "two"))));
            poll();

            backend.put("a.yaml", Documents.resource("a", "one"));
            poll();

            assertThat(description(B)).isEqualTo("two");
            assertThat(store.status().held()).isEmpty();
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }

        @Test
        void aRefusalIsToldOnceNotAtEachPoll() {
            start();
            backend.put("a.yaml", "nonsense");

            poll();
            poll();
            poll();

            assertThat(events).filteredOn(StoreEvent.Rejected.class::isInstance).hasSize(1);
        }

        @Test
        void itSaysSinceWhenOthersAreHeldUp() {
            start();
            backend.put("a.yaml", "nonsense");
            poll();
            var since = store.status().held().orElseThrow().since();

            backend.put("b.yaml", "nonsense too");
            poll();

            assertThat(store.status().held().orElseThrow().since()).isEqualTo(since);
            assertThat(store.status().held().orElseThrow().findings()).hasSizeGreaterThan(1);
        }

        @Test
        void atAFirstStartABrokenDocumentMakesTheStartFailAndSaysWhy() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", "nonsense");

            assertThatThrownBy(store::start)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("b.yaml");
            assertThat(store.current().version().isNone()).isTrue();

            backend.put("b.yaml", Documents.resource("b", "one"));
            store.start();
            assertThat(store.current().size()).isEqualTo(2);
        }

        @Test
        void duplicateIdsAreRefusedWithBothPlacesAndRemovingEitherHeals() {
            backend.put("one.yaml", Documents.resource("a", "one"));
            start();
            backend.put("two.yaml", Documents.resource("a", "two"));
            poll();

            assertThat(description(A)).isEqualTo("one");
            assertThat(store.status().held().orElseThrow().findings())
                    .extracting(finding -> finding.place().location())
                    .containsExactlyInAnyOrder("one.yaml", "two.yaml");

            backend.remove("one.yaml");
            poll();
            assertThat(description(A)).isEqualTo("two");
        }

        @Test
        void aGateOfYourOwnIsAskedAndOneThatThrowsRefuses() {
            store.close();
            store = PolicyStore.builder(backend.driver(context))
                    .context(context)
                    .gate(candidate -> {
                        if (candidate.policies().contains(B)) {
                            throw new IllegalStateException("gate trouble");
                        }
                        return candidate.policies().contains(A)
                                ? List.of()
                                : List.of(Finding.error(
                                        ErrorCode.VALIDATION_ERROR, Place.of("the set"), "a must be there"));
                    })
                    .build();
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();

            backend.put("b.yaml", Documents.resource("b", "one"));
            poll();
            assertThat(store.current().size()).isEqualTo(1);
            assertThat(store.status().held().orElseThrow().findings().get(0).message())
                    .contains("gate trouble");
            backend.remove("b.yaml");
            backend.remove("a.yaml");
            poll();
            assertThat(store.current().find(A)).isPresent();
        }
    }

    @Nested
    class References {
        private void served(int version) {
            assertThat(store.current().version().number()).isEqualTo(version);
        }

        private void refused(String... words) {
            String message = store.status().health().message();
            assertThat(store.status().held()).isPresent();
            assertThat(message).contains(words);
        }

        @Test
        void anImportThatDoesNotExistIsRefused() {
            start();
            backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
            poll();

            served(1);
            refused("a.yaml", "derived_roles.roles", "does not exist");
        }

        @Test
        void removingWhatIsImportedIsRefusedAndTheImportersAreNamed() {
            backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
            backend.put("roles.yaml", Documents.derivedRoles("roles", "owner"));
            start();

            backend.remove("roles.yaml");
            poll();

            served(1);
            refused("a.yaml", "derived_roles.roles");
        }

        @Test
        void droppingADerivedRoleThatIsUsedIsRefused() {
            backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
            backend.put("roles.yaml", Documents.derivedRoles("roles", "owner", "boss"));
            start();

            backend.put("roles.yaml", Documents.derivedRoles("roles", "boss"));
            poll();

            served(1);
            refused("a.yaml", "'owner'");
        }

        @Test
        void aScopeNeedsAPolicyInEachScopeAbove() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();

            backend.put("deep.yaml", Documents.scoped("a", "acme.hr", "one"));
            poll();
            served(1);
            refused("resource.a.vdefault/acme");

            backend.put("acme.yaml", Documents.scoped("a", "acme", "one"));
            poll();
            served(2);

            backend.remove("a.yaml");
            poll();
            served(2);
            refused("needs resource.a.vdefault for its parent scope");
        }

        @Test
        void parentRolesThatGoInACircleAreRefusedAndTheCircleIsShown() {
            start();
            backend.change(Map.of(
                    "x.yaml", Optional.of(Documents.role("x", "y")),
                    "y.yaml", Optional.of(Documents.role("y", "z")),
                    "z.yaml", Optional.of(Documents.role("z", "x"))));
            poll();

            served(1);
            refused("circle", "→");
        }
    }

    @Nested
    class Guarding {
        @Test
        void aSetThatLosesMostIsHeldUntilALaterLookAgrees() {
            for (int i = 0; i < 30; i++) {
                backend.put("p" + i + ".yaml", Documents.resource("p" + i, "one"));
            }
            start();
            backend.clear();
            backend.hint();
            assertThat(store.current().size()).isEqualTo(30);
            assertThat(store.status().health().message()).contains("30 of 30");

            backend.hint();
            assertThat(store.current().size())
                    .as("a second look right away is no evidence")
                    .isEqualTo(30);

            poll();
            assertThat(store.current().size()).isZero();
            assertThat(store.status().held()).isEmpty();
        }

        @Test
        void aCheckThatTookNoLookIsNoEvidence() {
            for (int i = 0; i < 30; i++) {
                backend.put("p" + i + ".yaml", Documents.resource("p" + i, "one"));
            }
            start();
            backend.clear();
            backend.hint();
            backend.failWith(new ConnectionFailedException(Problem.in("fake", "gone")));

            for (int i = 0; i < 300; i++) {
                checkQuietly();
                sim.advance(Duration.ofMillis(200));
            }

            assertThat(store.current().size()).isEqualTo(30);
            assertThat(store.status().lastError()).isPresent();
        }

        private void checkQuietly() {
            try {
                store.checkAndReload();
            } catch (ConnectionFailedException e) {
                assertThat(e).hasMessageContaining("gone");
            }
        }

        @Test
        void evidenceIsWithdrawnByALookThatSaysOtherwise() {
            for (int i = 0; i < 30; i++) {
                backend.put("p" + i + ".yaml", Documents.resource("p" + i, "one"));
            }
            start();
            backend.clear();
            backend.hint();
            for (int i = 0; i < 30; i++) {
                backend.put("p" + i + ".yaml", Documents.resource("p" + i, "one"));
            }
            backend.put("broken.yaml", "nonsense");
            backend.hint();
            sim.advance(Duration.ofSeconds(25));

            backend.clear();
            backend.hint();

            assertThat(store.current().size()).isEqualTo(30);
        }

        @Test
        void confirmationLetsItPassAtOnce() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();
            backend.clear();
            backend.hint();
            assertThat(store.current().size()).isEqualTo(1);

            ChangePlan plan = store.planSource();
            assertThat(plan.needsConfirmation()).isTrue();
            assertThat(store.confirm(plan.digest())).isTrue();
            assertThat(store.current().size()).isZero();
            assertThat(store.current().version().cause()).isEqualTo("confirmed");
            assertThat(store.confirm(plan.digest())).isFalse();
        }

        @Test
        void confirmationIsNoWayAroundTheOtherGates() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();
            backend.clear();
            backend.put("b.yaml", "nonsense");
            backend.hint();

            ChangePlan plan = store.planSource();
            assertThat(plan.needsConfirmation()).isFalse();
            assertThat(store.confirm(plan.digest())).isFalse();
            assertThat(store.current().size()).isEqualTo(1);
        }

        @Test
        void confirmationHoldsForTheSetThatWasSeenOnly() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            restartWith(StoreSettings.DEFAULT.withGuard(new StoreSettings.Guard(0, 0, Duration.ofHours(1))));
            start();
            backend.remove("a.yaml");
            backend.hint();
            String seen = store.planSource().digest();
            backend.clear();
            backend.hint();
            String held = store.planSource().digest();

            assertThatThrownBy(() -> store.confirm(seen))
                    .isInstanceOfSatisfying(
                            ConfirmationConflictException.class,
                            conflict -> assertThat(conflict.held()).isEqualTo(held))
                    .hasMessageContaining(seen)
                    .hasMessageContaining("0 policies");
            assertThat(store.current().size()).isEqualTo(2);
            assertThat(store.confirm(held)).isTrue();
            assertThat(store.current().size()).isZero();
        }

        @Test
        void whatComesBackInTheMeantimeEndsTheSuspicion() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();
            backend.clear();
            backend.hint();
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.hint();

            assertThat(store.status().held()).isEmpty();
            assertThat(store.current().version().number()).isEqualTo(1);
        }
    }

    @Nested
    class Quarantine {
        @Test
        void whatIsBrokenIsBlockedAndTheRestIsServed() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE));
            start();

            backend.change(Map.of(
                    "a.yaml", Optional.of("nonsense"),
                    "b.yaml", Optional.of(Documents.resource("b", "two"))));
            poll();

            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.current().find(A)).isEmpty();
            assertThat(description(B)).isEqualTo("two");
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);

            backend.put("a.yaml", Documents.resource("a", "three"));
            poll();
            assertThat(description(A)).isEqualTo("three");
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void aStartServesTheRest() {
            backend.put("a.yaml", "nonsense");
            backend.put("b.yaml", Documents.resource("b", "one"));
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE));

            start();

            assertThat(store.current().size()).isEqualTo(1);
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
        }

        private void startQuarantining(String... names) {
            for (String name : names) {
                backend.put(name + ".yaml", Documents.resource(name, "one"));
            }
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE));
            start();
        }

        @Test
        void aPolicyWhoseDocumentIsRenamedAndBrokenAtOnceIsBlockedAndNotAbsent() {
            startQuarantining("a", "b", "c");
            backend.change(Map.of(
                    "a.yaml", Optional.empty(),
                    "a2.yaml", Optional.of("nonsense"),
                    "b.yaml", Optional.of(Documents.resource("b", "two"))));
            poll();
            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.current().isWhole()).isFalse();
            assertThat(description(B)).isEqualTo("two");

            backend.put("b.yaml", Documents.resource("b", "three"));
            poll();
            assertThat(store.current().lookup(A)).as("a version later").isInstanceOf(Lookup.Quarantined.class);

            backend.put("a2.yaml", Documents.resource("a", "three"));
            poll();
            assertThat(description(A)).isEqualTo("three");
            assertThat(store.current().isWhole()).isTrue();
        }

        @Test
        void onceEverythingCanBeReadAgainWhatIsNotThereIsAbsent() {
            startQuarantining("a", "b", "c");
            backend.change(Map.of("a.yaml", Optional.empty(), "a2.yaml", Optional.of("nonsense")));
            poll();
            backend.remove("a2.yaml");
            poll();

            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Absent.class);
            assertThat(store.current().isWhole()).isTrue();
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void aPolicyThatMovedIntoTheUnreadablePartOfAnotherDocumentIsBlocked() {
            String readable = Documents.resource("b", "two");
            for (String moved : List.of(
                    readable + "---\nnonsense\n",
                    readable + "more: [\n---\n" + Documents.resource("a", "one"),
                    readable + Documents.resource("a", "one"),
                    readable + Documents.derivedRoles("roles", "owner"))) {
                startQuarantining("a", "b", "c");
                backend.change(Map.of("a.yaml", Optional.empty(), "b.yaml", Optional.of(moved)));
                poll();
                assertThat(store.current().lookup(A)).as(moved).isInstanceOf(Lookup.Quarantined.class);
                assertThat(store.current().lookup(B)).as(moved).isInstanceOf(Lookup.Quarantined.class);
            }
        }

        @Test
        void anErrorOfADocumentWhosePolicyIsKnownKeepsNothingElseFromBeingDeleted() {
            startQuarantining("a", "b", "c");
            backend.change(Map.of(
                    "a.yaml", Optional.empty(),
                    "b.yaml", Optional.of(Documents.resource("b", "two").replace("EFFECT_ALLOW", "EFFECT_MAYBE"))));
            poll();

            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Absent.class);
            assertThat(store.current().lookup(B)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.current().leftOut()).isEmpty();
        }

        @Test
        void aStartWithADocumentNobodyCanReadIsKnownNotToBeWholeUntilThatIsMendedOrGone() {
            backend.put("a.yaml", "nonsense");
            startQuarantining("b");
            assertThat(store.current().isWhole()).isFalse();
            assertThat(store.current().leftOut())
                    .extracting(finding -> finding.place().location())
                    .containsOnly("a.yaml");
            store.update(Map.of(B, Optional.empty()), Note.of("by hand"));
            assertThat(store.current().isWhole()).as("after a change by hand").isFalse();

            backend.remove("a.yaml");
            poll();
            assertThat(store.current().isWhole()).isTrue();
        }

        @Test
        void theGuardSeesHowMuchIsLostAlthoughItWouldBeBlocked() {
            startQuarantining("a", "b", "c");
            backend.change(Map.of(
                    "a.yaml", Optional.empty(),
                    "b.yaml", Optional.empty(),
                    "c.yaml", Optional.empty(),
                    "all.yaml", Optional.of("nonsense")));
            poll();

            assertThat(store.current().size()).isEqualTo(3);
            assertThat(store.status().held().orElseThrow().findings())
                    .anyMatch(finding -> finding.message().contains("would disappear"));
        }

        @Test
        void whatReferredToWhatWasBlockedIsLookedAtAgainOnceThatIsGoneOrOffersLess() {
            PolicyId roles = PolicyId.ofDerivedRoles("roles");
            backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
            backend.put("roles.yaml", Documents.derivedRoles("roles", "owner", "boss"));
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE));
            start();
            backend.put("roles.yaml", "nonsense");
            poll();
            assertThat(store.current().lookup(roles)).isInstanceOf(Lookup.Quarantined.class);

            backend.put("roles.yaml", Documents.derivedRoles("roles", "boss"));
            poll();
            assertThat(store.current().lookup(A)).as("uses a role that is gone").isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);

            backend.put("roles.yaml", "nonsense");
            poll();
            backend.remove("roles.yaml");
            poll();
            assertThat(store.current().lookup(A)).as("imports what is gone").isInstanceOf(Lookup.Quarantined.class);
        }

        @Test
        void aGateThatWantsWhatIsNotThereHoldsEverythingInsteadOfTurningInCircles() {
            store.close();
            store = PolicyStore.builder(backend.driver(context))
                    .context(context)
                    .settings(StoreSettings.DEFAULT
                            .withOnInvalid(OnInvalid.QUARANTINE)
                            .withInitMode(InitMode.DEGRADED))
                    .gate(candidate ->
                            List.of(Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("the set"), "b must be there")
                                    .about(B)))
                    .build();
            backend.put("a.yaml", Documents.resource("a", "one"));

            start();

            assertThat(store.status().isReady()).isFalse();
            assertThat(store.status().health().message()).contains("b must be there");
        }

        @Test
        void anImportThatDoesNotExistBlocksTheImporter() {
            backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE));

            start();

            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.current().lookup(B)).isInstanceOf(Lookup.Active.class);
        }
    }

    @Nested
    class Isolation {
        @Test
        void theGroupOfWhatIsBrokenKeepsWhatWasServedAndTheRestGoesOn() {
            backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
            backend.put("roles.yaml", Documents.derivedRoles("roles", "owner"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.ISOLATE));
            start();
            String before = store.current().find(A).orElseThrow().metadata().contentHash();

            backend.change(Map.of(
                    "a.yaml", Optional.of(Documents.importing("a", "roles", "owner") + "# changed\n"),
                    "roles.yaml", Optional.of("nonsense"),
                    "b.yaml", Optional.of(Documents.resource("b", "two"))));
            poll();

            assertThat(store.current().find(A).orElseThrow().metadata().contentHash())
                    .isEqualTo(before);
            assertThat(description(B)).isEqualTo("two");
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
        }

        @Test
        void aPolicyThatMovedIntoTheUnreadablePartOfAnotherDocumentStays() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            backend.put("c.yaml", Documents.resource("c", "one"));
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.ISOLATE));
            start();

            backend.change(Map.of(
                    "a.yaml", Optional.empty(),
                    "b.yaml", Optional.of(Documents.resource("b", "two") + "---\nnonsense\n"),
                    "c.yaml", Optional.of(Documents.resource("c", "two"))));
            poll();

            assertThat(description(A)).isEqualTo("one");
            assertThat(description(B)).isEqualTo("one");
            assertThat(description(PolicyId.ofResource("c", "default", ""))).isEqualTo("two");

            backend.put("b.yaml", Documents.resource("b", "two"));
            poll();
            assertThat(store.current().lookup(A)).isInstanceOf(Lookup.Absent.class);
        }

        @Test
        void aBrokenDocumentThatBelongsToNobodyKnownHoldsEverything() {
            backend.put("b.yaml", Documents.resource("b", "one"));
            restartWith(StoreSettings.DEFAULT.withOnInvalid(OnInvalid.ISOLATE));
            start();

            backend.change(
                    Map.of("new.yaml", Optional.of("nonsense"), "b.yaml", Optional.of(Documents.resource("b", "two"))));
            poll();

            assertThat(description(B)).isEqualTo("one");
        }
    }

    @Nested
    class Failing {
        private final ConnectionFailedException away =
                new ConnectionFailedException(Problem.in("fake", "connection refused"));

        @Test
        void aDeadBackendAtStartFailsFast() {
            backend.failWith(away);

            assertThatThrownBy(store::start).isSameAs(away);
        }

        @Test
        void inDegradedModeTheStartGoesOnAndServesOnceTheBackendIsThere() {
            restartWith(StoreSettings.DEFAULT.withInitMode(InitMode.DEGRADED));
            backend.failWith(away);
            start();
            assertThat(store.status().isReady()).isFalse();

            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.failWith(null);
            sim.advance(Duration.ofSeconds(5));

            assertThat(description(A)).isEqualTo("one");
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void refusedCredentialsFailAlsoInDegradedMode() {
            restartWith(StoreSettings.DEFAULT.withInitMode(InitMode.DEGRADED));
            backend.failWith(new AuthenticationFailedException(Problem.in("fake", "wrong password")));

            assertThatThrownBy(store::start).isInstanceOf(AuthenticationFailedException.class);
        }

        @Test
        void aBackendThatComesBackWithSomethingBrokenIsNoRecovery() {
            start();
            backend.failWith(away);
            poll();
            backend.put("a.yaml", "nonsense");
            backend.failWith(null);
            poll();

            assertThat(events).noneMatch(StoreEvent.Recovered.class::isInstance);
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Rejected.class);

            backend.remove("a.yaml");
            poll();
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }

        @Test
        void aDeadBackendTakesNothingAwayAndIsToldOnce() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            start();
            backend.failWith(away);

            sim.advance(Duration.ofMinutes(10));

            assertThat(description(A)).isEqualTo("one");
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(store.status().lastError()).contains(away);
            assertThat(events)
                    .filteredOn(StoreEvent.ReloadFailed.class::isInstance)
                    .hasSize(1);

            backend.failWith(null);
            sim.advance(Duration.ofMinutes(2));
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            assertThat(events.get(events.size() - 1)).isInstanceOf(StoreEvent.Recovered.class);
        }
    }

    @Nested
    class CheckingByHand {
        @Test
        void theFirstCheckLoadsAndTheNextFindsNothingNew() {
            backend.put("a.yaml", Documents.resource("a", "one"));

            assertThat(store.checkAndReload()).isTrue();
            assertThat(store.checkAndReload()).isFalse();
            assertThat(description(A)).isEqualTo("one");
        }

        @Test
        void aForcedCheckOfTheSameContentMakesNoVersion() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            store.checkAndReload();

            assertThat(store.checkAndReload(CheckMode.FORCE)).isFalse();
            assertThat(store.current().version().number()).isEqualTo(1);
        }

        @Test
        void aCheckBoundedByAgeLooksOnlyWhenThatIsPast() {
            store.checkAndReload();
            backend.put("a.yaml", Documents.resource("a", "one"));

            assertThat(store.checkAndReload(Duration.ofSeconds(2))).isFalse();
            sim.advance(Duration.ofSeconds(3));
            assertThat(store.checkAndReload(Duration.ofSeconds(2))).isTrue();
        }

        @Test
        void withAnotherIntervalTheLooksComeAtThat() {
            store.start(StartOptions.DEFAULT.withInterval(Duration.ofSeconds(2)));
            backend.put("a.yaml", Documents.resource("a", "one"));

            sim.advance(Duration.ofSeconds(2));

            assertThat(description(A)).isEqualTo("one");
        }

        @Test
        void afterAStopNothingIsLookedAtUntilAnotherStart() {
            store.start();
            store.stop(Duration.ofSeconds(1));
            backend.put("a.yaml", Documents.resource("a", "one"));
            sim.advance(Duration.ofHours(1));
            assertThat(store.current().size()).isZero();

            store.start();
            sim.advance(POLL);
            assertThat(store.current().size()).isEqualTo(1);
        }
    }

    @Nested
    class History {
        @Test
        void theLastVersionsAreRememberedAndTheOldestGoFirst() {
            restartWith(StoreSettings.DEFAULT.withMaxVersions(3));
            start();
            for (int i = 1; i <= 5; i++) {
                backend.put("a.yaml", Documents.resource("a", "text " + i));
                backend.hint();
            }

            assertThat(store.history().versions())
                    .extracting(PolicyVersion::number)
                    .containsExactly(4L, 5L, 6L);
            assertThat(store.history().find(3)).isEmpty();
            assertThat(store.history()
                            .find(5)
                            .orElseThrow()
                            .find(A)
                            .orElseThrow()
                            .content()
                            .header()
                            .description())
                    .isEqualTo("text 4");
            assertThat(store.history().previous().orElseThrow().version().number())
                    .isEqualTo(5);
        }
    }

    @Nested
    class Subscribing {
        @Test
        void aSubscriberThatThrowsHurtsNobody() {
            store.subscribe(event -> {
                throw new IllegalStateException("subscriber trouble");
            });
            start();
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.hint();

            assertThat(description(A)).isEqualTo("one");
            assertThat(events).hasSize(4);
        }

        @Test
        void oneThatUnsubscribesWithinItsCallIsNotCalledAgain() {
            List<StoreEvent> seen = new ArrayList<>();
            List<Subscription> own = new ArrayList<>();
            own.add(store.subscribe(event -> {
                seen.add(event);
                own.get(0).close();
            }));
            start();
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.hint();

            assertThat(seen).hasSize(1);
        }

        @Test
        void oneThatFellBehindIsToldHowThingsStand() throws InterruptedException {
            try (StorageContext threads = StorageContext.create("behind");
                    PolicyStore real = PolicyStore.builder(backend.driver(threads))
                            .context(threads)
                            .build()) {
                List<StoreEvent> seen = new CopyOnWriteArrayList<>();
                var release = new CountDownLatch(1);
                var stuck = new CountDownLatch(1);
                real.checkAndReload();
                real.subscribe(event -> {
                    seen.add(event);
                    stuck.countDown();
                    awaitQuietly(release);
                });
                backend.put("a.yaml", Documents.resource("a", "text 0"));
                real.checkAndReload();
                stuck.await();
                for (int i = 1; i <= 150; i++) {
                    backend.put("a.yaml", Documents.resource("a", "text " + i));
                    real.checkAndReload();
                }
                backend.put("b.yaml", "nonsense");
                real.checkAndReload();
                release.countDown();

                while (!(seen.get(seen.size() - 1) instanceof StoreEvent.Rejected)) {
                    assertThat(Thread.interrupted()).as("waited in vain").isFalse();
                    Thread.onSpinWait();
                }
                assertThat(seen).hasSizeLessThan(150);
            }
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Test
        void afterCloseNobodyIsTold() {
            start();
            store.close();
            int told = events.size();
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.hint();
            sim.advance(Duration.ofHours(1));

            assertThat(events).hasSize(told);
            assertThat(sim.pending()).isZero();
        }
    }
}
