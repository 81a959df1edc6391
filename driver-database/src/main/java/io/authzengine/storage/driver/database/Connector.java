package io.authzengine.storage.driver.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** Makes connections and pools of them. Immutable and thread-safe. */
final class Connector {
    private static final String POSTGRES = "org.postgresql.Driver";
    private static final String MYSQL = "com.mysql.cj.jdbc.Driver";
    private static final String MARIADB = "org.mariadb.jdbc.Driver";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration VALIDATION = Duration.ofSeconds(2);

    private final DatabaseConfig config;
    private final String driver;

    /** @throws IllegalArgumentException if there is no client library for this database; the message names those there are */
    Connector(DatabaseConfig config) {
        this.config = config;
        this.driver = driver(config);
    }

    private static String driver(DatabaseConfig config) {
        if (config.dialect() == Dialect.POSTGRESQL) {
            return POSTGRES;
        }
        boolean mariadbFirst = config.connection().client() == ConnectionSettings.Client.MARIADB;
        String first = mariadbFirst ? MARIADB : MYSQL;
        String second = mariadbFirst ? MYSQL : MARIADB;
        if (isInstalled(first)) {
            return first;
        }
        if (isInstalled(second)) {
            return second;
        }
        throw new IllegalArgumentException(
                "dialect: mysql needs a JDBC driver, which does not come with this library: add"
                        + " com.mysql:mysql-connector-j or org.mariadb.jdbc:mariadb-java-client to the class path");
    }

