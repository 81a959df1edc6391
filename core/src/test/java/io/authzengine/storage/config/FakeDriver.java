package io.authzengine.storage.config;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A driver that holds nothing and knows whether it was closed. */
final class FakeDriver implements StorageDriver {
    private final String id;
    private final String type;
    private boolean closed;

    FakeDriver(String id, String type) {
        this.id = id;
        this.type = type;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public void init() {}

    @Override
    public void start(StartOptions options) {}

    @Override
    public boolean stop(Duration limit) {
        return true;
    }

    @Override
    public LoadResult load() {
        return LoadResult.none(id);
    }

    @Override
    public boolean checkNow(CheckMode mode) {
        return false;
    }

    @Override
    public Subscription watch(PolicyChangeListener listener) {
        return () -> {};
    }

    @Override
    public HealthStatus healthCheck() {
        return new HealthStatus(
                HealthStatus.Status.HEALTHY,
                "nothing to do",
                new HealthStatus.Details(true, Optional.empty(), 0, List.of(), OptionalLong.empty()));
    }

    @Override
    public void close() {
        closed = true;
    }
}
