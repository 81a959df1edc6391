package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.Staleness;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the settings of a driver from its block of the configuration. Used once. */
final class DatabaseSettings {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseDriverProvider.class);
    private static final ConnectionSettings STAND_IN = ConnectionSettings.of("localhost", "stand-in", "", "");

    private final DriverConfig config;

    private DatabaseSettings(DriverConfig config) {
        this.config = config;
    }

    /** What the connection says of the rest. */
    private record Found(ConnectionSettings settings, Optional<Dialect> dialect, long poolSize) {}

    /** @throws IllegalArgumentException naming all that is wrong */
    static DatabaseConfig read(DriverConfig config) {
        return new DatabaseSettings(config).read();
    }

    private DatabaseConfig read() {
        long poolSize = poolSize(config, DatabaseConfig.DEFAULT_POOL);
        Found connection = connection(poolSize);
        Dialect dialect = dialect(connection);
        String schema = identifier("schema", DatabaseConfig.DEFAULT_SCHEMA);
        String table = identifier("table", DatabaseConfig.DEFAULT_TABLE);
        Duration poll = config.duration("pollInterval", DatabaseConfig.DEFAULT_POLL, ChronoUnit.SECONDS);
        Duration rescan = config.duration("rescanInterval", DatabaseConfig.DEFAULT_RESCAN, ChronoUnit.SECONDS);
        boolean notify = config.flag("useNotify", true);
        Duration connect =
                config.duration("connectTimeout", DatabaseConfig.DEFAULT_CONNECT_TIMEOUT, ChronoUnit.SECONDS);
        Duration call = config.duration("callTimeout", DatabaseConfig.DEFAULT_CALL_TIMEOUT, ChronoUnit.SECONDS);
        if (connect.compareTo(call) >= 0) {
            config.reject("connectTimeout", "has to be shorter than callTimeout, " + call.toMillis() + "ms");
        }
        if (dialect == Dialect.MYSQL && notify && config.flag("useNotify", false)) {
            LOG.warn(
                    "{}.useNotify: MySQL and MariaDB have no notifications; changes are found by polling",
                    config.path());
        }
        Staleness.read(config); // The loop's, which is not always made; read here so that nobody calls them unknown.
        config.verify();
        return new DatabaseConfig(
                config.id(),
                dialect,
                connection.settings(),
                schema,
                table,
                poll,
                rescan,
                notify,
                Math.toIntExact(connection.poolSize()),
                connect,
                call);
    }

    private static long poolSize(DriverConfig config, long fallback) {
        return config.number("poolSize", fallback, 1, DatabaseConfig.MAX_POOL);
    }

    private Dialect dialect(Found connection) {
        if (config.optionalText("dialect").isEmpty()) {
            if (connection.dialect().isEmpty()
                    && config.isSection("connection")) { // A URL says it, or what is wrong with it.
                config.reject("dialect", "is missing; expected \"postgresql\" or \"mysql\"");
            }
            return connection.dialect().orElse(Dialect.POSTGRESQL);
        }
        Dialect dialect = config.choice("dialect", Dialect.class, Dialect.POSTGRESQL);
        if (connection.dialect().filter(other -> other != dialect).isPresent()) {
            config.reject("dialect", "is not the one that the URL in 'connection' begins with; leave one of them out");
        }
        return dialect;
    }

    private String identifier(String key, String fallback) {
        String name = config.text(key, fallback);
        try {
            Identifier.check(key, name);
            return name;
        } catch (IllegalArgumentException e) {
            reject(config, key, e);
            return fallback;
        }
    }

    private Found connection(long poolSize) {
        if (config.isSection("connection")) {
            DriverConfig block = config.section("connection").orElseThrow();
            return new Found(settings(block), Optional.empty(), poolSize(block, poolSize));
        }
        Optional<String> url = config.secret("connection");
        if (url.isEmpty()) {
            config.reject(
                    "connection",
                    "is missing; expected an URL, or 'dialect' and a block with host, database, user and password");
            return new Found(STAND_IN, Optional.empty(), poolSize);
        }
        try {
            ConnectionUrl parsed = ConnectionUrl.parse(url.get(), path -> config.resolve(path.toString()));
            return new Found(parsed.settings(), Optional.of(parsed.dialect()), poolSize);
        } catch (IllegalArgumentException e) {
            reject(config, "connection", e);
            return new Found(STAND_IN, Optional.empty(), poolSize);
        }
    }

    private ConnectionSettings settings(DriverConfig block) {
        String host = block.text("host");
        long port = block.number("port", 0, 1, 65_535);
        String database = block.text("database");
        Optional<String> user = block.optionalText("user");
        Optional<String> password = block.secret("password");
        TlsSettings tls = tls(block);
        if (host.isEmpty() || database.isEmpty()) {
            return STAND_IN; // Noted already.
        }
        try {
            String hosts = port == 0 ? host : host + ":" + port;
            return new ConnectionSettings(
                    hosts, database, user, password, tls, ConnectionSettings.Client.ANY, Map.of());
        } catch (IllegalArgumentException e) {
            reject(block, key(e), e);
            return STAND_IN;
        }
    }

    private TlsSettings tls(DriverConfig block) {
        if (!block.isSection("ssl")) {
            return block.flag("ssl", false) ? TlsSettings.VERIFIED : TlsSettings.OFF;
        }
        DriverConfig ssl = block.section("ssl").orElseThrow();
        Optional<Path> ca = file(ssl, "ca");
        Optional<Path> cert = file(ssl, "cert");
        Optional<Path> key = file(ssl, "key");
        Optional<String> keyPassword = ssl.secret("keyPassword");
        boolean insecure = ssl.flag("insecure", false);
        if (insecure) {
            LOG.warn("{}.insecure: anybody can answer in place of the database", ssl.path());
        }
        try {
            return new TlsSettings(
                    insecure ? TlsSettings.Mode.INSECURE : TlsSettings.Mode.VERIFY, ca, cert, key, keyPassword);
        } catch (IllegalArgumentException e) {
            reject(block, "ssl", e);
            return TlsSettings.VERIFIED;
        }
    }

    private static Optional<Path> file(DriverConfig ssl, String key) {
        try {
            return ssl.optionalText(key).map(ssl::resolve);
        } catch (InvalidPathException e) {
            ssl.reject(key, "is no path of this system: " + e.getReason());
            return Optional.empty();
        }
    }

    private static String key(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        return message.substring(0, Math.max(0, message.indexOf(':')));
    }

    private static void reject(DriverConfig config, String key, IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        config.reject(key, message.startsWith(key + ": ") ? message.substring(key.length() + 2) : message);
    }

    /** Returns all settings with what they mean. */
    static Map<String, String> described() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("dialect", "postgresql or mysql (MariaDB too); may be left out if connection is an URL");
        settings.put("connection", "an URL, or a block with host, port, database, user, password, ssl and poolSize");
        settings.put(
                "connection.ssl",
                "true: the server must prove who it is; or a block with ca, cert, key, keyPassword, insecure");
        settings.put("schema", "schema of the table, PostgreSQL only; default public");
        settings.put("table", "table of policies; default policies");
        settings.put("pollInterval", "time between looks; default 10s");
        settings.put("softAge", "age of the last look at which health is degraded; default three pollIntervals");
        settings.put("hardAge", "age of the last look at which onHardAge holds; default never");
        settings.put("onHardAge", "serve or fail-closed; default serve");
        settings.put(
                "rescanInterval",
                "time between looks at every row, where the change counter says when to look; default 5m");
        settings.put("useNotify", "whether to listen for notifications, PostgreSQL only; default true");
        settings.put("poolSize", "connections at most, beside the one that listens; default 10");
        settings.put("connectTimeout", "how long to wait for a connection; default 5s");
        settings.put("callTimeout", "deadline of a look and of a reading; default 30s");
        settings.put("id", "name of the driver; default db- and a digest of where the table is");
        return settings;
    }
}