    private static boolean isInstalled(String className) {
        try {
            Class.forName(className, false, Connector.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    boolean streamsRowByRow() {
        return driver.equals(MYSQL);
    }

    /**
     * Makes a pool, with one connection in it.
     *
     * @throws SQLException if there is no connection to be had
     */
    HikariDataSource pool() throws SQLException {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(config.id());
        pool.setDriverClassName(driver);
        pool.setJdbcUrl(url());
        pool.setDataSourceProperties(properties(socketTimeout()));
        pool.setMaximumPoolSize(config.poolSize());
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(Math.max(250, config.connectTimeout().toMillis()));
        pool.setValidationTimeout(Math.max(
                250, Math.min(VALIDATION.toMillis(), config.connectTimeout().toMillis())));
        pool.setInitializationFailTimeout(1); // Tries once, and then says what is wrong.
        if (config.dialect() == Dialect.MYSQL) {
            pool.setConnectionInitSql("SET time_zone = '+00:00'");
        }
        try {
            return new HikariDataSource(pool);
        } catch (PoolInitializationException e) {
            throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e);
        }
    }

    /** Makes a connection of its own that gives up on an answer after {@code patience}. */
    Connection single(Duration patience) throws SQLException {
        try {
            Driver made = Class.forName(driver)
                    .asSubclass(Driver.class)
                    .getConstructor()
                    .newInstance();
            Connection connection = made.connect(url(), properties(patience));
            if (connection == null) {
                throw new SQLException(driver + " does not take its own URL");
            }
            return connection;
        } catch (ReflectiveOperationException e) {
            throw new SQLException("the JDBC driver cannot be used: " + driver, e);
        }
    }

    /** Below the deadline of a call, so that the message is the one of the database. */
    private Duration socketTimeout() {
        Duration below = config.callTimeout().multipliedBy(9).dividedBy(10);
        return below.compareTo(SHORTEST) < 0 ? SHORTEST : below;
    }

    String url() {
        String scheme = switch (driver) {
            case POSTGRES -> "postgresql";
            case MYSQL -> "mysql";
            default -> "mariadb";
        };
        String database = URLEncoder.encode(config.connection().database(), StandardCharsets.UTF_8);
        return "jdbc:" + scheme + "://" + config.connection().hosts() + "/" + database.replace("+", "%20");
    }

    private Properties properties(Duration patience) {
        Properties properties = new Properties();
        ConnectionSettings connection = config.connection();
        properties.putAll(connection.properties());
        connection.user().ifPresent(user -> properties.setProperty("user", user));
        connection.password().ifPresent(password -> properties.setProperty("password", password));
        switch (driver) {
            case POSTGRES -> postgres(properties, connection.tls(), patience);
            case MYSQL -> mysql(properties, connection.tls(), patience);
            default -> mariadb(properties, connection.tls(), patience);
        }
        return properties;
    }

    private void postgres(Properties properties, TlsSettings tls, Duration patience) {
        properties.setProperty("connectTimeout", seconds(config.connectTimeout()));
        properties.setProperty("socketTimeout", seconds(patience));
        properties.putIfAbsent("tcpKeepAlive", "true");
        properties.putIfAbsent("ApplicationName", "authz-storage");
        properties.putIfAbsent("gssEncMode", "disable");
        properties.setProperty("prepareThreshold", "0"); // A pooler may hand each statement to another session.
        switch (tls.mode()) {
            case OFF -> properties.setProperty("sslmode", "disable");
            case INSECURE -> properties.setProperty("sslmode", "require");
            case VERIFY -> {
                properties.setProperty("sslmode", "verify-full");
                if (tls.ca().isEmpty() && tls.key().isEmpty()) {
                    properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
                }
            }
        }
        set(properties, "sslrootcert", tls.ca());
        set(properties, "sslcert", tls.cert());
        set(properties, "sslkey", tls.key());
        tls.key()
                .flatMap(PemKey::algorithm)
                .ifPresent(algorithm -> properties.setProperty("pemKeyAlgorithm", algorithm));
        tls.keyPassword().ifPresent(password -> properties.setProperty("sslpassword", password));
    }

    private void mariadb(Properties properties, TlsSettings tls, Duration patience) {
        common(properties, patience);
        properties.setProperty("allowLocalInfile", "false");
        properties.setProperty(
                "sslMode",
                switch (tls.mode()) {
                    case OFF -> "disable";
                    case INSECURE -> "trust";
                    case VERIFY -> "verify-full";
                });
        set(properties, "serverSslCert", tls.ca());
        set(properties, "keyStore", tls.key());
        tls.keyPassword().ifPresent(password -> properties.setProperty("keyStorePassword", password));
    }

    private void mysql(Properties properties, TlsSettings tls, Duration patience) {
        common(properties, patience);
        properties.setProperty("allowLoadLocalInfile", "false");
        properties.setProperty("allowUrlInLocalInfile", "false");
        properties.setProperty(
                "sslMode",
                switch (tls.mode()) {
                    case OFF -> "DISABLED";
                    case INSECURE -> "REQUIRED";
                    case VERIFY -> "VERIFY_IDENTITY";
                });
        tls.ca().ifPresent(ca -> {
            properties.setProperty("trustCertificateKeyStoreUrl", ca.toUri().toString());
            properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
            tls.keyPassword()
                    .ifPresent(password -> properties.setProperty("trustCertificateKeyStorePassword", password));
        });
        tls.key().ifPresent(key -> {
            properties.setProperty("clientCertificateKeyStoreUrl", key.toUri().toString());
            properties.setProperty("clientCertificateKeyStoreType", "PKCS12");
            tls.keyPassword()
                    .ifPresent(password -> properties.setProperty("clientCertificateKeyStorePassword", password));
        });
    }

    private void common(Properties properties, Duration patience) {
        properties.setProperty(
                "connectTimeout", Long.toString(config.connectTimeout().toMillis()));
        properties.setProperty("socketTimeout", Long.toString(patience.toMillis()));
        properties.putIfAbsent("tcpKeepAlive", "true");
    }

    private static void set(Properties properties, String name, Optional<Path> file) {
        file.ifPresent(path -> properties.setProperty(name, path.toString()));
    }

    private static String seconds(Duration time) {
        return Long.toString(Math.max(1, time.toSeconds()));
    }
}
