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
 * Measures a blob driver with the official client of a cloud over S3Proxy, or over a fake of its API, on this machine and in this process: what client and driver cost, and how
 * much they ask for. What a network adds is not in it.
 */
public final class BlobBenchmark {
    private static final int ROUNDS = 50;
    private static final String BUCKET = "bucket";

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

    /** Takes {@code s3}, {@code gcs} or {@code azure}, and how many objects. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int objects = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "s3" -> s3(objects);
            case "gcs" -> gcs(objects);
            case "azure" -> azure(objects);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** The server is asked through a line that counts bytes, with those of headers; requests are counted before the client. */
    private static void s3(int objects) throws IOException, InterruptedException {
        try (S3ProxyServer server = S3ProxyServer.start(BUCKET);
                StorageContext context = StorageContext.create("line");
                TcpFaultProxy line = TcpFaultProxy.start(
                        Faults.of(context, new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS)),
                        ProxyRoute.to(
                                server.endpoint().getHost(), server.endpoint().getPort()),
                        FaultBinding.of(FaultPolicy.NONE));
                BlobStore owner = s3(server.endpoint())
                        .open(new BlobBackend.Target(BUCKET, 1, new BlobErrors("owner", server.endpoint() + "/")))) {
            BlobBackend client = s3(URI.create("http://127.0.0.1:" + line.port()));
            Counted counted = new Counted(client, new AtomicLong());
            LongSupplier sent = () -> line.stats().bytesDown();
            new BlobBenchmark(
                            "s3", objects, counted, (key, text) -> put(owner, key, text), counted.requests()::get, sent)
                    .run();
        }
    }

    private static BlobBackend s3(URI endpoint) {
        return S3Backend.at(endpoint, S3Login.keys("anybody", "any", Optional.empty()));
    }

    /** Looks for what is to be replaced only where something is: a listing is dear to S3Proxy. */
    private static void put(BlobStore owner, String key, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        if (!owner.put(key, content, Optional.empty())) {
            owner.put(
                    key,
                    content,
                    owner.list(key, Optional.empty()).blobs().stream().findFirst());
        }
    }

    private static void gcs(int objects) throws IOException {
        try (FakeGcs fake = FakeGcs.start(BUCKET)) {
            BlobBackend backend = GcsBackend.at(fake.url(), GcsLogin.ANONYMOUS);
            new BlobBenchmark("gcs", objects, backend, fake::put, fake::requests, fake::sent).run();
        }
    }

    private static void azure(int objects) throws IOException {
        try (FakeAzure fake = FakeAzure.start(BUCKET)) {
            BlobBackend backend = new AzureBackend(Optional.empty(), AzureLogin.ANONYMOUS, Optional.of(fake.url()));
            new BlobBenchmark("azure", objects, backend, fake::put, fake::requests, fake::sent).run();
        }
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
                                new BlobDriverProvider().create(BlobConfig.of(backend, BUCKET), context))
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
