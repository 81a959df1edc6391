package io.authzengine.storage.it.matrix;

import io.authzengine.storage.driver.database.DatabaseDriverProvider;
import io.authzengine.storage.driver.database.server.DatabaseServer;
import io.authzengine.storage.driver.database.server.MariadbServer;
import io.authzengine.storage.driver.database.server.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table of a real database server, read by a user that may do nothing else. */
final class DatabaseBackend implements BackendUnderTest {
    private static final int DISCONNECTS = 20;
    private static final String PASSWORD = "password-of-the-reader";
    private static final List<String> TABLES = List.of("policies", "policies_revision", "policies_changes");

    /** What is said differently. */
    private record Tongue(
            String dialect, String upsert, String user, String grantee, String password, String disconnect) {}

    private static final Tongue POSTGRESQL = new Tongue(
            "postgresql",
            " ON CONFLICT (id) DO UPDATE SET raw_content = excluded.raw_content",
            "CREATE ROLE %s LOGIN PASSWORD '%s'",
            "%s",
            "ALTER ROLE %s PASSWORD '%s'",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'");
    private static final Tongue MYSQL = new Tongue(
            "mysql",
            " ON DUPLICATE KEY UPDATE raw_content = VALUES(raw_content)",
            "CREATE USER '%s'@'%%' IDENTIFIED BY '%s'",
            "'%s'@'%%'",
            "ALTER USER '%s'@'%%' IDENTIFIED BY '%s'",
            "KILL USER '%s'");

    private final DatabaseServer server;
    private final Tongue tongue;
    private final String database;
    private final String reader;
    private final Wire wire;
    private Map<String, String> held = Map.of();

    private DatabaseBackend(DatabaseServer server, Tongue tongue) throws IOException {
        this.server = server;
        this.tongue = tongue;
        this.database = server.createDatabase();
        this.reader = "reader" + database;
        this.wire = Wire.to(server.port());
        server.execute(database, new DatabaseDriverProvider().ddl(tongue.dialect()));
        server.execute(database, tongue.user().formatted(reader, PASSWORD));
        TABLES.forEach(this::grant);
    }

    static DatabaseBackend postgresql(Path directory) throws IOException {
        return new DatabaseBackend(PostgresServer.startAnother(), POSTGRESQL);
    }

    static DatabaseBackend mariadb(Path directory) throws IOException {
        return new DatabaseBackend(MariadbServer.shared(), MYSQL);
    }

    private void grant(String table) {
        server.execute(
                database, "GRANT SELECT ON " + table + " TO " + tongue.grantee().formatted(reader));
    }

    @Override
    public String settings() {
        return """
                type: database
                id: table
                dialect: %s
                connection:
                  host: 127.0.0.1
                  port: %d
                  database: %s
                  user: %s
                  password: %s
                pollInterval: 1s
                connectTimeout: 1s
                callTimeout: 10s
                """.formatted(tongue.dialect(), wire.port(), database, reader, PASSWORD);
    }

    @Override
    public void publish(Map<String, String> documents) throws SQLException {
        try (Connection connection = server.connect(database)) {
            connection.setAutoCommit(false);
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM policies WHERE id = ?");
                    PreparedStatement upsert = connection.prepareStatement(
                            "INSERT INTO policies (id, name, version, kind, raw_content) VALUES (?, 'name', 'default', 'resourcePolicy', ?)"
                                    + tongue.upsert())) {
                for (String name : held.keySet()) {
                    if (!documents.containsKey(name)) {
                        delete.setString(1, name);
                        delete.executeUpdate();
                    }
                }
                for (Map.Entry<String, String> document : documents.entrySet()) {
                    if (!document.getValue().equals(held.get(document.getKey()))) {
                        upsert.setString(1, document.getKey());
                        upsert.setString(2, document.getValue());
                        upsert.executeUpdate();
                    }
                }
            }
            connection.commit();
        }
        held = new HashMap<>(documents);
    }

    @Override
    public Optional<Wire> wire() {
        return Optional.of(wire);
    }

    @Override
    public void harm(Harm harm) {
        switch (harm) {
            case KILLED -> server.stop();
            case REVOKED -> {
                server.execute(database, tongue.password().formatted(reader, "another-password"));
                // A connection that is just being made is not there to be ended yet.
                String disconnect = tongue.disconnect().formatted(reader);
                for (int i = 0; i < DISCONNECTS; i++) {
                    server.execute(database, disconnect);
                }
            }
            case GONE -> server.execute(database, "ALTER TABLE policies RENAME TO policies_aside");
            case MUTE -> server.execute(database, "ALTER TABLE policies DISABLE TRIGGER policy_change_trigger");
            default -> throw new IllegalArgumentException("cannot be " + harm);
        }
    }

    @Override
    public void heal(Harm harm) {
        switch (harm) {
            case KILLED -> server.start();
            case REVOKED -> server.execute(database, tongue.password().formatted(reader, PASSWORD));
            case GONE -> server.execute(database, "ALTER TABLE policies_aside RENAME TO policies");
            case MUTE -> server.execute(database, "ALTER TABLE policies ENABLE ALWAYS TRIGGER policy_change_trigger");
            default -> throw new IllegalArgumentException("cannot be " + harm);
        }
    }

    @Override
    public List<String> secrets() {
        return List.of(PASSWORD);
    }

    /** Leaves MariaDB to the other tests of this JVM. */
    @Override
    public void close() {
        wire.close();
        if (server instanceof PostgresServer own) {
            own.stop();
        }
    }
}
