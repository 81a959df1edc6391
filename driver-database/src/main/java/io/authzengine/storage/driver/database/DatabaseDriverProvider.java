package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.SchemaTool;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.driver.WritableDriverProvider;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes drivers for policies in a table of PostgreSQL, MySQL or MariaDB. Thread-safe.
 *
 * @sdd 5.3
 */
public final class DatabaseDriverProvider implements StorageDriverProvider, SchemaTool, WritableDriverProvider {
    @Override
    public String type() {
        return StorageDriver.DATABASE;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        DatabaseConfig settings = DatabaseSettings.read(config);
        return driver(settings, new DatabaseSource(settings), Staleness.read(config), context);
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
        return driver(config, source, Staleness.NONE, context);
    }

    private static StorageDriver driver(
            DatabaseConfig config, DatabaseSource source, Staleness staleness, StorageContext context) {
        SyncSettings settings = SyncSettings.DEFAULT
                .withPollInterval(config.pollInterval())
                .withCallTimeout(config.callTimeout())
                .withStaleness(staleness);
        return new SourceDriver(config.id(), StorageDriver.DATABASE, source, settings, context);
    }

    @Override
    public List<String> dialects() {
        return Stream.of(Dialect.values())
                .map(dialect -> dialect.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Override
    public String ddl(String dialect) {
        Dialect known = Stream.of(Dialect.values())
                .filter(one -> one.name().equalsIgnoreCase(dialect))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no such dialect; expected " + String.join(" or ", dialects())));
        return Ddl.text(DatabaseConfig.of(known, ConnectionSettings.of("localhost", "any", "", "")));
    }

    @Override
    public void apply(DriverConfig config, StorageContext context) {
        DatabaseConfig settings = DatabaseSettings.read(config);
        try (Connection connection = new Connector(settings).single(settings.callTimeout())) {
            Ddl.apply(settings, connection);
        } catch (SQLException e) {
            throw new DatabaseErrors(settings).translate("making the table", e);
        }
    }

    @Override
    public List<String> check(DriverConfig config, StorageContext context) {
        DatabaseConfig settings = DatabaseSettings.read(config);
        try (Connection connection = new Connector(settings).single(settings.callTimeout())) {
            return new SchemaCheck(settings, connection).differences();
        } catch (SQLException e) {
            throw new DatabaseErrors(settings).translate("looking at the table", e);
        }
    }

    @Override
    public PolicyWriter openWriter(DriverConfig config, StorageContext context) {
        return openWriter(DatabaseSettings.read(config), context);
    }

    /** Makes a writer without a configuration file; does no I/O yet. */
    public PolicyWriter openWriter(DatabaseConfig config, StorageContext context) {
        return new DatabaseWriter(config, context.clock());
    }

    @Override
    public Map<String, String> settings() {
        return DatabaseSettings.described();
    }
}
