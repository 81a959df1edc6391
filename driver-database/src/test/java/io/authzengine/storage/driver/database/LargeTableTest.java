package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;

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
    /** All of them are 80 MB, of which a client may hold half. */
    private static final int WIDE = 400_000;

    private static final int WIDE_ROWS = 200;

    /** Fills the table in one transaction, by statements of so many rows each. */
    private static void fill(Tables tables, int rows, int each, String padding) throws SQLException {
        try (Connection connection = tables.connect()) {
            fill(connection, rows, each, padding);
        }
    }

    /** Likewise over {@code connection}. */
    static void fill(Connection connection, int rows, int each, String padding) throws SQLException {
        String row = "(?, 'n', 'default', 'resourcePolicy', '{}', ?, '')";
        String sql = "INSERT INTO policies (id, name, version, kind, content, raw_content, content_hash) VALUES " + row
                + (", " + row).repeat(each - 1);
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < rows; i++) {
                insert.setString(i % each * 2 + 1, "r" + i);
                insert.setString(i % each * 2 + 2, SamplePolicies.resource("r" + i) + padding);
                if (i % each == each - 1) {
                    insert.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    @Test
    void fiftyThousandRowsOfPostgresAreLoadedAndOneOfThemChanges() throws SQLException {
        Tables tables = Tables.shipped(PostgresServer.shared());
        fill(tables, ROWS, 500, "");
        loadAllAndFindOneEdited(tables, tables.config());
    }

    @Test
    void fiftyThousandRowsOfMariadbAreLoadedByEitherClientAndOneOfThemChanges() throws SQLException {
        Tables tables = Tables.shipped(MariadbServer.shared());
        fill(tables, ROWS, 500, "");
        loadAllAndFindOneEdited(tables, tables.config());
        loadAllAndFindOneEdited(tables, throughMysqlsClient(tables));
    }

    private static DatabaseConfig throughMysqlsClient(Tables tables) {
        return DatabaseConfig.of(tables.url().replace("mariadb://", "mysql://"));
    }

    private static void loadAllAndFindOneEdited(Tables tables, DatabaseConfig config) throws SQLException {
        try (Running running = new Running(config.withPollInterval(Duration.ofHours(1)))) {
            running.driver().init();
            assertThat(running.driver().load().policies().size()).isEqualTo(ROWS);
            String edited = SamplePolicies.resource(
                    "r7", "default", config.connection().client().name());
            tables.put("r7", edited);
            running.look();
            assertThat(running.driver()
                            .getPolicy(SamplePolicies.resourceId("r7"))
                            .orElseThrow()
                            .raw())
                    .hasToString(edited);
        }
    }

    @Test
    void textsAreNeverAllInMemory() throws SQLException {
        Tables postgres = Tables.made(PostgresServer.shared(), Tables.SEED);
        Tables mariadb = Tables.made(MariadbServer.shared(), Tables.SEED_MYSQL.replace(" TEXT", " LONGTEXT"));
        String padding = "#".repeat(WIDE);
        fill(postgres, WIDE_ROWS, 10, padding);
        fill(mariadb, WIDE_ROWS, 10, padding);
        for (DatabaseConfig config : List.of(postgres.config(), mariadb.config(), throughMysqlsClient(mariadb))) {
            assertThat(peakOfReading(config))
                    .as(config.connection().toString())
                    .isLessThan((long) WIDE_ROWS / 2 * WIDE);
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
        assertThat(rows[0]).isEqualTo(WIDE_ROWS);
        return peak[0];
    }

    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
