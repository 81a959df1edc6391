package io.authzengine.storage.driver.database;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the database is and who asks. {@code toString} shows neither user nor password.
 *
 * @param hosts names or addresses, each with or without {@code :port}, separated by commas; tried in this order
 * @param database the name of the database
 * @param user the user; empty for the default of the client library
 * @param password the password; empty for none
 * @param tls how the connection is protected
 * @param client the client library for MySQL and MariaDB; ignored for PostgreSQL
 * @param properties further properties of the client library, only those that {@link ConnectionUrl} allows
 */
public record ConnectionSettings(
        String hosts,
        String database,
        Optional<String> user,
        Optional<String> password,
        TlsSettings tls,
        Client client,
        Map<String, String> properties) {
    /** A client library for MySQL and MariaDB. */
    public enum Client {
        /** The one that is installed; MySQL's if both are. */
        ANY,
        /** MariaDB Connector/J. */
        MARIADB
    }

    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
    private static final Pattern HOSTS = Pattern.compile(HOST + "(?:," + HOST + ")*");
    private static final int MAX_NAME = 255;

    /** @throws IllegalArgumentException if a value will not do; the message begins with its name and shows no value */
    public ConnectionSettings {
        if (!HOSTS.matcher(hosts).matches()) {
            throw new IllegalArgumentException("host: expected a name or address, such as db.example.com or [::1]");
        }
        if (database.isBlank()
                || database.length() > MAX_NAME
                || database.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("database: expected the name of a database, such as authz");
        }
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(client, "client");
        properties = Map.copyOf(properties);
        properties.keySet().forEach(ConnectionUrl::checkProperty);
    }

    /** Returns settings for {@code hosts} without TLS. */
    public static ConnectionSettings of(String hosts, String database, String user, String password) {
        return new ConnectionSettings(
                hosts, database, Optional.of(user), Optional.of(password), TlsSettings.OFF, Client.ANY, Map.of());
    }

    /** Returns these settings with TLS, or without. */
    public ConnectionSettings withTls(TlsSettings settings) {
        return new ConnectionSettings(hosts, database, user, password, settings, client, properties);
    }

    /** Returns what may be shown: {@code hosts/database}. */
    @Override
    public String toString() {
        return hosts + "/" + database;
    }
}
