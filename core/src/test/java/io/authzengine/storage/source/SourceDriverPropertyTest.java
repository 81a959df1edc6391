package io.authzengine.storage.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicySet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever backend, signals and faults do in whatever order: the loop never makes anything up, and it always arrives. */
class SourceDriverPropertyTest {
    private static final int SEEDS = 800;
    private static final int STEPS = 40;
    private static final int LOCATIONS = 5;

    @Test
    void theLoopArrivesAtTheBackendAndNeverHoldsOrDeletesWhatTheBackendDidNot() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    /** One run: what it does is decided by its seed alone. */
    private static final class Run {
        private final SplittableRandom random;
        private final SimulatedLoop loop;
        private final ScriptedSource source;
        private final Set<String> everHad = new HashSet<>();
        private final Map<Revision, Map<String, String>> history = new HashMap<>();
        /** What each location held, in the order of time; empty where it was gone. */
        private final Map<String, List<String>> heldAt = new HashMap<>();

        private boolean faulty = true;
        private int edits;
        private int told;
        private PolicySet toldOf = PolicySet.EMPTY;

        Run(long seed) {
            random = new SplittableRandom(seed);
            SyncSettings settings = SyncSettings.DEFAULT
                    .withRetries(random.nextInt(3))
                    .withHints(Duration.ofMillis(random.nextInt(2) * 50L), Duration.ofSeconds(1));
            loop = new SimulatedLoop(settings, Simulation.seeded(seed));
            source = loop.source;
            source.hasRevisions = random.nextInt(4) > 0;
            source.onOpen = this::maybeFail;
            source.onManifest = () -> {
                maybeFail();
                maybeEdit();
            };
            source.onRead = this::maybeFail;
            source.onEntry = () -> {
                maybeEdit();
                maybeFail();
            };
            if (source.hasRevisions && random.nextBoolean()) {
                source.answer = this::delta;
            }
        }

        void play() {
            loop.driver.watch(loop);
            attempt(loop.driver::init);
            loop.driver.start(StartOptions.DEFAULT);
            for (int step = 0; step < STEPS; step++) {
                step();
                checkWhatWasTold();
            }
            faulty = false;
            source.unreadable.clear();
            for (int i = 0; i < LOCATIONS; i++) {
                if (Documents.BROKEN.equals(source.documents.get(location(i)))) {
                    putGood(i, i);
                }
            }
            loop.driver.start(StartOptions.DEFAULT);
            loop.advance(Duration.ofMinutes(3));
            checkWhatWasTold();
            checkArrived();
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> edit();
                case 3 -> source.hint();
                case 4 -> {
                    source.hint();
                    source.hint();
                }
                case 5 -> attempt(loop::check);
                case 6 -> attempt(loop::force);
                case 7 -> toggleUnreadable();
                case 8 -> {
                    loop.driver.stop(Duration.ZERO);
                    edit();
                    loop.driver.start(StartOptions.DEFAULT);
                }
                default -> loop.advance(Duration.ofMillis(random.nextInt(20_000)));
            }
        }

        private void attempt(Runnable call) {
            try {
                call.run();
            } catch (StorageException e) {
                assertThat(faulty).as("failed without a fault: %s", e).isTrue();
            }
        }

        private void maybeFail() {
            if (faulty && random.nextInt(6) == 0) {
                if (random.nextInt(10) == 0) {
                    throw new IllegalStateException("a defect of the source");
                }
                attemptUnreachable();
            }
        }

