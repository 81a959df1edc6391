package io.authzengine.storage.driver.blob.gcs;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.testkit.FakeGcs;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

class GcsContractTest extends StorageDriverContract {
    private static final FakeGcs FAKE = FakeGcs.start("bucket");

    @AfterAll
    static void stop() {
        FAKE.close();
    }

    @Override
    protected StorageDriver open(StorageContext context) {
        FAKE.clear();
        BlobConfig config = BlobConfig.of(GcsBackend.at(FAKE.url(), GcsLogin.ANONYMOUS), "bucket")
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

    /** Of the fake, and of Java, which keeps one for all connections that wait for their next use. */
    @Override
    protected boolean mayOutlive(Thread thread) {
        return FakeGcs.isThread(thread) || thread.getName().startsWith("Keep-Alive-");
    }
}
