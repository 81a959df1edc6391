package io.authzengine.storage.driver.blob.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend.Target;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.testkit.FakeGcs;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver with Google's own client, against a fake of its JSON API. */
class GcsDriverTest {
    private final FakeGcs fake = FakeGcs.start("bucket");
    private final StorageContext context = StorageContext.create("test");
    private final List<StorageDriver> drivers = new ArrayList<>();

    @AfterEach
    void close() {
        drivers.forEach(StorageDriver::close);
        context.close();
        fake.close();
    }

    private StorageDriver keep(StorageDriver driver) {
        drivers.add(driver);
        return driver;
    }

    private StorageDriver configured(String credentials) {
        StorageConfig config = StorageConfig.parse(
                "storage: {driver: blob, blob: {provider: gcs, bucket: bucket, credentials: {" + credentials + "}}}\n",
                "storage.yaml",
                Map.of("KEY", "the-private-key"));
        return keep(DriverProviders.installed().create(config.driver(), context));
    }

    private StorageDriver anonymous() {
        return configured("projectId: p, anonymous: true, endpoint: '" + fake.url() + "'");
    }

    private void put(String name) {
        fake.put("policies/" + name + ".yaml", SamplePolicies.resource(name));
    }

    @Test
    void readsKeysOfAllKindsAndWhatIsPacked() throws IOException {
        List<String> names = List.of("a b", "c+d", "e%20f", "ü/ß", "g&h=i", "j(k)'l");
        for (int i = 0; i < names.size(); i++) {
            fake.put("policies/" + names.get(i) + ".yaml", SamplePolicies.resource("r" + i));
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(SamplePolicies.resource("packed").getBytes(StandardCharsets.UTF_8));
        }
        fake.put("policies/packed.yaml", packed.toByteArray(), "gzip");
        fake.put("policies/dir/", "");
        StorageDriver driver = anonymous();
        driver.init();
        assertThat(driver.load().errors()).isEmpty();
        assertThat(driver.getAllPolicies()).hasSize(names.size() + 1);
        assertThat(driver.getAllPolicies()
                        .iterator()
                        .next()
                        .metadata()
                        .provenance()
                        .location())
                .startsWith("gs://bucket/policies/");
    }

    @Test
    void followsPagesAndReadsOnlyWhatChanged() {
        for (int i = 0; i < 2300; i++) {
            put("n" + i);
        }
        StorageDriver driver = anonymous();
        driver.init();
        assertThat(driver.getAllPolicies()).hasSize(2300);
        int before = fake.requests();
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isFalse();
        assertThat(fake.requests() - before).isEqualTo(3);
        put("n7");
        fake.remove("policies/n8.yaml");
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
        assertThat(fake.requests() - before).isEqualTo(7);
        assertThat(driver.getAllPolicies()).hasSize(2299);
    }

    @Test
    void neverTakesAMissingBucketForAnEmptyOne() {
        BlobConfig config = BlobConfig.of(GcsBackend.at(fake.url(), GcsLogin.ANONYMOUS), "other");
        StorageDriver driver = keep(new BlobDriverProvider().create(config, context));
        assertThatThrownBy(driver::init)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("gs://other")
                .hasMessageContaining("404");
    }

    @Test
    void tellsRefusalsApartAndHowLongToWait() {
        put("album");
        StorageDriver driver = anonymous();
        driver.init();
        fake.refuse(403, 0);
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).isInstanceOf(AuthenticationFailedException.class);
        fake.refuse(429, 7);
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE))
                .isInstanceOfSatisfying(
                        ConnectionFailedException.class,
                        failure -> assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7)));
        fake.up();
        assertThat(driver.getAllPolicies()).hasSize(1);
        assertThat(driver.checkNow(CheckMode.FORCE)).isFalse();
    }

    @Test
    void readsTheKeyOfAServiceAccountInAnyForm(@TempDir Path directory) throws IOException, GeneralSecurityException {
        String key = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder()
                        .encodeToString(KeyPairGenerator.getInstance("RSA")
                                .generateKeyPair()
                                .getPrivate()
                                .getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        String json =
                "{\"type\":\"service_account\",\"client_id\":\"1\",\"client_email\":\"a@b\",\"private_key_id\":\"k\","
                        + "\"private_key\":\"" + key.replace("\n", "\\n") + "\"}";
        Path file = directory.resolve("key.json");
        Files.writeString(file, json);
        assertThat(GcsLogin.json(json).read().getAuthenticationType()).isEqualTo("OAuth2");
        assertThat(GcsLogin.file(file).read().getAuthenticationType()).isEqualTo("OAuth2");
        assertThat(GcsLogin.account("1", "a@b", key, "k", java.util.Optional.of(URI.create("https://tokens")))
                        .read()
                        .getAuthenticationType())
                .isEqualTo("OAuth2");
        String before = GcsLogin.file(file).stamp();
        Files.writeString(file, json + "\n");
        assertThat(GcsLogin.file(file).stamp()).isNotEqualTo(before);
        assertThat(GcsLogin.json(json)).asString().doesNotContain("PRIVATE");
    }

    @Test
    void failsAtOnceWithCredentialsThatAreNone(@TempDir Path directory) {
        String endpoint = ", endpoint: '" + fake.url() + "'";
        for (String credentials : List.of(
                "credentials: '${KEY}'",
                "keyFilename: '" + directory.resolve("none.json") + "'",
                "credentials: {type: service_account, client_email: a@b, private_key: '${KEY}'}")) {
            StorageDriver driver = configured(credentials + endpoint);
            assertThatThrownBy(driver::init)
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageNotContaining("the-private-key");
        }
    }

    @Test
    void tellsAllThatIsWrongWithTheSettings() {
        assertThatThrownBy(() -> configured("keyFilename: a, credentials: '${KEY}', anonymous: true, endpoint: 'x'"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyFilename")
                .hasMessageContaining("anonymous")
                .hasMessageContaining("endpoint");
        assertThatThrownBy(() -> configured("credentials: {client_email: a}, endpoint: ':'"))
                .hasMessageContaining("private_key")
                .hasMessageContaining("endpoint");
        assertThat(new GcsBlobStoreProvider().backend(java.util.Optional.empty()))
                .isEqualTo(GcsBackend.DEFAULT);
    }

    @Test
    void writesABundleAllAtOnceAndNotOverAnothers() {
        put("album");
        put("book");
        StorageDriver source = anonymous();
        source.init();
        List<Policy> policies = List.copyOf(source.getAllPolicies());
        BlobConfig bundle = BlobConfig.of(GcsBackend.at(fake.url(), GcsLogin.ANONYMOUS), "bucket")
                .withBundle(BlobConfig.Bundled.at("set.tar.gz"));
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
    }

    @Test
    void writesOnlyInsteadOfWhatItKnows() {
        BlobErrors errors = new BlobErrors("blob", "gs://bucket");
        try (BlobStore store = GcsBackend.at(fake.url(), GcsLogin.ANONYMOUS).open(new Target("bucket", 1, errors))) {
            assertThat(store.put("set", bytes("one"), Optional.empty())).isTrue();
            assertThat(store.put("set", bytes("two"), Optional.empty())).isFalse();
            Blob one = store.list("set", Optional.empty()).blobs().get(0);
            assertThat(store.put("set", bytes("three"), Optional.of(one))).isTrue();
            assertThat(store.put("set", bytes("four"), Optional.of(one))).isFalse();
            assertThat(store.get(one, 10)).as("what it knows is gone").isEmpty();
            fake.refuse(403, 0);
            assertThatThrownBy(() -> store.put("set", bytes("five"), Optional.of(one)))
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageContaining("/set");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
