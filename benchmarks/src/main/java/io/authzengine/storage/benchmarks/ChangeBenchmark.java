package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.corpus.Corpus;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Served;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Measures what the core adds between a source's hint and a subscriber's being told, when one policy of many has changed: with a source that
 * knows what has changed, as of a commit or a change counter, and with one that can only list everything.
 */
public final class ChangeBenchmark {

    private ChangeBenchmark() {}

    /** Takes numbers of policies. */
    public static void main(String[] args) throws InterruptedException {
        for (String arg : args) {
            for (MemorySource.Answer answer : MemorySource.Answer.values()) {
                measure(Integer.parseInt(arg), answer);
            }
        }
    }

    private static void measure(int policies, MemorySource.Answer answer) throws InterruptedException {
        MemorySource source = new MemorySource(Corpus.of(policies, Corpus.SEED), answer);
        try (StorageContext context = StorageContext.create("benchmark")) {
            SyncSettings settings = SyncSettings.DEFAULT.withPollInterval(Duration.ofHours(1));
            StorageDriver driver = new SourceDriver("memory", StorageDriver.MEMORY, source, settings, context);
            try (PolicyStore store =
                    PolicyStore.builder(driver).context(context).build()) {
                store.start();
                if (store.current().size() != policies) {
                    throw new IllegalStateException("serves " + store.current().size());
                }
                Figures.tell(
                        "change." + answer.label(),
                        policies,
                        "ms",
                        Sample.millis(times(store, source, policies, answer.changes())));
            }
        }
    }

    private static long[] times(PolicyStore store, MemorySource source, int policies, int changes)
            throws InterruptedException {
        SplittableRandom random = new SplittableRandom(Corpus.SEED);
        long[] times = new long[changes];
        try (Served served = Served.by(store)) {
            for (int i = -changes / 5; i < changes; i++) {
                source.edit(random.nextInt(policies));
                long begin = System.nanoTime();
                source.hint();
                long end = served.await().nanos();
                if (i >= 0) {
                    times[i] = end - begin;
                }
            }
        }
        return times;
    }
}
