package io.authzengine.storage.driver.blob.azure;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.testkit.FakeAzure;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

class AzureContractTest extends StorageDriverContract {
    private static final FakeAzure FAKE = FakeAzure.start("container");

    @AfterAll
    static void stop() {
        FAKE.close();
    }

    @Override
    protected StorageDriver open(StorageContext context) {
        FAKE.clear();
        BlobConfig config = BlobConfig.of(
                        new AzureBackend(Optional.empty(), AzureLogin.ANONYMOUS, Optional.of(FAKE.url())), "container")
                .withTimes(Duration.ofMillis(500), Duration.ofSeconds(30));
        return new BlobDriverProvider().create(config, context);
    }

    @Override
    protected void put(Map<String, String> documents) {
        documents.forEach((name, text) -> FAKE.put("policies/" + name, text));
    }

    @Override
    protected void remove(Set<String> names) {
        names.forEach(name -> FAKE.remove("policies/" + name));
    }

    /** Objects are written one by one. */
    @Override
    protected boolean changesAreOneUnit() {
        return false;
    }

    @Override
    protected void breakDown() {
        FAKE.down();
    }

    @Override
    protected void heal() {
        FAKE.up();
    }

    /** Of the fake, and those that all clients of Azure have in common. */
    @Override
    protected boolean mayOutlive(Thread thread) {
        return FakeAzure.isThread(thread) || thread.getName().matches("(parallel|boundedElastic)-.*");
    }
}
