package io.authzengine.storage.driver.git;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.util.Map;

/**
 * Makes drivers for policies in Git repositories. Thread-safe.
 *
 * @sdd 5.2
 */
public final class GitDriverProvider implements StorageDriverProvider {
    @Override
    public String type() {
        return StorageDriver.GIT;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        Staleness staleness = Staleness.read(config);
        return create(GitSettings.read(config), staleness, context);
    }

    /** Makes a driver without a configuration file; does no I/O yet. */
    public StorageDriver create(GitConfig config, StorageContext context) {
        return create(config, Staleness.NONE, context);
    }

    private StorageDriver create(GitConfig config, Staleness staleness, StorageContext context) {
        SyncSettings settings = SyncSettings.DEFAULT
                .withPollInterval(config.limits().pollInterval())
                .withCallTimeout(config.limits().timeout())
                .withStaleness(staleness);
        return new SourceDriver(config.id(), type(), new GitSource(config), settings, context);
    }

    @Override
    public Map<String, String> settings() {
        return GitSettings.described();
    }
}
