package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Memory;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Measures changes by hand and the ways back, in memory: an update of one policy and of all, a rollback of one and of all, the digest, and
 * what a long history keeps on the heap.
 */
public final class HistoryBenchmark {
    private static final PolicyParser PARSER = new PolicyParser(ParserLimits.DEFAULT);
    private static final int ROUNDS = 300;
    private static final int VERSIONS = 1000;
    private static final long SEED = 1;

    private HistoryBenchmark() {}

    /** Runs with numbers of policies as arguments; prints a few lines for each. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (String arg : args) {
            int size = Integer.parseInt(arg);
            try (Scratch empty = Scratch.create()) {
                times(size, empty.directory());
                heap(size, empty.directory());
            }
        }
    }

    /** A store of {@code size} policies that no source disturbs. */
    private static PolicyStore store(int size, int versions, Path empty) {
        PolicyStore store = PolicyStore.builder(Stores.config(
                        "driver: filesystem, maxVersions: " + versions + ", filesystem: {paths: ['" + empty + "']}"))
                .build();
        store.update(PolicySet.EMPTY.changesTo(all(size, 0)), "load");
        return store;
    }

    private static PolicySet all(int size, int mark) {
        List<Policy> policies = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            policies.add(policy(i, mark));
        }
        return PolicySet.of(policies);
    }

    private static Policy policy(int number, int mark) {
        String text = """
                apiVersion: api.cerbos.dev/v1
                description: "resource %d, state %d"
                resourcePolicy:
                  resource: "resource%d"
                  version: default
                  rules:
                    - actions: [view, list, "report:view"]
                      effect: EFFECT_ALLOW
                      roles: [user, auditor]
                    - actions: [create, edit]
                      effect: EFFECT_ALLOW
                      roles: [editor]
                      condition:
                        match:
                          expr: request.resource.attr.owner == request.principal.id
                    - actions: [delete]
                      effect: EFFECT_DENY
                      roles: ["*"]
                      condition:
                        match:
                          expr: request.resource.attr.legalHold == true
                """.formatted(number, mark, number);
        DocumentOrigin origin = new DocumentOrigin("benchmark", "resource" + number + ".yaml", "", Optional.empty());
        return PARSER.parse(text.getBytes(StandardCharsets.UTF_8), origin)
                .policies()
                .get(0);
    }

    private static void times(int size, Path empty) {
        try (PolicyStore store = store(size, 10, empty)) {
            SplittableRandom random = new SplittableRandom(SEED);
            long[] updates = new long[ROUNDS];
            long[] returns = new long[ROUNDS];
            long[] transactions = new long[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                Policy next = policy(random.nextInt(size), i + 1);
                Map<PolicyId, Optional<Policy>> change = Map.of(next.id(), Optional.of(next));
                updates[i] = timed(() -> store.update(change, "one"));
                returns[i] = timed(() -> store.history().rollbackToPrevious("one"));
                transactions[i] = timed(() -> store.beginTransaction().put(next).commit("one"));
            }
            Figures.tell("history.update-one", size, "ms", Sample.millis(updates));
            Figures.tell("history.transaction-one", size, "ms", Sample.millis(transactions));
            Figures.tell("history.rollback-one", size, "ms", Sample.millis(returns));
            all(store, size);
            digests(store, size);
        }
    }

    private static void all(PolicyStore store, int size) {
        int rounds = 30;
        PolicySet one = all(size, -1);
        PolicySet other = all(size, -2);
        long[] updates = new long[rounds];
        long[] returns = new long[rounds];
        store.update(store.current().policies().changesTo(one), "all");
        for (int i = 0; i < rounds; i++) {
            long target = store.current().version().number();
            Map<PolicyId, Optional<Policy>> changes = store.current().policies().changesTo(other);
            updates[i] = timed(() -> store.update(changes, "all"));
            returns[i] = timed(() -> store.history().rollback(target, "all"));
        }
        Figures.tell("history.update-all", size, "ms", Sample.millis(updates));
        Figures.tell("history.rollback-all", size, "ms", Sample.millis(returns));
    }

    private static void digests(PolicyStore store, int size) {
        long[] digests = new long[30];
        for (int i = 0; i < digests.length; i++) {
            Policy next = policy(i, -100 - i);
            store.update(Map.of(next.id(), Optional.of(next)), "one");
            PolicySnapshot snapshot = store.current();
            digests[i] = timed(snapshot::digest);
        }
        Figures.tell("history.digest", size, "ms", Sample.millis(digests));
    }

    private static long timed(Runnable work) {
        long before = System.nanoTime();
        work.run();
        return System.nanoTime() - before;
    }

    private static void heap(int size, Path empty) throws InterruptedException {
        long nothing = Memory.retained();
        try (PolicyStore store = store(size, VERSIONS, empty)) {
            long one = Memory.retained() - nothing;
            SplittableRandom random = new SplittableRandom(SEED);
            for (int i = 1; i < VERSIONS; i++) {
                Policy next = policy(random.nextInt(size), i);
                store.update(Map.of(next.id(), Optional.of(next)), "change " + i);
            }
            long many = Memory.retained() - nothing;
            Figures.tell("history.heap.one", size, "KiB", one / 1024.0);
            Figures.tell("history.heap.each-more", size, "KiB", (many - one) / 1024.0 / (VERSIONS - 1));
        }
    }
}
