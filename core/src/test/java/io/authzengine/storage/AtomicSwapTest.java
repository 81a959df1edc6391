package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Readers see whole versions only: three linked policies change together 10,000 times under readers that never stop. */
class AtomicSwapTest {
    private static final int SWAPS = 10_000;
    private static final PolicyId RESOURCE = PolicyId.ofResource("doc", "default", "");
    private static final List<PolicyId> LINKED =
            List.of(RESOURCE, PolicyId.ofDerivedRoles("roles"), PolicyId.ofExportVariables("vars"));

    private static Map<String, Optional<String>> linked(int mark) {
        String head = "apiVersion: api.cerbos.dev/v1\ndescription: \"" + mark + "\"\n";
        return Map.of(
                "doc.yaml",
                Optional.of(head + """
                        resourcePolicy:
                          resource: doc
                          version: default
                          importDerivedRoles: [roles]
                          variables: {import: [vars]}
                          rules:
                            - {actions: [view], effect: EFFECT_ALLOW, derivedRoles: [owner]}
                        """),
                "roles.yaml",
                Optional.of(head + "derivedRoles: {name: roles, definitions: [{name: owner, parentRoles: [user]}]}\n"),
                "vars.yaml",
                Optional.of(head + "exportVariables: {name: vars, definitions: {mine: R.attr.mine}}\n"));
    }

    /** Says what is wrong with what a reader sees at one moment: a gap, or a mixture of two moments. */
    private static Optional<String> wrongWith(Function<PolicyId, Optional<Policy>> reader) {
        List<Optional<Policy>> seen = LINKED.stream().map(reader).toList();
        long present = seen.stream().filter(Optional::isPresent).count();
        if (present != LINKED.size()) {
            return Optional.of("a gap: " + present + " of " + LINKED.size() + " are there");
        }
        Set<String> marks = seen.stream()
                .map(policy -> policy.orElseThrow().content().header().description())
                .collect(Collectors.toSet());
        return marks.size() == 1 ? Optional.empty() : Optional.of("a mixture of " + marks);
    }

    @Test
    void noReaderEverSeesAGapOrAMixtureOrAnOlderVersion() throws InterruptedException {
        FakeBackend backend = new FakeBackend();
        backend.change(linked(0));
        try (StorageContext context = StorageContext.create("swap-test");
                PolicyStore store = PolicyStore.builder(backend.driver(context))
                        .context(context)
                        .build()) {
            store.start();
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong reads = new AtomicLong();
            Queue<String> wrong = new ConcurrentLinkedQueue<>();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Thread reader = new Thread(() -> read(store, over, reads, wrong), "reader-" + i);
                reader.start();
                readers.add(reader);
            }
            for (int mark = 1; mark <= SWAPS; mark++) {
                backend.change(linked(mark));
                assertThat(store.checkAndReload()).isTrue();
            }
            over.set(true);
            for (Thread reader : readers) {
                reader.join();
            }

            assertThat(wrong).isEmpty();
            assertThat(store.current().version().number()).isEqualTo(SWAPS + 1);
            assertThat(reads.get()).as("too few reads to count").isGreaterThan(SWAPS);
        }
    }

    private static void read(PolicyStore store, AtomicBoolean over, AtomicLong reads, Queue<String> wrong) {
        long lastVersion = 0;
        while (!over.get() && wrong.isEmpty()) {
            PolicySnapshot snapshot = store.current();
            wrongWith(snapshot::find).ifPresent(wrong::add);
            if (snapshot.version().number() < lastVersion) {
                wrong.add("version " + snapshot.version().number() + " after " + lastVersion);
            }
            lastVersion = snapshot.version().number();
            reads.incrementAndGet();
        }
    }

    /** What many stores do: clear, then add. The hook stands for a reader that comes in between. */
    private static final class DeleteThenAddStore {
        private final Map<PolicyId, Policy> policies = new ConcurrentHashMap<>();

        void replace(List<Policy> next, Runnable readerInBetween) {
            policies.clear();
            readerInBetween.run();
            for (Policy policy : next) {
                policies.put(policy.id(), policy);
                readerInBetween.run();
            }
        }

        void overwrite(List<Policy> next, Runnable readerInBetween) {
            for (Policy policy : next) {
                policies.put(policy.id(), policy);
                readerInBetween.run();
            }
        }
    }

    @Test
    void theDetectorCatchesAStoreThatDeletesThenAddsAndOneThatOverwritesOneByOne() {
        FakeBackend backend = new FakeBackend();
        List<String> caught = new ArrayList<>();
        DeleteThenAddStore broken = new DeleteThenAddStore();
        Runnable reader = () ->
                wrongWith(id -> Optional.ofNullable(broken.policies.get(id))).ifPresent(caught::add);
        try (StorageContext context = StorageContext.create("detector-test");
                PolicyStore store = PolicyStore.builder(backend.driver(context))
                        .context(context)
                        .build()) {
            backend.change(linked(1));
            store.checkAndReload();
            broken.replace(store.current().all(), reader);
            assertThat(caught).anyMatch(what -> what.contains("gap"));

            caught.clear();
            backend.change(linked(2));
            store.checkAndReload();
            broken.overwrite(store.current().all(), reader);
            assertThat(caught).anyMatch(what -> what.contains("mixture"));
        }
    }
}
