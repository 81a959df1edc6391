package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.driver.blob.BlobStoreProvider;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.testkit.SamplePolicies;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The blob driver against a bucket of your own: {@code BLOB_CONFIG} names a file as {@code policyd serve} reads it. It writes a few small
 * objects below {@code authz-storage-test/}, which may be deleted at any time. Skipped without it.
 */
@Timeout(300)
class RealBucketTest {
    private final StorageContext context = StorageContext.create("real");
    private final String prefix =
            "authz-storage-test/" + context.clock().instant().toEpochMilli() + "/";

    @AfterEach
    void close() {
        context.close();
    }

    /** What the file says, but for where in the bucket. */
    private static BlobConfig configured() {
        String file = System.getenv("BLOB_CONFIG");
        assumeTrue(
                file != null, "set BLOB_CONFIG to a storage.yaml with driver: blob, to a bucket that may be written");
        DriverConfig block = StorageConfig.load(Path.of(file)).driver();
        BlobBackend backend = ServiceLoader.load(BlobStoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(block.text("provider")))
                .findFirst()
                .orElseThrow()
                .backend(block.section("credentials"));
        return BlobConfig.of(backend, block.text("bucket"));
    }

    private static BlobStore open(BlobConfig config) {
        BlobErrors errors = new BlobErrors("real", config.backend().address(config.bucket()));
        return config.backend().open(new BlobBackend.Target(config.bucket(), 4, errors));
    }

    private static boolean put(BlobStore store, String key, String text, Optional<Blob> instead) {
        return store.put(key, text.getBytes(StandardCharsets.UTF_8), instead);
    }

    @Test
    void isReadAndFollowed() {
        BlobConfig config = configured().withPrefix(prefix + "objects/");
        try (BlobStore store = open(config);
                StorageDriver driver = new BlobDriverProvider().create(config, context)) {
            List<String> names = List.of("plain", "a b", "c+d", "ü/ß");
            for (int i = 0; i < names.size(); i++) {
                String text = SamplePolicies.resource("r" + i);
                assertThat(put(store, config.prefix() + names.get(i) + ".yaml", text, Optional.empty()))
                        .isTrue();
            }
            driver.init();
            assertThat(driver.load().errors()).isEmpty();
            assertThat(driver.getAllPolicies()).hasSize(names.size());
            assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isFalse();
            Blob listed = store.list(config.prefix() + "plain", Optional.empty())
                    .blobs()
                    .get(0);
            assertThat(put(store, listed.key(), SamplePolicies.resource("r0", "default", "edit"), Optional.of(listed)))
                    .isTrue();
            assertThat(put(store, listed.key(), "late", Optional.of(listed))).isFalse();
            assertThat(store.get(listed, 1024)).isEmpty();
            assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
        }
    }

    @Test
    void holdsABundleThatIsExchangedAsAWhole() {
        BlobConfig objects = configured().withPrefix(prefix + "source/");
        BlobConfig bundle = objects.withBundle(BlobConfig.Bundled.at(prefix + "set.tar.gz"));
        try (BlobStore store = open(objects);
                StorageDriver source = new BlobDriverProvider().create(objects, context);
                PolicyWriter writer = new BlobDriverProvider().openWriter(bundle, context);
                StorageDriver driver = new BlobDriverProvider().create(bundle, context)) {
            put(store, objects.prefix() + "album.yaml", SamplePolicies.resource("album"), Optional.empty());
            put(store, objects.prefix() + "book.yaml", SamplePolicies.resource("book"), Optional.empty());
            source.init();
            List<Policy> both = List.copyOf(source.getAllPolicies());
            assertThat(writer.publish(both, PolicyWriter.Mode.REPLACE).added()).isEqualTo(2);
            driver.init();
            assertThat(driver.getAllPolicies()).hasSize(2);
            writer.publish(both.subList(0, 1), PolicyWriter.Mode.REPLACE);
            assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
            assertThat(driver.getAllPolicies()).hasSize(1);
        }
    }

    @Test
    void isNotTakenForOneThatIsNotThere() {
        BlobConfig config = configured();
        BlobConfig missing = BlobConfig.of(config.backend(), config.bucket() + "-that-is-not-there-0ac3");
        try (StorageDriver driver = new BlobDriverProvider().create(missing, context)) {
            assertThatThrownBy(driver::init).isInstanceOf(NotFoundException.class);
        }
    }
}
