package io.authzengine.storage.driver.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A driver under test with a context of its own. */
final class Follower implements AutoCloseable {
    private static final long LIMIT_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 2_000_000;

    private final StorageContext context;
    private final StorageDriver driver;

    Follower(GitConfig config) {
        this(config, DocumentCache.NONE);
    }

    private Follower(GitConfig config, DocumentCache cache) {
        context = StorageContext.create("follower").withDocuments(cache);
        driver = new GitDriverProvider().create(config, context);
    }

    static Follower of(GitConfig config) {
        Follower follower = new Follower(config);
        follower.driver.init();
        return follower;
    }

    /** Returns one that may take from {@code cache} what an earlier one has read. */
    static Follower after(DocumentCache cache, GitConfig config) {
        Follower follower = new Follower(config, cache);
        follower.driver.init();
        return follower;
    }

    StorageDriver driver() {
        return driver;
    }

    boolean look() {
        return driver.checkNow(CheckMode.FORCE);
    }

    boolean poll() {
        return driver.checkNow(CheckMode.IF_CHANGED);
    }

    LoadResult load() {
        return driver.load();
    }

    List<String> locations() {
        return driver.getAllPolicies().stream()
                .map(policy -> policy.metadata().provenance().document())
                .sorted()
                .toList();
    }

    List<String> names() {
        return driver.getAllPolicies().stream()
                .map(Policy::metadata)
                .map(metadata -> metadata.name())
                .sorted()
                .toList();
    }

    /** Returns what a look that must fail fails with. */
    StorageException failure() {
        return catchThrowableOfType(StorageException.class, this::look);
    }

    /** Returns what an {@code init} that must fail fails with. */
    StorageException refusal() {
        return catchThrowableOfType(StorageException.class, driver::init);
    }

    /** Waits until {@code condition} holds. */
    void await(String what, BooleanSupplier condition) {
        long begin = context.ticker().getAsLong();
        while (!condition.getAsBoolean()) {
            assertThat(context.ticker().getAsLong() - begin).as(what).isLessThan(LIMIT_NANOS);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        driver.close();
        context.close();
    }
}
