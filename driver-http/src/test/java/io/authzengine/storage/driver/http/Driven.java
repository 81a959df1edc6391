package io.authzengine.storage.driver.http;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncStatus;
import io.authzengine.storage.testkit.SamplePolicies;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A driver on real threads, with times that make a test short. */
final class Driven implements AutoCloseable {
    static final PolicyId ALBUM = SamplePolicies.resourceId("album");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final StorageContext context;
    final SourceDriver driver;

    Driven(HttpConfig config) {
        this(config, DocumentCache.NONE);
    }

    /** Makes one that may take from {@code cache} what an earlier one has read. */
    Driven(HttpConfig config, DocumentCache cache) {
        context = StorageContext.create("driven").withDocuments(cache);
        driver = (SourceDriver) new HttpDriverProvider().create(config, context);
    }

    static Driven at(URI url) {
        return at(url, config -> config);
    }

    static Driven at(URI url, UnaryOperator<HttpConfig> changes) {
        return new Driven(changes.apply(config(url)));
    }

    static HttpConfig config(URI... urls) {
        return HttpConfig.of(urls).withId("http-1").withTiming(timing(Duration.ofSeconds(5)));
    }

    static HttpConfig.Timing timing(Duration timeout) {
        return new HttpConfig.Timing(
                timeout,
                Duration.ofSeconds(20),
                Duration.ofMinutes(10),
                0,
                Duration.ofMillis(500),
                Duration.ofSeconds(8));
    }

    boolean check() {
        return driver.checkNow(CheckMode.IF_CHANGED);
    }

    boolean force() {
        return driver.checkNow(CheckMode.FORCE);
    }

    String text() {
        return driver.getPolicy(ALBUM).map(policy -> policy.raw().toString()).orElse("none");
    }

    int size() {
        return driver.load().policies().size();
    }

    SyncStatus status() {
        return driver.status();
    }

    static String album(String action) {
        return SamplePolicies.resource("album", "default", action);
    }

    static void await(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        driver.close();
        context.close();
    }
}
