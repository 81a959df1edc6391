package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Served;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.database.DatabaseDriverProvider;
import io.authzengine.storage.driver.database.server.DatabaseServer;
import io.authzengine.storage.driver.database.server.MariadbServer;
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.policy.PolicyId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;

/**
 * Measures a store over a table in a real PostgreSQL, and in a real MariaDB, on this machine, in one process and one run: the time to fill the
 * table in one transaction, the time to the first version served, an idle poll, and the time from just before a one-row UPDATE is sent,
 * which commits by itself, to its being served, told by notification (PostgreSQL) and found by polling.
 */
public final class DatabaseBenchmark {
    private static final int POLLS = 1000;
    private static final int NOTIFIED = 1000;
    private static final int POLLED = 30;
    private static final long SEED = 1;

    private static final int ROWS_AT_ONCE = 500;

    private static final String TEXT = """
            apiVersion: api.cerbos.dev/v1
            resourcePolicy:
              resource: r%d
              version: "default"
              rules:
                - actions: ["view", "edit"]
                  effect: EFFECT_ALLOW
                  roles: ["user", "admin"]
                  condition:
                    match:
                      expr: request.resource.attr.owner == request.principal.id
                - actions: ["delete"]
                  effect: EFFECT_DENY
                  roles: ["*"]
            """;

    private DatabaseBenchmark() {}

    /** Takes numbers of rows. */
    public static void main(String[] args) throws SQLException, InterruptedException {
        for (String rows : args) {
            measure(Integer.parseInt(rows));
        }
    }

    private static void measure(int rows) throws SQLException, InterruptedException {
        PostgresServer postgres = PostgresServer.startAnother();
        try {
            String database = filled("database", postgres, "postgresql", "VACUUM ANALYZE policies", rows);
            measure("database", postgres, database, rows);
            try (PolicyStore store = open(postgres, database, "pollInterval: 1h")) {
                Figures.tell(
                        "database.notify",
                        rows,
                        "ms",
                        Sample.millis(updates(store, postgres, database, rows, NOTIFIED)));
            }
        } finally {
            postgres.stop();
        }
        MariadbServer mariadb = MariadbServer.shared();
        mariadb.start(); // If it was stopped after the last number.
        try {
            measure("mariadb", mariadb, filled("mariadb", mariadb, "mysql", "ANALYZE TABLE policies", rows), rows);
        } finally {
            mariadb.stop(); // Its process would keep this one alive.
        }
    }

    private static void measure(String figure, DatabaseServer server, String database, int rows)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        try (PolicyStore store = open(server, database, "pollInterval: 1s, useNotify: false")) {
            Figures.tell(figure + ".start", rows, "s", (System.nanoTime() - begin) / 1e9);
            if (store.current().size() != rows) {
                throw new IllegalStateException("loaded " + store.current().size());
            }
            Figures.tell(figure + ".polled", rows, "ms", Sample.millis(updates(store, server, database, rows, POLLED)));
        }
        Figures.tell(figure + ".poll", rows, "ms", Sample.millis(idlePolls(server, database)));
    }

    private static String filled(String figure, DatabaseServer server, String dialect, String analyze, int rows)
            throws SQLException {
        String database = server.createDatabase();
        server.execute(database, new DatabaseDriverProvider().ddl(dialect));
        long begin = System.nanoTime();
        try (Connection connection = server.connect(database)) {
            connection.setAutoCommit(false);
            for (int from = 1; from <= rows; from += ROWS_AT_ONCE) {
                insert(connection, from, Math.min(ROWS_AT_ONCE, rows - from + 1));
            }
            connection.commit();
        }
        Figures.tell(figure + ".fill", rows, "s", (System.nanoTime() - begin) / 1e9);
        server.execute(database, analyze);
        return database;
    }

    private static void insert(Connection connection, int from, int count) throws SQLException {
        String row = "(?, ?, 'default', 'resourcePolicy', ?)";
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO policies (id, name, version, kind, raw_content) VALUES " + row
                        + (", " + row).repeat(count - 1))) {
            for (int i = 0; i < count; i++) {
                insert.setString(3 * i + 1, "r" + (from + i));
                insert.setString(3 * i + 2, "r" + (from + i));
                insert.setString(3 * i + 3, TEXT.formatted(from + i));
            }
            insert.executeUpdate();
        }
    }

    private static StorageConfig config(DatabaseServer server, String database, String more) {
        return Stores.config("driver: database, database: {connection: '" + server.url(database) + "', " + more + "}");
    }

    private static PolicyStore open(DatabaseServer server, String database, String more) {
        return PolicyStore.open(config(server, database, more));
    }

    private static long[] idlePolls(DatabaseServer server, String database) {
        long[] times = new long[POLLS];
        try (StorageContext context = StorageContext.create("benchmark");
                StorageDriver driver =
                        config(server, database, "useNotify: false").openDriver(context)) {
            driver.init();
            for (int i = 0; i < POLLS; i++) {
                long before = System.nanoTime();
                driver.checkNow(CheckMode.IF_CHANGED);
                times[i] = System.nanoTime() - before;
            }
        }
        return times;
    }

    private static long[] updates(PolicyStore store, DatabaseServer server, String database, int rows, int count)
            throws SQLException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[count];
        try (Served served = Served.by(store);
                Connection connection = server.connect(database);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE policies SET raw_content = CONCAT(raw_content, '# ', CAST(? AS char(9)), '\n') WHERE id = ?")) {
            for (int i = 0; i < count; i++) {
                String row = "r" + (1 + random.nextInt(rows));
                update.setString(1, Integer.toString(i));
                update.setString(2, row);
                long before = System.nanoTime();
                update.executeUpdate();
                times[i] = served.await(PolicyId.ofResource(row, "default", "")) - before;
            }
        }
        return times;
    }
}
