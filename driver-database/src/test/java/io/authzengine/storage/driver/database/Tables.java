package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.database.server.DatabaseServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** A database of a test's own with its table, written to as others would write to it. */
final class Tables {
    /** The table as the design document has it, with its trigger. */
    static final String SEED = """
            CREATE TABLE policies (
              id VARCHAR(255) PRIMARY KEY,
              name VARCHAR(255) NOT NULL,
              version VARCHAR(50) NOT NULL,
              kind VARCHAR(50) NOT NULL,
              content JSONB NOT NULL,
              raw_content TEXT NOT NULL,
              content_hash VARCHAR(64) NOT NULL,
              created_at TIMESTAMP DEFAULT NOW(),
              updated_at TIMESTAMP DEFAULT NOW(),
              deleted_at TIMESTAMP NULL
            );
            CREATE INDEX idx_policies_kind ON policies(kind);
            CREATE INDEX idx_policies_updated_at ON policies(updated_at);
            CREATE OR REPLACE FUNCTION notify_policy_change()
            RETURNS TRIGGER AS $$
            BEGIN
              PERFORM pg_notify('policy_changes', json_build_object(
                'operation', TG_OP,
                'policy_id', COALESCE(NEW.id, OLD.id)
              )::text);
              RETURN COALESCE(NEW, OLD);
            END;
            $$ LANGUAGE plpgsql;
            CREATE TRIGGER policy_change_trigger
            AFTER INSERT OR UPDATE OR DELETE ON policies
            FOR EACH ROW EXECUTE FUNCTION notify_policy_change();
            """;

    /** The same for MySQL, as far as it has such things. */
    static final String SEED_MYSQL = """
            CREATE TABLE policies (
              id VARCHAR(255) PRIMARY KEY,
              name VARCHAR(255) NOT NULL,
              version VARCHAR(50) NOT NULL,
              kind VARCHAR(50) NOT NULL,
              content JSON NOT NULL,
              raw_content TEXT NOT NULL,
              content_hash VARCHAR(64) NOT NULL,
              created_at TIMESTAMP DEFAULT NOW(),
              updated_at TIMESTAMP DEFAULT NOW(),
              deleted_at TIMESTAMP NULL,
              KEY idx_policies_kind (kind),
              KEY idx_policies_updated_at (updated_at)
            )""";

    private final DatabaseServer server;
    private final String database;

    private Tables(DatabaseServer server) {
        this.server = server;
        this.database = server.createDatabase();
    }

    /** Returns a new database with the shipped table. */
    static Tables shipped(DatabaseServer server) throws SQLException {
        Tables tables = new Tables(server);
        try (Connection connection = tables.connect()) {
            Ddl.apply(tables.config(), connection);
        }
        return tables;
    }

    /** Returns a new database with what {@code ddl} makes. */
    static Tables made(DatabaseServer server, String ddl) {
        Tables tables = new Tables(server);
        tables.execute(ddl);
        return tables;
    }

    DatabaseServer server() {
        return server;
    }

    String database() {
        return database;
    }

    String url() {
        return server.url(database);
    }

    DatabaseConfig config() {
        return DatabaseConfig.of(url());
    }

    Connection connect() {
        return server.connect(database);
    }

    void execute(String... statements) {
        server.execute(database, statements);
    }

    /** Puts documents in one transaction. */
    void put(Map<String, String> documents) throws SQLException {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            for (Map.Entry<String, String> document : new java.util.TreeMap<>(documents).entrySet()) {
                put(connection, document.getKey(), document.getValue());
            }
            connection.commit();
        }
    }

    void put(String id, String text) throws SQLException {
        put(Map.of(id, text));
    }

    /** Writes a row, without deciding whether it is there, in the transaction of {@code connection}. */
    static void put(Connection connection, String id, String text) throws SQLException {
        String sha = sha(text);
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE policies SET raw_content = ?, content_hash = ?, deleted_at = NULL WHERE id = ?")) {
            update.setString(1, text);
            update.setString(2, sha);
            update.setString(3, id);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO policies (id, name, version, kind, content, raw_content, content_hash)"
                        + " VALUES (?, 'name', 'default', 'resourcePolicy', '{}', ?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, text);
            insert.setString(3, sha);
            insert.executeUpdate();
        }
    }

    static String sha(String text) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes rows in one transaction, really. */
    void delete(Collection<String> ids) throws SQLException {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM policies WHERE id = ?")) {
                for (String id : ids) {
                    delete.setString(1, id);
                    delete.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    /** Marks rows as deleted. */
    void softDelete(Collection<String> ids) {
        ids.forEach(id -> execute("UPDATE policies SET deleted_at = CURRENT_TIMESTAMP WHERE id = '" + id + "'"));
    }
}