        private static void attemptUnreachable() {
            try {
                ScriptedSource.unreachable().run();
            } catch (StorageException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private void maybeEdit() {
            if (faulty && random.nextInt(12) == 0) {
                edit();
            }
        }

        private void edit() {
            int at = random.nextInt(LOCATIONS);
            switch (random.nextInt(6)) {
                case 0 -> put(at, "");
                case 1 -> put(at, Documents.BROKEN);
                case 2 -> putGood(at, random.nextInt(LOCATIONS)); // Maybe a policy that another location has.
                default -> putGood(at, at);
            }
            history.put(source.revision(), new TreeMap<>(source.documents));
        }

        private void putGood(int at, int name) {
            String text = Documents.policy("n" + name, "e" + edits++);
            everHad.add(text);
            put(at, text);
        }

        private void put(int at, String text) {
            heldAt.computeIfAbsent(location(at), unheard -> new ArrayList<>()).add(text);
            if (text.isEmpty()) {
                source.remove(location(at));
            } else {
                source.put(location(at), text);
            }
        }

        private void toggleUnreadable() {
            String location = location(random.nextInt(LOCATIONS));
            if (!source.unreadable.remove(location)) {
                source.unreadable.add(location);
            }
        }

        private Optional<Manifest> delta(Revision last, Manifest now) {
            Map<String, String> before = history.get(last);
            if (last.equals(now.revision())) {
                return Optional.empty();
            }
            if (before == null || random.nextInt(3) == 0) {
                return Optional.of(now);
            }
            List<SourceEntry> changed = now.entries().values().stream()
                    .filter(entry -> !entry.token().equals(before.get(entry.location())))
                    .toList();
            Set<String> gone = new HashSet<>(before.keySet());
            gone.removeAll(now.entries().keySet());
            return Optional.of(Manifest.delta(last, now.revision(), changed, gone));
        }

        private void checkWhatWasTold() {
            for (; told < loop.changes.size(); told++) {
                for (PolicyChangeEvent event : loop.changes.get(told).events()) {
                    checkChain(event);
                    checkDeletion(event);
                }
            }
            LoadResult now = loop.driver.load();
            assertThat(toldOf.sameAs(now.policies()))
                    .as("all changes were told, and once")
                    .isTrue();
            for (Policy policy : now.policies().sorted()) {
                assertThat(everHad).contains(policy.raw().toString());
            }
        }

        private void checkChain(PolicyChangeEvent event) {
            assertThat(toldOf.find(event.policyId()).map(Policy::raw))
                    .isEqualTo(event.previousPolicy().map(Policy::raw));
            toldOf = toldOf.with(Map.of(event.policyId(), event.policy()));
        }

        /** The place it came from must have been without it since, and rightly so; a broken document is no evidence. */
        private void checkDeletion(PolicyChangeEvent event) {
            if (event.type() != PolicyChangeEvent.Type.DELETED) {
                return;
            }
            Policy deleted = event.previousPolicy().orElseThrow();
            List<String> held = heldAt.getOrDefault(deleted.metadata().source(), List.of());
            List<String> since = held.subList(held.indexOf(deleted.raw().toString()) + 1, held.size());
            assertThat(since)
                    .as("%s", event)
                    .anySatisfy(text -> assertThat(text)
                            .isNotEqualTo(Documents.BROKEN)
                            .doesNotContain("resource: " + name(event.policyId()) + "\n"));
        }

        private void checkArrived() {
            Map<PolicyId, List<String>> claims = new HashMap<>();
            source.documents.values().forEach(text -> {
                for (int i = 0; i < LOCATIONS; i++) {
                    if (declares(text, Documents.id("n" + i))) {
                        claims.computeIfAbsent(Documents.id("n" + i), id -> new ArrayList<>())
                                .add(text);
                    }
                }
            });
            LoadResult arrived = loop.driver.load();
            claims.forEach((id, texts) -> {
                if (texts.size() == 1) {
                    assertThat(arrived.policies().find(id).orElseThrow().raw().toString())
                            .isEqualTo(texts.get(0));
                }
            });
            assertThat(claims.keySet())
                    .containsAll(arrived.policies().stream().map(Policy::id).toList());
            assertThat(arrived.complete()).isEqualTo(claims.values().stream().allMatch(texts -> texts.size() == 1));
            assertThat(loop.status().lastError()).isEmpty();
        }

        private static boolean declares(String text, PolicyId id) {
            return !text.equals(Documents.BROKEN) && text.contains("resource: " + name(id) + "\n");
        }

        private static String name(PolicyId id) {
            return id.value().substring("resource.".length(), id.value().length() - ".vdefault".length());
        }

        private static String location(int number) {
            return "l" + number + ".yaml";
        }
    }
}
