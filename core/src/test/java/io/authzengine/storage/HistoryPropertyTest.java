package io.authzengine.storage;

import static io.authzengine.storage.StoreByHand.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.StoreStatus.Departure.Reason;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Any interleaving of what the source brings, updates, transactions, rollbacks and pins leaves a linear history whose every digest can be
 * computed again from the content, and a store that comes to rest.
 */
class HistoryPropertyTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 60;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @Test
    void whateverIsDoneTheHistoryIsLinearAndEveryDigestCanBeComputedAgain() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try (Run run = new Run(seed)) {
                run.play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    /** One run: what it does is decided by its seed alone. */
    private static final class Run implements AutoCloseable {
        private final SplittableRandom random;
        private final StoreByHand hand;
        private final PolicyStore store;
        private final Map<String, String> documents = new HashMap<>(); // What the source holds.
        private final List<PolicyTransaction> open = new ArrayList<>();
        private final TreeMap<Long, PolicySnapshot> served = new TreeMap<>();
        private final Map<Long, String> digests = new HashMap<>();
        private PolicySet told = PolicySet.EMPTY;
        private long toldVersion;
        private int fresh;

        Run(long seed) {
            random = new SplittableRandom(seed);
            OnInvalid onInvalid = List.of(OnInvalid.values()).get(random.nextInt(3));
            StoreSettings settings =
                    StoreSettings.DEFAULT.withOnInvalid(onInvalid).withMaxVersions(2 + random.nextInt(6));
            hand = new StoreByHand(seed, settings, candidate -> List.of());
            store = hand.store;
        }

        @Override
        public void close() {
            hand.close();
        }

        void play() {
            if (random.nextBoolean()) {
                store.start();
            }
            for (int step = 0; step < STEPS; step++) {
                act();
                check();
                if (random.nextInt(3) == 0) {
                    settle();
                    check();
                }
            }
            anotherCommitAtTheSourceIsFollowedUnlessPinned();
            check();
        }

        private void act() {
            switch (random.nextInt(15)) {
                case 0, 1 -> source(name(), Documents.resource(name(), mark()));
                case 2 -> source("roles", Documents.derivedRoles("roles", random.nextBoolean() ? "owner" : "boss"));
                case 3 ->
                    source(name(), random.nextInt(4) == 0 ? "nonsense" : Documents.importing(name(), "roles", "owner"));
                case 4 -> sourceWithout(random.nextInt(4) == 0 ? "roles" : name());
                case 5 -> trying(() -> store.update(change(), "update"));
                case 6 -> open.add(store.beginTransaction());
                case 7, 8 -> stage();
                case 9 -> finish();
                case 10 -> rollBack();
                case 11 -> trying(() -> store.history().rollbackToPrevious("previous"));
                case 12 -> pinOrUnpin();
                case 13 -> decideAndSettle();
                default -> look();
            }
        }

        private String name() {
            return NAMES.get(random.nextInt(NAMES.size()));
        }

        private String mark() {
            return random.nextBoolean() ? "m" + random.nextInt(3) : "fresh " + fresh++;
        }

        private void source(String location, String text) {
            documents.put(location, text);
            hand.backend.put(location + ".yaml", text);
        }

        private void sourceWithout(String location) {
            documents.remove(location);
            hand.backend.remove(location + ".yaml");
        }

        private Map<PolicyId, Optional<Policy>> change() {
            String name = name();
            return Map.of(
                    StoreByHand.id(name),
                    random.nextInt(3) == 0 ? Optional.empty() : Optional.of(policy(name, mark())));
        }

        private void stage() {
            if (!open.isEmpty()) {
                PolicyTransaction transaction = open.get(random.nextInt(open.size()));
                change().forEach(
                                (id, policy) -> policy.ifPresentOrElse(transaction::put, () -> transaction.remove(id)));
            }
        }

        private void finish() {
            if (open.isEmpty()) {
                return;
            }
            PolicyTransaction transaction = open.remove(random.nextInt(open.size()));
            if (random.nextInt(4) == 0) {
                transaction.close();
                return;
            }
            PolicySnapshot before = store.current();
            trying(() -> {
                String digest = transaction.plan().digest();
                transaction.commit("transaction");
                assertThat(store.current().digest()).isEqualTo(digest);
                transaction
                        .changes()
                        .keySet()
                        .forEach(id -> assertThat(store.current().find(id))
                                .isEqualTo(transaction.staged().find(id)));
                before.policies()
                        .differences(store.current().policies())
                        .forEach(id -> assertThat(transaction.changes())
                                .as("nothing but what was staged changes")
                                .containsKey(id));
            });
        }

        private void rollBack() {
            long number = Math.max(0, hand.number() - random.nextInt(8));
            boolean known = store.history().find(number).isPresent();
            boolean[] done = new boolean[1];
            trying(() -> {
                store.history().rollback(number, "rollback");
                done[0] = true;
            });
            assertThat(done[0]).as("rollback to %s", number).isEqualTo(known);
        }

        /** What is decided on a source at rest holds, however often that is looked at or confirmed. */
        private void decideAndSettle() {
            settle();
            switch (random.nextInt(3)) {
                case 0 -> trying(() -> store.update(change(), "update"));
                case 1 -> trying(() -> store.history().rollbackToPrevious("previous"));
                default -> rollBack();
            }
            String decided = store.current().digest();
            trying(this::confirm);
            settle();
            assertThat(store.current().digest()).as("what was decided holds").isEqualTo(decided);
        }

        private void confirm() {
            boolean held = store.status().held().isPresent();
            store.confirm(held ? store.planSource().digest() : "");
        }

        private void pinOrUnpin() {
            if (random.nextBoolean()) {
                store.history().unpin();
            } else if (hand.number() > 0) {
                store.history().pin("pin");
            }
        }

        private void look() {
            trying(() -> {
                switch (random.nextInt(5)) {
                    case 0 -> store.checkAndReload();
                    case 1 -> store.checkAndReload(CheckMode.FORCE);
                    case 2 -> confirm();
                    case 3 -> store.stop(Duration.ofSeconds(1));
                    default -> hand.look();
                }
            });
        }

        /** Refusals are part of the game: what was served stays then. */
        private void trying(Runnable action) {
            long before = hand.number();
            try {
                action.run();
            } catch (ValidationException | TransactionConflictException | NoSuchElementException refused) {
                assertThat(refused).hasMessageNotContaining("null");
                assertThat(hand.number()).isEqualTo(before);
            }
        }

        /** However often the source is looked at, the store comes to rest: nothing goes to and fro. */
        private void settle() {
            trying(hand::look);
            trying(hand::look);
            long rested = hand.number();
            for (int i = 0; i < 3; i++) {
                trying(hand::look);
                trying(() -> store.checkAndReload(CheckMode.FORCE));
            }
            assertThat(hand.number()).as("looking again changes nothing").isEqualTo(rested);
            StoreStatus status = store.status();
            if (status.departures().isEmpty() && status.held().isEmpty() && !documents.containsValue("nonsense")) {
                assertThat(store.current().digest())
                        .as("what is served is what the source holds, if nothing is said")
                        .isEqualTo(PolicySet.of(documents.values().stream()
                                        .map(StoreByHand::parse)
                                        .toList())
                                .digest());
            }
        }

        private void anotherCommitAtTheSourceIsFollowedUnlessPinned() {
            NAMES.forEach(this::sourceWithout);
            source("roles", Documents.derivedRoles("roles", "owner", "fresh" + fresh++));
            settle();
            boolean pinned = store.status().departures().stream().anyMatch(what -> what.reason() == Reason.PINNED);
            if (!pinned) {
                assertThat(store.status().held()).isEmpty();
                assertThat(store.status().departures()).isEmpty();
                assertThat(store.current().size()).isEqualTo(1);
            }
        }

        private void check() {
            List<PolicyVersion> versions = store.history().versions();
            for (int i = 0; i < versions.size(); i++) {
                PolicyVersion version = versions.get(i);
                PolicySnapshot snapshot = store.history().find(version.number()).orElseThrow();
                assertThat(version.number()).isEqualTo(hand.number() - versions.size() + 1 + i);
                assertThat(snapshot.version()).isEqualTo(version);
                String digest = recomputed(snapshot);
                assertThat(snapshot.digest()).isEqualTo(digest);
                assertThat(digests.computeIfAbsent(version.number(), number -> digest))
                        .isEqualTo(digest);
                served.putIfAbsent(version.number(), snapshot);
                checkReferences(version);
            }
            assertThat(store.history().statistics().remembered()).isEqualTo(versions.size());
            follow();
        }

        private void checkReferences(PolicyVersion version) {
            version.rolledBackTo().ifPresent(target -> {
                assertThat(target).isLessThan(version.number());
                assertThat(digests.get(version.number())).isEqualTo(digests.get(target));
            });
            version.sameAs().ifPresent(like -> {
                assertThat(like).isLessThan(version.number());
                assertThat(digests.get(version.number())).isEqualTo(digests.get(like));
            });
            store.history()
                    .previous()
                    .ifPresent(
                            previous -> assertThat(previous.version().number()).isLessThan(hand.number()));
        }

        /** A subscriber that makes every change it is told of holds what is served. */
        private void follow() {
            for (StoreEvent event : hand.events) {
                if (event instanceof StoreEvent.Updated updated) {
                    assertThat(updated.version().number()).isEqualTo(++toldVersion);
                    Map<PolicyId, Optional<Policy>> changes = new HashMap<>();
                    for (PolicyChangeEvent change : updated.changes().events()) {
                        changes.put(change.policyId(), change.policy());
                    }
                    told = told.with(changes);
                }
                if (event instanceof StoreEvent.RolledBack rolledBack) {
                    assertThat(rolledBack.version().number()).isEqualTo(toldVersion);
                    assertThat(rolledBack.version().rolledBackTo())
                            .hasValue(rolledBack.to().number());
                }
            }
            hand.events.clear();
            assertThat(toldVersion).isEqualTo(hand.number());
            assertThat(told.digest()).isEqualTo(store.current().digest());
        }

        private static String recomputed(PolicySnapshot snapshot) {
            StringBuilder lines = new StringBuilder();
            new TreeMap<>(snapshot.all().stream()
                            .collect(java.util.stream.Collectors.toMap(
                                    policy -> policy.id().value(), Policy::raw)))
                    .forEach((id, raw) -> lines.append(id)
                            .append(':')
                            .append(sha256(raw.toByteArray()))
                            .append('\n'));
            return sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
        }

        private static String sha256(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
