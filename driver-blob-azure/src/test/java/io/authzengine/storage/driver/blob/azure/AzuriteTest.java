package io.authzengine.storage.driver.blob.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.storage.blob.BlobContainerClient;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the fake is to be believed for, asked of Azure's own emulator. Skipped where that is not installed. */
class AzuriteTest {
    private static Optional<Azurite> azurite = Optional.empty();
    private static int containers;

    private final String name = "container-" + ++containers;
    private final StorageContext context = StorageContext.create("test");
    private final List<StorageDriver> drivers = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        Optional<Path> program = Azurite.program();
        assumeTrue(program.isPresent(), "azurite-blob is not installed: npm install azurite, and set AZURITE to it");
        azurite = Optional.of(Azurite.start(program.get()));
    }

    @AfterAll
    static void stop() {
        azurite.ifPresent(Azurite::close);
    }

    @AfterEach
    void close() {
        drivers.forEach(StorageDriver::close);
        context.close();
    }

    private StorageDriver driver(BlobConfig config) {
        StorageDriver driver = new BlobDriverProvider().create(config, context);
        drivers.add(driver);
        return driver;
    }

    private BlobConfig config(String container) {
        return BlobConfig.of(AzureBackend.connectionString(azurite.orElseThrow().connectionString()), container);
    }

    private static void put(BlobContainerClient container, String key, String text) {
        Azurite.put(container, key, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isReadAndFollowed() {
        BlobContainerClient container = azurite.orElseThrow().make(name);
        List<String> names = List.of("a b", "c+d", "e%20f", "ü/ß", "g&h=i", "j(k)'l");
        for (int i = 0; i < names.size(); i++) {
            put(container, "policies/" + names.get(i) + ".yaml", SamplePolicies.resource("r" + i));
        }
        StorageDriver driver = driver(config(name));
        driver.init();
        assertThat(driver.load().errors()).isEmpty();
        assertThat(driver.getAllPolicies()).hasSize(names.size());
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isFalse();
        put(container, "policies/a b.yaml", SamplePolicies.resource("r0", "default", "edit"));
        container.getBlobClient("policies/c+d.yaml").delete();
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
        assertThat(driver.getAllPolicies()).hasSize(names.size() - 1);
    }

    @Test
    void refusesAWrongKeyAndAContainerThatIsNotThere() {
        azurite.orElseThrow().make(name);
        StorageDriver missing = driver(config("no-such-container"));
        assertThatThrownBy(missing::init).isInstanceOf(NotFoundException.class);
        String wrong = azurite.orElseThrow().connectionString().replace(Azurite.key(), "d3Jvbmc=");
        StorageDriver stranger = driver(BlobConfig.of(AzureBackend.connectionString(wrong), name));
        assertThatThrownBy(stranger::init)
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessageNotContaining("d3Jvbmc=");
    }

    @Test
    void isWrittenAllAtOnceAndNotOverAnothers() {
        BlobContainerClient container = azurite.orElseThrow().make(name);
        put(container, "policies/album.yaml", SamplePolicies.resource("album"));
        put(container, "policies/book.yaml", SamplePolicies.resource("book"));
        StorageDriver source = driver(config(name));
        source.init();
        List<Policy> policies = List.copyOf(source.getAllPolicies());
        BlobConfig bundle = config(name).withBundle(BlobConfig.Bundled.at("set.tar.gz"));
        try (PolicyWriter writer = new BlobDriverProvider().openWriter(bundle, context)) {
            assertThat(writer.publish(policies, PolicyWriter.Mode.REPLACE).added())
                    .isEqualTo(2);
            assertThat(writer.publish(policies.subList(0, 1), PolicyWriter.Mode.REPLACE)
                            .deleted())
                    .isEqualTo(1);
        }
        StorageDriver reader = driver(bundle);
        reader.init();
        assertThat(reader.getAllPolicies()).hasSize(1);
    }
}
