package io.authzengine.storage.driver.database;

import io.authzengine.storage.policy.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a database driver. Start with {@link #of} and change single values with the {@code with…} methods.
 *
 * @param givenId the id of the driver; empty for one that is made of database, schema and table
 * @param dialect the SQL the database speaks
 * @param connection where it is and who asks
 * @param schema the schema of the table; PostgreSQL only. Default {@code public}
 * @param table the table of policies. Default {@code policies}
 * @param pollInterval time between looks. Default 10 s
 * @param rescanInterval time between looks that do not rely on the change counter. Default 5 min
 * @param useNotify whether to listen for PostgreSQL's notifications; polling goes on in any case. Default true
 * @param poolSize connections at most, beside the one that listens. Default 10
 * @param connectTimeout how long to wait for a connection. Default 5 s
 * @param callTimeout how long one look or one reading may take without getting anywhere. Default 30 s
 * @sdd 5.3
 */
public record DatabaseConfig(
        Optional<String> givenId,
        Dialect dialect,
        ConnectionSettings connection,
        String schema,
        String table,
        Duration pollInterval,
        Duration rescanInterval,
        boolean useNotify,
        int poolSize,
        Duration connectTimeout,
        Duration callTimeout) {
    static final String DEFAULT_SCHEMA = "public";
    static final String DEFAULT_TABLE = "policies";
    static final Duration DEFAULT_POLL = Duration.ofSeconds(10);
    static final Duration DEFAULT_RESCAN = Duration.ofMinutes(5);
    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(30);
    static final int DEFAULT_POOL = 10;
    static final int MAX_POOL = 100;

    private static final int ID_DIGITS = 8;

    /** @throws IllegalArgumentException if a value will not do; the message begins with its name */
    public DatabaseConfig {
        Objects.requireNonNull(givenId, "givenId");
        Objects.requireNonNull(dialect, "dialect");
        Objects.requireNonNull(connection, "connection");
        Identifier.check("schema", schema);
        Identifier.check("table", table);
        if (isNotPositive(pollInterval) || isNotPositive(rescanInterval)) {
            throw new IllegalArgumentException("pollInterval and rescanInterval are longer than nothing");
        }
        if (isNotPositive(connectTimeout) || connectTimeout.compareTo(callTimeout) >= 0) {
            throw new IllegalArgumentException("connectTimeout: is longer than nothing and shorter than callTimeout");
        }
        if (poolSize < 1 || poolSize > MAX_POOL) {
            throw new IllegalArgumentException("poolSize: expected 1 to " + MAX_POOL);
        }
    }

    private static boolean isNotPositive(Duration time) {
        return time.isNegative() || time.isZero();
    }

    /** Returns the default settings for {@code connection}. */
    public static DatabaseConfig of(Dialect dialect, ConnectionSettings connection) {
        return new DatabaseConfig(
                Optional.empty(),
                dialect,
                connection,
                DEFAULT_SCHEMA,
                DEFAULT_TABLE,
                DEFAULT_POLL,
                DEFAULT_RESCAN,
                true,
                DEFAULT_POOL,
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_CALL_TIMEOUT);
    }

    /**
     * Returns the default settings for an URL such as {@code postgresql://user:password@host:5432/authz?sslmode=verify-full}.
     *
     * @throws IllegalArgumentException if it is none, or has a property that is not allowed; the message shows no value
     */
    public static DatabaseConfig of(String url) {
        ConnectionUrl parsed = ConnectionUrl.parse(url, Path::toAbsolutePath);
        return of(parsed.dialect(), parsed.settings());
    }

    /** Returns the id of the driver: the given one, or {@code db-} and a digest of where the table is. */
    public String id() {
        return givenId.orElseGet(() -> "db-" + digest());
    }

    private String digest() {
        String where = String.join("\0", dialect.name(), connection.hosts(), connection.database(), schema, table);
        return Sha256.hex(where).substring(0, ID_DIGITS);
    }

    /** Returns these settings with an id. */
    public DatabaseConfig withId(String id) {
        return with(Optional.of(id), schema, table, pollInterval, useNotify, poolSize, connectTimeout, callTimeout);
    }

    /** Returns these settings with another table. */
    public DatabaseConfig withTable(String otherSchema, String otherTable) {
        return with(givenId, otherSchema, otherTable, pollInterval, useNotify, poolSize, connectTimeout, callTimeout);
    }

    /** Returns these settings with another time between looks. */
    public DatabaseConfig withPollInterval(Duration time) {
        return with(givenId, schema, table, time, useNotify, poolSize, connectTimeout, callTimeout);
    }

    /** Returns these settings without listening for notifications. */
    public DatabaseConfig withoutNotify() {
        return with(givenId, schema, table, pollInterval, false, poolSize, connectTimeout, callTimeout);
    }

    /** Returns these settings with another number of connections at most. */
    public DatabaseConfig withPoolSize(int connections) {
        return with(givenId, schema, table, pollInterval, useNotify, connections, connectTimeout, callTimeout);
    }

    /** Returns these settings with other limits of time. */
    public DatabaseConfig withTimeouts(Duration connect, Duration call) {
        return with(givenId, schema, table, pollInterval, useNotify, poolSize, connect, call);
    }

    private DatabaseConfig with(
            Optional<String> id,
            String newSchema,
            String newTable,
            Duration poll,
            boolean notify,
            int pool,
            Duration connect,
            Duration call) {
        return new DatabaseConfig(
                id, dialect, connection, newSchema, newTable, poll, rescanInterval, notify, pool, connect, call);
    }
}
