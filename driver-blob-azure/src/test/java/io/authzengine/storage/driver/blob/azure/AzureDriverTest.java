package io.authzengine.storage.driver.blob.azure;

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
import io.authzengine.storage.testkit.FakeAzure;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** The driver with Azure's own client, against a fake of its REST API. */
class AzureDriverTest {
    private static final String KEY = Base64.getEncoder().encodeToString("the-key".getBytes(StandardCharsets.UTF_8));

    private final FakeAzure fake = FakeAzure.start("container");
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
        String connection = "DefaultEndpointsProtocol=http;AccountName=" + FakeAzure.ACCOUNT + ";AccountKey=" + KEY
                + ";BlobEndpoint=" + fake.url() + ";";
        StorageConfig config = StorageConfig.parse(
                "storage: {driver: blob, blob: {provider: azure, bucket: container, credentials: {" + credentials
                        + "}}}\n",
                "storage.yaml",
                Map.of("KEY", KEY, "CONNECTION", connection, "SAS", "?sv=2024&sig=abc"));
        return keep(DriverProviders.installed().create(config.driver(), context));
    }

    private String endpoint() {
        return "endpoint: '" + fake.url() + "'";
    }

    private void put(String name) {
        fake.put("policies/" + name + ".yaml", SamplePolicies.resource(name));
    }

    @Test
    void entersInAllTheWaysOfTheDesign(@TempDir Path directory) throws IOException {
        put("album");
        Path file = directory.resolve("sas");
        Files.writeString(file, "sv=2024&sig=abc\n");
        for (String credentials : List.of(
                "connectionString: '${CONNECTION}'",
                "accountName: devstoreaccount1, accountKey: '${KEY}', " + endpoint(),
                "sasToken: '${SAS}', " + endpoint(),
                "sasTokenFile: '" + file + "', " + endpoint(),
                "anonymous: true, " + endpoint())) {
            StorageDriver driver = configured(credentials);
            driver.init();
            assertThat(driver.getAllPolicies())
                    .as(credentials)
                    .singleElement()
                    .satisfies(
                            policy -> assertThat(policy.metadata().provenance().location())
                                    .startsWith("azure://")
                                    .endsWith("/container/policies/album.yaml"));
        }
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
        StorageDriver driver = configured("anonymous: true, " + endpoint());
        driver.init();
        assertThat(driver.load().errors()).isEmpty();
        assertThat(driver.getAllPolicies()).hasSize(names.size() + 1);
    }

    @Test
    void followsPagesAndReadsOnlyWhatChanged() {
        for (int i = 0; i < 5300; i++) {
            put("n" + i);
        }
        StorageDriver driver = configured("anonymous: true, " + endpoint());
        driver.init();
        assertThat(driver.getAllPolicies()).hasSize(5300);
        int before = fake.requests();
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isFalse();
        assertThat(fake.requests() - before).isEqualTo(2);
        put("n7");
        fake.remove("policies/n8.yaml");
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
        assertThat(fake.requests() - before).isEqualTo(5);
        assertThat(driver.getAllPolicies()).hasSize(5299);
    }

    @Test
    void neverTakesAMissingContainerForAnEmptyOne() {
        AzureBackend backend = new AzureBackend(Optional.of("account"), AzureLogin.ANONYMOUS, Optional.of(fake.url()));
        StorageDriver driver = keep(new BlobDriverProvider().create(BlobConfig.of(backend, "other"), context));
        assertThatThrownBy(driver::init)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("azure://account/other")
                .hasMessageContaining("ContainerNotFound");
    }

    @Test
    void tellsRefusalsApartAndHowLongToWait() {
        put("album");
        StorageDriver driver = configured("anonymous: true, " + endpoint());
        driver.init();
        fake.refuse(403, 0);
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).isInstanceOf(AuthenticationFailedException.class);
        fake.refuse(503, 7);
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE))
                .isInstanceOfSatisfying(
                        ConnectionFailedException.class,
                        failure -> assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7)));
        fake.up();
        assertThat(driver.getAllPolicies()).hasSize(1);
        assertThat(driver.checkNow(CheckMode.FORCE)).isFalse();
    }

    @Test
    void failsAtOnceWithCredentialsThatAreNone(@TempDir Path directory) {
        for (String credentials : List.of(
                "connectionString: 'not-a-connection-string'",
                "sasTokenFile: '" + directory.resolve("none") + "', " + endpoint())) {
            StorageDriver driver = configured(credentials);
            assertThatThrownBy(driver::init)
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageNotContaining("not-a-connection-string");
        }
    }

    @Test
    void tellsAllThatIsWrongWithTheSettings() {
        assertThatThrownBy(() -> configured("accountKey: '${KEY}', endpoint: 'x'"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("accountName")
                .hasMessageContaining("endpoint");
        assertThatThrownBy(() -> configured("endpoint: ':'")).hasMessageContaining("endpoint");
        assertThatThrownBy(() -> new AzureBlobStoreProvider().backend(Optional.empty()))
                .hasMessageContaining("accountName");
        assertThat(AzureBackend.connectionString("AccountName=a;AccountKey=" + KEY))
                .asString()
                .doesNotContain(KEY);
    }

    @Test
    void writesABundleAllAtOnceAndNotOverAnothers() {
        put("album");
        put("book");
        StorageDriver source = configured("anonymous: true, " + endpoint());
        source.init();
        List<Policy> policies = List.copyOf(source.getAllPolicies());
        AzureBackend backend = new AzureBackend(Optional.empty(), AzureLogin.ANONYMOUS, Optional.of(fake.url()));
        BlobConfig bundle = BlobConfig.of(backend, "container").withBundle(BlobConfig.Bundled.at("set.tar.gz"));
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
        BlobErrors errors = new BlobErrors("blob", "azure://container");
        try (BlobStore store = new AzureBackend(Optional.empty(), AzureLogin.ANONYMOUS, Optional.of(fake.url()))
                .open(new Target("container", 1, errors))) {
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
