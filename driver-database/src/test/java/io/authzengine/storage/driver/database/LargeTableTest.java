package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.database.server.DatabaseServer;
import io.authzengine.storage.driver.database.server.MariadbServer;
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.testkit.SamplePolicies;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class LargeTableTest {
    private static final int ROWS = 50_000;
    /** 200 rows of it are 200 MB, which no client may hold at once. */
    private static final int WIDE = 1_000_000;

    private static void fill(Tables tables, int rows, String padding) throws SQLException {
        try (Connection connection = tables.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO policies (id, name, version, kind, content, raw_content, content_hash)"
                                + " VALUES (?, 'n', 'default', 'resourcePolicy', '{}', ?, '')")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < rows; i++) {
                insert.setString(1, "r" + i);
                insert.setString(2, SamplePolicies.resource("r" + i) + padding);
                insert.addBatch();
                if (i % 1000 == 999) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    @Test
    void fiftyThousandRowsAreLoadedAndOneOfThemChanges() throws SQLException {
        Tables tables = Tables.shipped(PostgresServer.shared());
        fill(tables, ROWS, "");
        try (Running running = new Running(tables.config().withPollInterval(Duration.ofHours(1)))) {
            running.driver().init();
            assertThat(running.driver().load().policies().size()).isEqualTo(ROWS);
            tables.put("r7", SamplePolicies.resource("r7", "default", "edit"));
            running.awaitLook(
                    "r7 to change",
                    () -> running.driver()
                            .getPolicy(SamplePolicies.resourceId("r7"))
                            .orElseThrow()
                            .raw()
                            .toString()
                            .contains("edit"));
        }
    }

    @Test
    void textsAreNeverAllInMemory() throws SQLException {
        List<DatabaseServer> servers = List.of(PostgresServer.shared(), MariadbServer.shared());
        for (DatabaseServer server : servers) {
            Tables tables = Tables.made(
                    server,
                    server instanceof PostgresServer ? Tables.SEED : Tables.SEED_MYSQL.replace(" TEXT", " LONGTEXT"));
            fill(tables, 200, "#".repeat(WIDE));
            for (DatabaseConfig config :
                    List.of(tables.config(), DatabaseConfig.of(tables.url().replace("mariadb://", "mysql://")))) {
                assertThat(peakOfReading(config))
                        .as(config.connection().toString())
                        .isLessThan(120L * WIDE);
            }
        }
    }

    private static long peakOfReading(DatabaseConfig config) throws SQLException {
        Connector connector = new Connector(config);
        PolicyTable table = new PolicyTable(TableSql.of(config), connector.streamsRowByRow());
        long before = live();
        long[] peak = {0};
        int[] rows = {0};
        try (Snapshot snapshot = Snapshot.begin(connector.single(Duration.ofSeconds(20)), table)) {
            table.allBodies(snapshot.connection(), body -> {
                if (rows[0]++ % 50 == 0) {
                    peak[0] = Math.max(peak[0], live() - before);
                }
            });
        }
        assertThat(rows[0]).isEqualTo(200);
        return peak[0];
    }

    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
