package io.authzengine.storage.driver.blob.s3;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.s3.remote.S3Server;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

class S3ContractTest extends StorageDriverContract {
    private static final S3Server SERVER = S3Server.start();
    private static final S3Backend BACKEND =
            S3Backend.at(SERVER.endpoint(), S3Login.keys(S3Server.KEY, S3Server.SECRET, Optional.empty()));
    private static int buckets;

    private final String bucket = "contract-" + ++buckets;

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Override
    protected StorageDriver open(StorageContext context) {
        SERVER.make(bucket);
        BlobConfig config = BlobConfig.of(BACKEND, bucket).withTimes(Duration.ofMillis(500), Duration.ofSeconds(30));
        return new BlobDriverProvider().create(config, context);
    }

    @Override
    protected void put(Map<String, String> documents) {
        documents.forEach((name, text) -> SERVER.put(bucket, "policies/" + name, text));
    }

    @Override
    protected void remove(Set<String> names) {
        names.forEach(name -> SERVER.remove(bucket, "policies/" + name));
    }

    /** Objects are written one by one. */
    @Override
    protected boolean changesAreOneUnit() {
        return false;
    }

    @Override
    protected void breakDown() {
        SERVER.down();
    }

    @Override
    protected void heal() {
        SERVER.up();
    }

    /** Of the server; of the client of AWS and of Java, which keep one for the whole process. */
    @Override
    protected boolean mayOutlive(Thread thread) {
        return thread.getName().matches("(S3Proxy|Scheduler|response-input-stream-timeout|Keep-Alive)-.*");
    }

    @Override
    protected List<String> secrets() {
        return List.of(S3Server.SECRET);
    }
}
