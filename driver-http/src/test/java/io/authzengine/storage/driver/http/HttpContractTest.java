package io.authzengine.storage.driver.http;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;

class HttpContractTest extends StorageDriverContract {
    private static final String SECRET = "contract-secret-token";
    private static final DocumentServer SERVER = DocumentServer.start();

    private final TreeMap<String, byte[]> documents = new TreeMap<>();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Override
    protected StorageDriver open(StorageContext context) {
        publish();
        HttpConfig.Timing usual = HttpConfig.Timing.DEFAULT;
        HttpConfig.Timing timing = new HttpConfig.Timing(
                usual.timeout(), usual.callTimeout(), Duration.ofMillis(500), 0, usual.retryBase(), usual.retryCap());
        HttpConfig config = HttpConfig.of(SERVER.url("/policies.tar.gz"))
                .withTiming(timing)
                .withCredentials(Credentials.bearer(Credentials.Secret.of(SECRET)));
        return new HttpDriverProvider().create(config, context);
    }

    private void publish() {
        SERVER.serve("/policies.tar.gz", Bundle.write(documents));
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
        SERVER.broken(true);
    }

    /** Also lets go of the client of a driver that was closed: before Java 21 its last thread ends when it is collected. */
    @Override
    protected void heal() {
        SERVER.broken(false);
        System.gc();
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }
}
