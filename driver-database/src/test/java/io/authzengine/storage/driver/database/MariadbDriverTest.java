package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.database.server.MariadbServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MariadbDriverTest extends DatabaseBehaviour {
    private static final MariadbServer SERVER = MariadbServer.shared();

    @Override
    Tables shipped() throws SQLException {
        return Tables.shipped(SERVER);
    }

    @Override
    Tables seed() {
        return Tables.made(SERVER, Tables.SEED_MYSQL);
    }

    @Override
    String urlOfReader(Tables tables, String password) {
        String user = "reader" + tables.database();
        tables.execute("CREATE USER '" + user + "'@'%' IDENTIFIED BY '" + password + "'");
        for (String table : new String[] {"policies", "policies_revision", "policies_changes"}) {
            tables.execute("GRANT SELECT ON " + tables.database() + "." + table + " TO '" + user + "'@'%'");
        }
        return "mariadb://" + user + ":" + password + "@127.0.0.1:" + SERVER.port() + "/" + tables.database();
    }

    @Override
    void changePassword(Tables tables, String password) {
        tables.execute("ALTER USER 'reader" + tables.database() + "'@'%' IDENTIFIED BY '" + password + "'");
    }

    @Override
    void endConnectionsOfReader(Tables tables) {
        tables.execute("KILL USER 'reader" + tables.database() + "'");
    }

    @Override
    void lockTable(Connection connection, Statement statement) throws SQLException {
        statement.execute("LOCK TABLES policies WRITE");
    }

    @Override
    String nullable(String column, String type) {
        return "ALTER TABLE policies MODIFY COLUMN " + column + " long" + type + " NULL";
    }

    @Test
    void aServerThatWasStoppedAndStartedIsFollowedAgain() throws SQLException {
        Tables tables = shipped();
        tables.put(Map.of("album", ALBUM, "book", BOOK));
        try (Running running = Running.following(tables.config()
                .withPollInterval(Duration.ofMillis(200))
                .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(20)))) {
            SERVER.stop();
            try {
                running.await(
                        "health to tell",
                        () -> running.driver().healthCheck().status() == HealthStatus.Status.DEGRADED);
                assertThat(running.texts()).containsOnlyKeys("album", "book");
            } finally {
                SERVER.start();
            }
            tables.put("album", EDITED);
            running.await("the edit", () -> EDITED.equals(running.texts().get("album")));
            assertThat(running.texts()).containsOnlyKeys("album", "book");
        }
    }
}
