package io.authzengine.storage.benchmarks;

import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.azure.AzureBackend;
import io.authzengine.storage.driver.blob.azure.AzureLogin;
import io.authzengine.storage.driver.blob.gcs.GcsBackend;
import io.authzengine.storage.driver.blob.gcs.GcsLogin;
import io.authzengine.storage.testkit.FakeAzure;
import io.authzengine.storage.testkit.FakeGcs;
import io.authzengine.storage.testkit.SamplePolicies;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Measures a blob driver with the official client of a cloud over a fake of its API, on this machine and in this process: what client and
 * driver cost, and how much they ask for. What a network adds is not in it.
 */
public final class BlobBenchmark {
    private static final int ROUNDS = 50;

    private final String store;
    private final int objects;
    private final BlobBackend backend;
    private final BiConsumer<String, String> put;
    private final LongSupplier requests;
    private final LongSupplier sent;

    private BlobBenchmark(
            String store,
            int objects,
            BlobBackend backend,
            BiConsumer<String, String> put,
            LongSupplier requests,
            LongSupplier sent) {
        this.store = store;
        this.objects = objects;
        this.backend = backend;
        this.put = put;
        this.requests = requests;
        this.sent = sent;
    }

    /** Takes {@code gcs} or {@code azure}, and how many objects. */
    public static void main(String[] args) {
        int objects = Integer.parseInt(args[1]);
        if (args[0].equals("gcs")) {
            try (FakeGcs fake = FakeGcs.start("bucket")) {
                BlobBackend backend = GcsBackend.at(fake.url(), GcsLogin.ANONYMOUS);
                new BlobBenchmark(args[0], objects, backend, fake::put, fake::requests, fake::sent).run();
            }
        } else {
            try (FakeAzure fake = FakeAzure.start("bucket")) {
                BlobBackend backend = new AzureBackend(Optional.empty(), AzureLogin.ANONYMOUS, Optional.of(fake.url()));
                new BlobBenchmark(args[0], objects, backend, fake::put, fake::requests, fake::sent).run();
            }
        }
    }

    private void run() {
        for (int i = 0; i < objects; i++) {
            put(i, "view");
        }
        try (StorageContext context = StorageContext.create("benchmark");
                StorageDriver driver = new BlobDriverProvider().create(BlobConfig.of(backend, "bucket"), context)) {
            long begin = System.nanoTime();
            driver.init();
            tell("first-load", Sample.of(millis(begin)), (double) requests.getAsLong(), (double) sent.getAsLong());
            measure("poll", driver, round -> {});
            measure("change", driver, round -> put(round, "edit" + round));
        }
    }

    private void measure(String what, StorageDriver driver, IntConsumer before) {
        double[] times = new double[ROUNDS];
        long requested = requests.getAsLong();
        long answered = sent.getAsLong();
        for (int i = 0; i < ROUNDS; i++) {
            before.accept(i);
            long begin = System.nanoTime();
            driver.checkNow(CheckMode.IF_CHANGED);
            times[i] = millis(begin);
        }
        tell(
                what,
                Sample.of(times),
                (requests.getAsLong() - requested) / (double) ROUNDS,
                (sent.getAsLong() - answered) / (double) ROUNDS);
    }

    private void put(int number, String action) {
        put.accept("policies/p" + number + ".yaml", SamplePolicies.resource("p" + number, "default", action));
    }

    private static double millis(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private void tell(String what, Sample millis, double requested, double answered) {
        String name = "blob." + store + "." + what;
        Figures.tell(name, objects, "ms", millis);
        Figures.tell(name + ".requests", objects, "requests", requested);
        Figures.tell(name + ".answered", objects, "bytes", answered);
    }
}
