package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Duration;

/** A driver that does what another does, but for what a mutant does in its own way. */
class ForwardingDriver implements StorageDriver {
    final StorageDriver driver;

    ForwardingDriver(StorageDriver driver) {
        this.driver = driver;
    }

    @Override
    public String id() {
        return driver.id();
    }

    @Override
    public String type() {
        return driver.type();
    }

    @Override
    public void init() {
        driver.init();
    }

    @Override
    public void start(StartOptions options) {
        driver.start(options);
    }

    @Override
    public boolean stop(Duration limit) {
        return driver.stop(limit);
    }

    @Override
    public LoadResult load() {
        return driver.load();
    }

    @Override
    public boolean checkNow(CheckMode mode) {
        return driver.checkNow(mode);
    }

    @Override
    public Subscription watch(PolicyChangeListener listener) {
        return driver.watch(listener);
    }

    @Override
    public Duration answerAge() {
        return driver.answerAge();
    }

    @Override
    public HealthStatus healthCheck() {
        return driver.healthCheck();
    }

    @Override
    public Freshness freshness() {
        return driver.freshness();
    }

    @Override
    public Subscription onAged(Runnable listener) {
        return driver.onAged(listener);
    }

    @Override
    public void agedAlready(Duration age) {
        driver.agedAlready(age);
    }

    @Override
    public void servedBefore(PolicySnapshot last) {
        driver.servedBefore(last);
    }

    @Override
    public void close() {
        driver.close();
    }
}
