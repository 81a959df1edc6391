package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.driver.database.DatabaseDriverProvider;
import io.authzengine.storage.driver.database.server.DatabaseServer;
import io.authzengine.storage.driver.database.server.MariadbServer;
import io.authzengine.storage.driver.database.server.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * Measures a store over a table in a real PostgreSQL or MariaDB on this machine, in one process and one run: the time to fill the table in
 * one transaction and to the first version served, an idle poll, and the time from just before a one-row UPDATE is sent, which commits
 * by itself, to its being served, told by notification where there is such a thing, and found by polling.
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

    /** Takes the number of rows and, for MariaDB, {@code mariadb}; prints one line. */
    public static void main(String[] args) throws SQLException, InterruptedException {
        int rows = Integer.parseInt(args[0]);
        boolean mariadb = args.length > 1 && args[1].equals("mariadb");
        DatabaseServer server = mariadb ? MariadbServer.shared() : PostgresServer.startAnother();
        try {
            String database = server.createDatabase();
            server.execute(database, new DatabaseDriverProvider().ddl(mariadb ? "mysql" : "postgresql"));
            long begin = System.nanoTime();
            fill(server, database, rows);
            System.out.printf(Locale.ROOT, "| filled in %.2f s ", (System.nanoTime() - begin) / 1e9);
            server.execute(database, mariadb ? "ANALYZE TABLE policies" : "VACUUM ANALYZE policies");
            measure(server, database, rows, mariadb);
        } finally {
            server.stop();
        }
    }

    private static void fill(DatabaseServer server, String database, int rows) throws SQLException {
        try (Connection connection = server.connect(database)) {
            connection.setAutoCommit(false);
            for (int from = 1; from <= rows; from += ROWS_AT_ONCE) {
                int some = Math.min(ROWS_AT_ONCE, rows - from + 1);
                String row = "(?, ?, 'default', 'resourcePolicy', ?)";
                try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO policies (id, name, version, kind, raw_content) VALUES " + row
                                + (", " + row).repeat(some - 1))) {
                    for (int i = 0; i < some; i++) {
                        insert.setString(3 * i + 1, "r" + (from + i));
                        insert.setString(3 * i + 2, "r" + (from + i));
                        insert.setString(3 * i + 3, TEXT.formatted(from + i));
                    }
                    insert.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    private static void measure(DatabaseServer server, String database, int rows, boolean mariadb)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        long ready;
        long[] notified;
        try (PolicyStore store = open(server, database, mariadb ? "pollInterval: 1s" : "pollInterval: 1h")) {
            ready = System.nanoTime() - begin;
            if (store.current().size() != rows) {
                throw new IllegalStateException("loaded " + store.current().size());
            }
            notified = updates(store, server, database, rows, mariadb ? POLLED : NOTIFIED);
        }
        long[] polled;
        try (PolicyStore store = open(server, database, "pollInterval: 1s, useNotify: false")) {
            polled = updates(store, server, database, rows, POLLED);
        }
        long[] idle = idlePolls(server, database);
        System.out.printf(
                Locale.ROOT,
                "| %,d | %.2f s | %.2f ms / %.2f ms | %.1f ms / %.1f ms | %.0f ms / %.0f ms |%n",
                rows,
                ready / 1e9,
                percentile(idle, 50) / 1e6,
                percentile(idle, 99) / 1e6,
                percentile(notified, 50) / 1e6,
                percentile(notified, 99) / 1e6,
                percentile(polled, 50) / 1e6,
                percentile(polled, 99) / 1e6);
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted[sorted.length * percent / 100];
    }

    private static StorageConfig config(DatabaseServer server, String database, String more) {
        return StorageConfig.parse(
                "storage: {driver: database, database: {connection: '" + server.url(database) + "', " + more + "}}",
                "benchmark",
                Map.of());
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
        Arrays.sort(times);
        return times;
    }

    private static long[] updates(PolicyStore store, DatabaseServer server, String database, int rows, int count)
            throws SQLException, InterruptedException {
        SynchronousQueue<String> told = new SynchronousQueue<>();
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[count];
        Subscription subscription = store.subscribe(event -> tell(event, told));
        try (Connection connection = server.connect(database);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE policies SET raw_content = CONCAT(raw_content, '# ', CAST(? AS char(9)), '\n') WHERE id = ?")) {
            for (int i = 0; i < count; i++) {
                int row = 1 + random.nextInt(rows);
                update.setString(1, Integer.toString(i));
                update.setString(2, "r" + row);
                long before = System.nanoTime();
                update.executeUpdate();
                String served = told.poll(30, TimeUnit.SECONDS);
                times[i] = System.nanoTime() - before;
                if (!("resource.r" + row + ".vdefault").equals(served)) {
                    throw new IllegalStateException("changed " + row + ", but was told of " + served);
                }
            }
        } finally {
            subscription.close();
        }
        Arrays.sort(times);
        return times;
    }

    private static void tell(StoreEvent event, SynchronousQueue<String> told) {
        if (event instanceof StoreEvent.Updated updated) {
            updated.changes().events().forEach(change -> {
                try {
                    told.put(change.policyId().value());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }
}
