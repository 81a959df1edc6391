package io.authzengine.storage;

import static io.authzengine.storage.StoreByHand.policy;
import static io.authzengine.storage.StoreByHand.putting;
import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many change the store at once, by hand and from the source, and no change is lost. */
class ConcurrentUpdatesTest {
    private static final int THREADS = 4;
    private static final int INCREMENTS = 150;
    private static final int COUNTERS = 3;

    @Test
    void transactionsThatCountNeverLoseACountHoweverTheyInterleave() throws Exception {
        for (long seed = 0; seed < 3; seed++) {
            countTogether(seed);
        }
    }

    private static void countTogether(long seed) throws Exception {
        AtomicInteger conflicts = new AtomicInteger();
        try (StorageContext context = StorageContext.create("updates-test");
                PolicyStore store = PolicyStore.builder(new FakeBackend().driver(context))
                        .context(context)
                        .settings(StoreSettings.DEFAULT.withMaxVersions(100_000))
                        .build()) {
            store.checkAndReload();
            for (int i = 0; i < COUNTERS; i++) {
                store.update(putting(policy("count" + i, "0")), "");
            }
            store.history().pin("what the source brings is not the subject");
            CyclicBarrier start = new CyclicBarrier(THREADS + 1);
            List<Runnable> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                SplittableRandom random = new SplittableRandom(seed * THREADS + thread);
                String own = "own" + thread;
                work.add(() -> {
                    for (int i = 1; i <= INCREMENTS; i++) {
                        increment(store, "count" + random.nextInt(COUNTERS), conflicts);
                        store.update(putting(policy(own, "" + i)), "");
                    }
                });
            }
            work.add(() -> {
                for (int i = 0; i < INCREMENTS; i++) {
                    store.checkAndReload(CheckMode.FORCE);
                }
            });
            runTogether(work, start);

            int sum = 0;
            for (int i = 0; i < COUNTERS; i++) {
                sum += Integer.parseInt(StoreByHand.mark(store.current(), "count" + i));
            }
            assertThat(sum)
                    .as("with seed %s, after %s conflicts", seed, conflicts)
                    .isEqualTo(THREADS * INCREMENTS);
            for (int thread = 0; thread < THREADS; thread++) {
                assertThat(StoreByHand.mark(store.current(), "own" + thread)).isEqualTo("" + INCREMENTS);
            }
            long last = store.current().version().number();
            assertThat(last).isEqualTo(1 + COUNTERS + 2L * THREADS * INCREMENTS);
            assertThat(store.history().versions())
                    .extracting(PolicyVersion::number)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, last).boxed().toList());
        }
    }

    private static void increment(PolicyStore store, String counter, AtomicInteger conflicts) {
        while (true) {
            try (PolicyTransaction transaction = store.beginTransaction()) {
                int count = Integer.parseInt(StoreByHand.mark(transaction.base(), counter));
                transaction.put(policy(counter, "" + (count + 1))).commit("");
                return;
            } catch (TransactionConflictException e) {
                assertThat(e.ids()).containsExactly(StoreByHand.id(counter));
                conflicts.incrementAndGet();
            }
        }
    }

    private static void runTogether(List<Runnable> work, CyclicBarrier start) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<Future<?>> all = new ArrayList<>();
            for (Runnable one : work) {
                all.add(threads.submit(() -> {
                    start.await();
                    one.run();
                    return one;
                }));
            }
            for (Future<?> one : all) {
                one.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
