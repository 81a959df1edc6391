package io.authzengine.storage.driver.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend.Target;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.driver.blob.s3.remote.S3Server;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver as users have it, against a server that speaks S3. */
class S3DriverTest {
    private static final S3Server SERVER = S3Server.start();
    private static final S3Backend BACKEND =
            S3Backend.at(SERVER.endpoint(), S3Login.keys(S3Server.KEY, S3Server.SECRET, Optional.empty()));
    private static int buckets;

    private final String bucket = "driver-" + ++buckets;
    private final StorageContext context = StorageContext.create("test");
    private final List<StorageDriver> drivers = new ArrayList<>();

    S3DriverTest() {
        SERVER.make(bucket);
    }

    @AfterEach
    void close() {
        drivers.forEach(StorageDriver::close);
        context.close();
        SERVER.up();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private StorageDriver driver(S3Backend backend) {
        return keep(new BlobDriverProvider().create(BlobConfig.of(backend, bucket), context));
    }

    private StorageDriver keep(StorageDriver driver) {
        drivers.add(driver);
        return driver;
    }

    private void put(String name) {
        SERVER.put(bucket, "policies/" + name + ".yaml", SamplePolicies.resource(name));
    }

    private static String settings(String bucket, String credentials) {
        return "storage: {driver: blob, blob: {provider: s3, bucket: " + bucket + ", credentials: {" + credentials
                + "}}}\n";
    }

    private StorageDriver configured(String credentials) {
        Map<String, String> environment = Map.of("KEY", S3Server.KEY, "SECRET", S3Server.SECRET);
        StorageConfig config = StorageConfig.parse(settings(bucket, credentials), "storage.yaml", environment);
        return keep(DriverProviders.installed().create(config.driver(), context));
    }

    @Test
    void runsWithTheConfigurationOfTheDesign() {
        put("album");
        StorageDriver driver = configured("region: eu-west-1, accessKeyId: '${KEY}', secretAccessKey: '${SECRET}',"
                + " endpoint: '" + SERVER.endpoint() + "'");
        driver.init();
        assertThat(driver.getAllPolicies())
                .singleElement()
                .satisfies(policy -> assertThat(policy.metadata().provenance().location())
                        .isEqualTo("s3://" + bucket + "/policies/album.yaml"));
    }

    @Test
    void tellsAllThatIsWrongWithTheCredentials() {
        assertThatThrownBy(() -> configured("accessKeyId: '${KEY}', endpoint: 'ftp://x', sessiontoken: x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("accessKeyId")
                .hasMessageContaining("endpoint")
                .hasMessageContaining("sessionToken");
        assertThatThrownBy(() -> configured("sessionToken: '${KEY}', endpoint: ':'"))
                .hasMessageContaining("sessionToken");
        assertThatThrownBy(() -> configured("accessKeyId: '${KEY}', secretAccessKey: '${SECRET}', profile: p"))
                .hasMessageContaining("profile");
        assertThat(BACKEND.toString()).doesNotContain(S3Server.SECRET).doesNotContain(S3Server.KEY);
    }

    @Test
    void readsKeysOfAllKindsAndWhatIsPacked() throws IOException {
        List<String> names = List.of("a b", "c+d", "e%20f", "ü/ß", "g&h=i", "j(k)'l");
        for (int i = 0; i < names.size(); i++) {
            SERVER.put(bucket, "policies/" + names.get(i) + ".yaml", SamplePolicies.resource("r" + i));
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(SamplePolicies.resource("packed").getBytes(StandardCharsets.UTF_8));
        }
        SERVER.putPacked(bucket, "policies/packed.yaml", packed.toByteArray());
        SERVER.put(bucket, "policies/dir/", "");
        StorageDriver driver = driver(BACKEND);
        driver.init();
        assertThat(driver.load().errors()).isEmpty();
        assertThat(driver.getAllPolicies()).hasSize(names.size() + 1);
    }

    @Test
    void followsPagesAndReadsOnlyWhatChanged() throws InterruptedException {
        int count = 1050;
        AtomicInteger next = new AtomicInteger();
        Callable<Boolean> writing = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                put("n" + i);
            }
            return true;
        };
        context.workers().invokeAll(Collections.nCopies(16, writing));
        StorageDriver driver = driver(BACKEND);
        driver.init();
        assertThat(driver.getAllPolicies()).hasSize(count);
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isFalse();
        SERVER.put(bucket, "policies/n7.yaml", SamplePolicies.resource("n7", "default", "edit"));
        SERVER.remove(bucket, "policies/n8.yaml");
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
        assertThat(driver.getAllPolicies()).hasSize(count - 1);
    }

    @Test
    void tellsObjectsByTheirVersionsIfAsked() {
        SERVER.keepVersions(bucket);
        put("album");
        put("album");
        put("book");
        StorageDriver driver = driver(BACKEND.withVersions());
        driver.init();
        assertThat(driver.getAllPolicies()).hasSize(2);
        SERVER.remove(bucket, "policies/book.yaml");
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
        assertThat(driver.getAllPolicies()).hasSize(1);
    }

    @Test
    void neverTakesAMissingBucketForAnEmptyOne() {
        StorageDriver driver = keep(new BlobDriverProvider().create(BlobConfig.of(BACKEND, "no-such-bucket"), context));
        assertThatThrownBy(driver::init)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("NoSuchBucket")
                .hasMessageContaining("s3://no-such-bucket");
    }

    @Test
    void keepsWhatItHasWhenCredentialsAreRevokedAndTakesNewOnes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("credentials");
        write(file, S3Server.SECRET, 1);
        put("album");
        StorageDriver driver = configured("credentialsFile: '" + file + "', endpoint: '" + SERVER.endpoint() + "'");
        driver.init();
        SERVER.revoke("another-secret");
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE))
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageNotContaining(S3Server.SECRET);
        assertThat(driver.getAllPolicies()).hasSize(1);
        write(file, "another-secret", 2);
        awaitHealth(driver);
    }

    /** The client of AWS looks at the file from time to time. */
    private static void awaitHealth(StorageDriver driver) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (driver.healthCheck().status() != HealthStatus.Status.HEALTHY) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            try {
                driver.checkNow(CheckMode.FORCE);
            } catch (AuthenticationFailedException notYet) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static void write(Path file, String secret, int second) throws IOException {
        Files.writeString(
                file, "[default]\naws_access_key_id = " + S3Server.KEY + "\naws_secret_access_key = " + secret + "\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(second)));
    }

    @Test
    void failsAtOnceWithoutCredentials(@TempDir Path directory) {
        StorageDriver driver = configured("profile: nobody, credentialsFile: '" + directory.resolve("none")
                + "', endpoint: '" + SERVER.endpoint() + "'");
        assertThatThrownBy(driver::init).isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void failsWithAReasonWhenNobodyListens() {
        S3Backend nobody =
                S3Backend.at(URI.create("http://127.0.0.1:1"), S3Login.keys("k", "s", Optional.of("session")));
        StorageDriver driver = driver(nobody);
        assertThatThrownBy(driver::init)
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("s3://" + bucket);
    }

    @Test
    void backsOffAsItIsTold() throws IOException {
        HttpServer busy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger calls = new AtomicInteger();
        busy.createContext("/", exchange -> {
            calls.incrementAndGet();
            byte[] answer =
                    "<Error><Code>SlowDown</Code><Message>reduce</Message></Error>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(503, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        busy.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + busy.getAddress().getPort());
            BlobConfig config = BlobConfig.of(S3Backend.at(url, S3Login.keys("k", "s", Optional.empty())), bucket);
            StorageDriver driver = keep(new BlobDriverProvider().create(config, context));
            assertThatThrownBy(driver::init).isInstanceOfSatisfying(ConnectionFailedException.class, failure -> {
                assertThat(failure).hasMessageContaining("503 (SlowDown)");
                assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
            });
            assertThat(calls).as("one for each look; the client repeats none").hasValue(4);
        } finally {
            busy.stop(0);
        }
    }

    @Test
    void writesABundleAllAtOnceAndNotOverAnothers() {
        put("album");
        put("book");
        StorageDriver source = driver(BACKEND);
        source.init();
        List<Policy> policies = List.copyOf(source.getAllPolicies());
        for (S3Backend backend : List.of(BACKEND, BACKEND.withVersions())) {
            BlobConfig bundle = BlobConfig.of(backend, bucket)
                    .withBundle(BlobConfig.Bundled.at("set/" + backend.versions() + ".tar.gz"));
            try (PolicyWriter writer = new BlobDriverProvider().openWriter(bundle, context)) {
                assertThat(writer.publish(policies, PolicyWriter.Mode.REPLACE).added())
                        .isEqualTo(2);
                assertThat(writer.publish(policies.subList(0, 1), PolicyWriter.Mode.REPLACE)
                                .deleted())
                        .isEqualTo(1);
            }
            StorageDriver reader = keep(new BlobDriverProvider().create(bundle, context));
            reader.init();
            assertThat(reader.getAllPolicies()).hasSize(1);
            SERVER.keepVersions(bucket);
        }
    }

    @Test
    void writesOnlyInsteadOfWhatItKnows() {
        BlobErrors errors = new BlobErrors("blob", "s3://bucket");
        try (BlobStore store = BACKEND.open(new Target(bucket, 1, errors))) {
            assertThat(store.put("set", bytes("one"), Optional.empty())).isTrue();
            assertThat(store.put("set", bytes("two"), Optional.empty())).isFalse();
            Blob one = store.list("set", Optional.empty()).blobs().get(0);
            assertThat(store.put("set", bytes("three"), Optional.of(one))).isTrue();
            assertThat(store.put("set", bytes("four"), Optional.of(one))).isFalse();
            assertThat(store.get(one, 10)).as("what it knows is gone").isEmpty();
        }
        S3Backend refused = S3Backend.at(SERVER.endpoint(), S3Login.keys(S3Server.KEY, "no-secret", Optional.empty()));
        try (BlobStore store = refused.open(new Target(bucket, 1, errors))) {
            assertThatThrownBy(() -> store.list("set", Optional.empty()))
                    .isInstanceOf(AuthenticationFailedException.class);
            assertThatThrownBy(() -> store.put("set", bytes("five"), Optional.empty()))
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageContaining("/set");
        }
    }

    @Test
    void writesThoughTheStoreClosedAllConnections() throws InterruptedException {
        put("album");
        try (BlobStore store = BACKEND.open(new Target(bucket, 16, new BlobErrors("blob", "s3://bucket")))) {
            Callable<Boolean> reading = () -> {
                for (int i = 0; i < 20; i++) {
                    store.list("policies/", Optional.empty());
                }
                return true;
            };
            context.workers().invokeAll(Collections.nCopies(16, reading));
            SERVER.down();
            SERVER.up();
            assertThat(store.put("set", bytes("one"), Optional.empty())).isTrue();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
