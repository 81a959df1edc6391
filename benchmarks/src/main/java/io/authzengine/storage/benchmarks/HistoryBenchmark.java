package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

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
            times(size);
            heap(size);
        }
    }

    /** A store of {@code size} policies that no source disturbs. */
    private static PolicyStore store(int size, int versions) throws IOException {
        Path empty = Files.createTempDirectory("history-benchmark");
        String yaml = "storage:\n  driver: filesystem\n  maxVersions: " + versions + "\n  filesystem:\n    paths: ['"
                + empty + "']\n";
        PolicyStore store = PolicyStore.builder(StorageConfig.parse(yaml, "benchmark", Map.of()))
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

    private static void times(int size) throws IOException {
        try (PolicyStore store = store(size, 10)) {
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
            report(size, "update of 1", updates);
            report(size, "transaction of 1", transactions);
            report(size, "rollback of 1 (stage, swap, publish)", returns);
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
        report(size, "update of all", updates);
        report(size, "rollback of all", returns);
    }

    private static void digests(PolicyStore store, int size) {
        long[] digests = new long[30];
        for (int i = 0; i < digests.length; i++) {
            Policy next = policy(i, -100 - i);
            store.update(Map.of(next.id(), Optional.of(next)), "one");
            PolicySnapshot snapshot = store.current();
            digests[i] = timed(snapshot::digest);
        }
        report(size, "digest after a change of 1, if asked for", digests);
    }

    private static long timed(Runnable work) {
        long before = System.nanoTime();
        work.run();
        return System.nanoTime() - before;
    }

    private static void report(int size, String what, long[] times) {
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "%d policies: %s: %.3f ms (p50) %.3f ms (p99) of %d%n",
                size,
                what,
                times[times.length / 2] / 1e6,
                times[times.length * 99 / 100] / 1e6,
                times.length);
    }

    private static void heap(int size) throws IOException, InterruptedException {
        long nothing = heapAfterCollection();
        try (PolicyStore store = store(size, VERSIONS)) {
            long one = heapAfterCollection() - nothing;
            SplittableRandom random = new SplittableRandom(SEED);
            for (int i = 1; i < VERSIONS; i++) {
                Policy next = policy(random.nextInt(size), i);
                store.update(Map.of(next.id(), Optional.of(next)), "change " + i);
            }
            long many = heapAfterCollection() - nothing;
            System.out.printf(
                    Locale.ROOT,
                    "%d policies: 1 version holds %.1f MiB, %d versions %.1f MiB: %.2f KiB for each more%n",
                    size,
                    one / 1048576.0,
                    store.history().versions().size(),
                    many / 1048576.0,
                    (many - one) / 1024.0 / (VERSIONS - 1));
        }
    }

    private static long heapAfterCollection() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
