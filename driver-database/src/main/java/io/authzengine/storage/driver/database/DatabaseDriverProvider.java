package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.util.Map;

/**
 * Makes drivers for policies in a table of PostgreSQL, MySQL or MariaDB. Thread-safe.
 *
 * @sdd 5.3
 */
public final class DatabaseDriverProvider implements StorageDriverProvider {
    @Override
    public String type() {
        return StorageDriver.DATABASE;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        return create(DatabaseSettings.read(config), context);
    }

    /**
     * Makes a driver without a configuration file; does no I/O yet.
     *
     * @throws IllegalArgumentException if there is no JDBC driver for the database; the message names those there are
     */
    public StorageDriver create(DatabaseConfig config, StorageContext context) {
        return driver(config, new DatabaseSource(config), context);
    }

    static StorageDriver driver(DatabaseConfig config, DatabaseSource source, StorageContext context) {
        SyncSettings settings =
                SyncSettings.DEFAULT.withPollInterval(config.pollInterval()).withCallTimeout(config.callTimeout());
        return new SourceDriver(config.id(), StorageDriver.DATABASE, source, settings, context);
    }

    @Override
    public Map<String, String> settings() {
        return DatabaseSettings.described();
    }
}
