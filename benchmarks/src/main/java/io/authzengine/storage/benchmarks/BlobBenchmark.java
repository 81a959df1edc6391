package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobContent;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobPage;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.driver.blob.azure.AzureBackend;
import io.authzengine.storage.driver.blob.azure.AzureLogin;
import io.authzengine.storage.driver.blob.gcs.GcsBackend;
import io.authzengine.storage.driver.blob.gcs.GcsLogin;
import io.authzengine.storage.driver.blob.s3.S3Backend;
import io.authzengine.storage.driver.blob.s3.S3Login;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.proxy.ProxyRoute;
import io.authzengine.storage.faults.proxy.TcpFaultProxy;
import io.authzengine.storage.testkit.FakeAzure;
import io.authzengine.storage.testkit.FakeGcs;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Measures a blob driver with the official client of a cloud over a fake of its API, or over a server of yours that speaks S3, on this machine and in this process: what client and
 * driver cost, and how much they ask for. What a network adds is not in it.
 */
public final class BlobBenchmark {
    private static final int ROUNDS = 50;
    private static final String BUCKET = "bucket";

    private final String store;
    private final String bucket;
    private final int objects;
    private final BlobBackend backend;
    private final BiConsumer<String, String> put;
    private final LongSupplier requests;
    private final LongSupplier sent;

    private BlobBenchmark(
            String store,
            String bucket,
            int objects,
            BlobBackend backend,
            BiConsumer<String, String> put,
            LongSupplier requests,
            LongSupplier sent) {
        this.store = store;
        this.bucket = bucket;
        this.objects = objects;
        this.backend = backend;
        this.put = put;
        this.requests = requests;
        this.sent = sent;
    }

    /**
     * Takes {@code gcs} or {@code azure} and how many objects, or {@code s3}, how many, the URL of a server that speaks it without TLS, and a bucket
     * there that is empty; its key is found as by Amazon's tools.
     */
    public static void main(String[] args) throws IOException {
        int objects = Integer.parseInt(args[1]);
        if (args[0].equals("s3")) {
            s3(objects, URI.create(args[2]), args[3]);
        } else if (args[0].equals("gcs")) {
            try (FakeGcs fake = FakeGcs.start(BUCKET)) {
                BlobBackend backend = GcsBackend.at(fake.url(), GcsLogin.ANONYMOUS);
                new BlobBenchmark(args[0], BUCKET, objects, backend, fake::put, fake::requests, fake::sent).run();
            }
        } else {
            try (FakeAzure fake = FakeAzure.start(BUCKET)) {
                BlobBackend backend = new AzureBackend(Optional.empty(), AzureLogin.ANONYMOUS, Optional.of(fake.url()));
                new BlobBenchmark(args[0], BUCKET, objects, backend, fake::put, fake::requests, fake::sent).run();
            }
        }
    }

    /** The server is asked through a line that counts bytes, with those of headers; requests are counted before the client. */
    private static void s3(int objects, URI endpoint, String bucket) throws IOException {
        try (StorageContext context = StorageContext.create("line");
                TcpFaultProxy line = TcpFaultProxy.start(
                        Faults.of(context, new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS)),
                        ProxyRoute.to(endpoint.getHost(), endpoint.getPort()),
                        FaultBinding.of(FaultPolicy.NONE));
                BlobStore owner = open(S3Backend.at(endpoint, S3Login.STANDARD), bucket)) {
            Counted counted = new Counted(
                    S3Backend.at(URI.create("http://127.0.0.1:" + line.port()), S3Login.STANDARD), new AtomicLong());
            BiConsumer<String, String> put = (key, text) -> owner.put(
                    key,
                    text.getBytes(StandardCharsets.UTF_8),
                    owner.list(key, Optional.empty()).blobs().stream().findFirst());
            LongSupplier sent = () -> line.stats().bytesDown();
            new BlobBenchmark("s3", bucket, objects, counted, put, counted.requests()::get, sent).run();
        }
    }

    private static BlobStore open(BlobBackend backend, String bucket) {
        return backend.open(new BlobBackend.Target(bucket, 1, new BlobErrors("owner", backend.address(bucket))));
    }

    /** Counts what is asked of a store. */
    private record Counted(BlobBackend backend, AtomicLong requests) implements BlobBackend {
        @Override
        public String address(String bucket) {
            return backend.address(bucket);
        }

        @Override
        public BlobStore open(Target target) {
            return new CountedStore(backend.open(target), requests);
        }
    }

    private record CountedStore(BlobStore store, AtomicLong requests) implements BlobStore {
        @Override
        public BlobPage list(String prefix, Optional<String> next) {
            requests.incrementAndGet();
            return store.list(prefix, next);
        }

        @Override
        public Optional<BlobContent> get(Blob blob, int maxBytes) {
            requests.incrementAndGet();
            return store.get(blob, maxBytes);
        }

        @Override
        public boolean put(String key, byte[] content, Optional<Blob> instead) {
            requests.incrementAndGet();
            return store.put(key, content, instead);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private void run() {
        for (int i = 0; i < objects; i++) {
            put(i, "view");
        }
        try (StorageContext context = StorageContext.create("benchmark");
                PolicyStore policies = PolicyStore.builder(
                                new BlobDriverProvider().create(BlobConfig.of(backend, bucket), context))
                        .build()) {
            long begin = System.nanoTime();
            policies.start();
            tell("first-load", Sample.of(millis(begin)), (double) requests.getAsLong(), (double) sent.getAsLong());
            measure("poll", policies, round -> {});
            measure("change", policies, round -> put(round, "edit" + round));
        }
    }

    private void measure(String what, PolicyStore policies, IntConsumer before) {
        double[] times = new double[ROUNDS];
        long requested = requests.getAsLong();
        long answered = sent.getAsLong();
        for (int i = 0; i < ROUNDS; i++) {
            before.accept(i);
            long begin = System.nanoTime();
            policies.checkAndReload();
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
