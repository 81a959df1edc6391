package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A driver over a table, and what it holds: text by location. */
final class Running implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 2_000_000;

    private final StorageContext context;
    private final DatabaseSource source;
    private final StorageDriver driver;

    Running(DatabaseConfig config) {
        this(config, DocumentCache.NONE);
    }

    /** Makes one that may take from {@code cache} what an earlier one has read. */
    Running(DatabaseConfig config, DocumentCache cache) {
        context = StorageContext.create("test").withDocuments(cache);
        source = new DatabaseSource(config);
        driver = DatabaseDriverProvider.driver(config, source, context);
    }

    /** Returns a driver that has loaded and follows its table. */
    static Running following(DatabaseConfig config) {
        Running running = new Running(config);
        running.driver.watch(changes -> {});
        running.driver.init();
        return running;
    }

    StorageDriver driver() {
        return driver;
    }

    DatabaseSource source() {
        return source;
    }

    void look() {
        driver.checkNow(CheckMode.IF_CHANGED);
    }

    /** Returns the text of each policy by the id of its row. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        for (Policy policy : driver.getAllPolicies()) {
            texts.put(
                    new Locations("policies").id(policy.metadata().source()),
                    policy.raw().toString());
        }
        return texts;
    }

    void await(String what, BooleanSupplier condition) {
        long begin = context.ticker().getAsLong();
        while (!condition.getAsBoolean()) {
            if (context.ticker().getAsLong() - begin > LIMIT.toNanos()) {
                throw new AssertionError(
                        "waited in vain for " + what + "; health is " + driver.healthCheck() + "; it has " + texts());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Looks until {@code condition} holds. */
    void awaitLook(String what, BooleanSupplier condition) {
        await(what, () -> {
            try {
                look();
            } catch (StorageException e) {
                return condition.getAsBoolean();
            }
            return condition.getAsBoolean();
        });
    }

    @Override
    public void close() {
        driver.close();
        context.close();
    }
}
