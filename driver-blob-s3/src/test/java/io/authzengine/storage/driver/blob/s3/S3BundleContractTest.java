package io.authzengine.storage.driver.blob.s3;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.s3.remote.S3Server;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;

/** A bundle, in a bucket that keeps versions. */
class S3BundleContractTest extends StorageDriverContract {
    private static final String KEY = "policies/policies.tar.gz";
    private static final S3Server SERVER = S3Server.start();
    private static final S3Backend BACKEND =
            S3Backend.at(SERVER.endpoint(), S3Login.keys(S3Server.KEY, S3Server.SECRET, Optional.empty()));
    private static int buckets;

    private final String bucket = "bundle-" + ++buckets;
    private final TreeMap<String, byte[]> documents = new TreeMap<>();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Override
    protected StorageDriver open(StorageContext context) {
        SERVER.make(bucket);
        SERVER.keepVersions(bucket);
        publish();
        BlobConfig config = BlobConfig.of(BACKEND.withVersions(), bucket)
                .withBundle(BlobConfig.Bundled.at(KEY))
                .withTimes(Duration.ofMillis(500), Duration.ofSeconds(30));
        return new BlobDriverProvider().create(config, context);
    }

    private void publish() {
        SERVER.put(bucket, KEY, Bundle.write(documents));
    }

    @Override
    protected void put(Map<String, String> put) {
        put.forEach((name, text) -> documents.put(name, text.getBytes(StandardCharsets.UTF_8)));
        publish();
    }

    @Override
    protected void remove(Set<String> names) {
        documents.keySet().removeAll(names);
        publish();
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
