package io.authzengine.storage.driver.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobSettingsTest {
    private static DriverConfig block(String settings) {
        return StorageConfig.parse(
                        "storage: {driver: blob, blob: {" + settings + "}}\n", "storage.yaml", Map.of("KEY", "the-key"))
                .driver();
    }

    private static BlobConfig read(String settings) {
        return new BlobSettings(block(settings), List.of(new FakeStore())).read();
    }

    @Test
    void hasTheDefaultsOfTheDesign() {
        BlobConfig config = read("provider: fake, bucket: b");
        assertThat(config.prefix()).isEqualTo("policies/");
        assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.extensions()).containsExactly(".yaml", ".yml", ".json");
        assertThat(config.bundle()).isEmpty();
        assertThat(config.id()).matches("blob-[0-9a-f]{8}");
    }

    @Test
    void takesAllThatTheDesignNames() {
        BlobConfig config = read("provider: fake, bucket: b, prefix: a/b, pollInterval: 5, extensions: [.yml],"
                + " credentials: {key: '${KEY}'}, callTimeout: 10s, parallelReads: 4, id: mine");
        assertThat(config.prefix()).isEqualTo("a/b/");
        assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.callTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.parallelReads()).isEqualTo(4);
        assertThat(config.extensions()).containsExactly(".yml");
        assertThat(config.id()).isEqualTo("mine");
        assertThat(config.toString()).doesNotContain("the-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", ":", "//host/path", "ftp://host", "https://", "https://u:p@host", "http://host?sig=s"})
    void refuseAnEndpointThatIsNone(String endpoint) {
        DriverConfig block = block("endpoint: '" + endpoint + "'");
        assertThat(BlobEndpoint.read(block)).isEmpty();
        assertThatThrownBy(block::verify).hasMessageContaining("endpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://host", "http://127.0.0.1:9000", "http://minio.example.com:9000/path"})
    void takeAnEndpoint(String endpoint) {
        DriverConfig block = block("endpoint: '" + endpoint + "'");
        assertThat(BlobEndpoint.read(block)).contains(URI.create(endpoint));
        block.verify();
    }

    @Test
    void takesHowOldTheSetMayBecome() {
        String ages = "provider: fake, bucket: b, softAge: 2m, hardAge: 1h, onHardAge: fail-closed";
        DriverConfig block = block(ages);
        assertThat(Staleness.read(block).hardAge()).contains(Duration.ofHours(1));
        assertThat(new BlobSettings(block, List.of(new FakeStore())).read().bucket())
                .isEqualTo("b");
    }

    @Test
    void readsABundleBelowThePrefix() {
        assertThat(read("provider: fake, bucket: b, prefix: /, layout: bundle, bundle: x.zip")
                        .bundle()
                        .orElseThrow()
                        .key())
                .isEqualTo("x.zip");
        assertThat(read("provider: fake, bucket: b, layout: bundle")
                        .bundle()
                        .orElseThrow()
                        .key())
                .isEqualTo("policies/policies.tar.gz");
    }

    @Test
    void ofAStoreThatIsNotThereNamesTheArtifact() {
        for (String name : List.of("s3", "gcs", "azure")) {
            assertThatThrownBy(() -> read("provider: " + name + ", bucket: b, credentials: {region: x}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("storage.blob.provider")
                    .hasMessageContaining("io.authzengine.storage:storage-driver-blob-" + name)
                    .hasMessageContaining("installed are fake");
        }
        assertThatThrownBy(() -> read("provider: s4, bucket: b")).hasMessageContaining("s3, gcs or azure");
    }

    @Test
    void ofTwoProvidersOfOneNameIsAnError() {
        assertThatThrownBy(() -> new BlobSettings(block("provider: fake"), List.of(new FakeStore(), new FakeStore())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read("provider: fake, prefiks: a, bundle: x, extensions: [''], parallelReads: 0,"
                        + " signature: {keys: [{id: a, publicKey: b}], stateDir: s}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bucket")
                .hasMessageContaining("prefix")
                .hasMessageContaining("layout: bundle")
                .hasMessageContaining("parallelReads")
                .hasMessageContaining("keys");
        assertThatThrownBy(() -> read("provider: fake, bucket: b, layout: bundle, bundle: x/"))
                .hasMessageContaining("bundle");
    }

    @Test
    void areDescribedForTheirUsers() {
        assertThat(new BlobDriverProvider().settings()).containsKeys("provider", "bucket", "prefix", "credentials");
        assertThat(new BlobDriverProvider().type()).isEqualTo("blob");
    }

    @Test
    void ofObjectsMakeNoWriter() {
        try (StorageContext context = StorageContext.create("test")) {
            BlobConfig config = BlobConfig.of(new FakeStore(), "b");
            assertThatThrownBy(() -> new BlobDriverProvider().openWriter(config, context))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void areCheckedInCodeToo() {
        BlobConfig config = BlobConfig.of(new FakeStore(), "b");
        assertThatThrownBy(() -> config.withPrefix("a")).hasMessageContaining("prefix");
        assertThatThrownBy(() -> BlobConfig.of(new FakeStore(), " ")).hasMessageContaining("bucket");
        assertThatThrownBy(() -> config.withTimes(Duration.ZERO, Duration.ZERO)).hasMessageContaining("pollInterval");
        assertThatThrownBy(() -> BlobConfig.Bundled.at("")).isInstanceOf(IllegalArgumentException.class);
    }
}
