package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.database.server.MariadbServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
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

    @Override
    String triggerOfAnotherVersion() {
        return "CREATE OR REPLACE TRIGGER policies_insert_log AFTER INSERT ON policies FOR EACH ROW"
                + " INSERT IGNORE INTO policies_changes SELECT revision, NEW.id FROM policies_revision";
    }

    @Test
    void manyRowsInOneTransactionTakeEachOfThemAHandfulOfStepsAndTheLogStaysSmall() throws SQLException {
        Tables tables = shipped();
        int rows = 12_500;
        try (Connection connection = tables.connect();
                Statement statement = connection.createStatement()) {
            LargeTableTest.fill(connection, rows, 500, "");
            Map<String, Integer> steps = new TreeMap<>();
            try (ResultSet result = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
                while (result.next()) {
                    steps.put(result.getString(1), result.getInt(2));
                }
            }
            assertThat(steps.values().stream().mapToInt(Integer::intValue).sum())
                    .as(steps.toString())
                    .isLessThan(5 * rows);
        }
        assertThat(tables.server()
                        .query(tables.database(), "SELECT COUNT(*) BETWEEN 10000 AND 11000 FROM policies_changes"))
                .containsExactly("1");
    }

    /** If this fails, the server of the tests is one without the defect, and the documentation need not warn of it any longer. */
    @Test
    void insertSelectOfSeveralRowsIntoNamedColumnsIsRefusedByThisServerForAnyTableWithATriggerBeforeInsert() {
        Tables tables = Tables.made(SERVER, "CREATE TABLE plain (id VARCHAR(9) NOT NULL)");
        String several = "INSERT INTO plain (id) SELECT id FROM others";
        tables.execute(
                "CREATE TABLE others (id VARCHAR(9) NOT NULL)",
                "INSERT INTO others VALUES ('a'), ('b')",
                several,
                "CREATE TRIGGER does_nothing BEFORE INSERT ON plain FOR EACH ROW SET @nothing = 1");
        assertThatThrownBy(() -> tables.execute(several)).hasMessageContaining("Column 'id' cannot be null");
        tables.execute("INSERT INTO plain SELECT id FROM others", "DROP TRIGGER does_nothing", several);
    }

    @Test
    void insertSelectThatNamesNoColumnsIsHowSeveralRowsGetIntoTheShippedTableThere() throws SQLException {
        Tables tables = shipped();
        Tables from = seed();
        from.put(Map.of("album", ALBUM, "book", BOOK));
        tables.execute("INSERT INTO policies SELECT * FROM " + from.database() + ".policies");
        try (Running running = quiet(tables)) {
            assertThat(running.texts()).containsOnly(Map.entry("album", ALBUM), Map.entry("book", BOOK));
            assertThat(running.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }
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
