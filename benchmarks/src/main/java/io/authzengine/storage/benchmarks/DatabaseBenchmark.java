package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.driver.database.DatabaseDriverProvider;
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
 * Measures a store over a table in a real PostgreSQL on this machine, in one process and one run: the time to the first version served,
 * an idle poll, and the time from just before a one-row UPDATE is sent, which commits by itself, to its being served, told by
 * notification and found by polling.
 */
public final class DatabaseBenchmark {
    private static final int POLLS = 1000;
    private static final int NOTIFIED = 1000;
    private static final int POLLED = 30;
    private static final long SEED = 1;

    private static final String TEXT = """
            E'apiVersion: api.cerbos.dev/v1\\nresourcePolicy:\\n  resource: r' || i || '\\n  version: "default"\\n  rules:\\n'
            || '    - actions: ["view", "edit"]\\n      effect: EFFECT_ALLOW\\n      roles: ["user", "admin"]\\n'
            || '      condition:\\n        match:\\n          expr: request.resource.attr.owner == request.principal.id\\n'
            || '    - actions: ["delete"]\\n      effect: EFFECT_DENY\\n      roles: ["*"]\\n'""";

    private DatabaseBenchmark() {}

    /** Runs with the number of rows as the only argument; prints one line. */
    public static void main(String[] args) throws SQLException, InterruptedException {
        int rows = Integer.parseInt(args[0]);
        PostgresServer server = PostgresServer.startAnother();
        try {
            String database = server.createDatabase();
            server.execute(
                    database,
                    new DatabaseDriverProvider().ddl("postgresql"),
                    "INSERT INTO policies (id, name, version, kind, raw_content) SELECT 'r' || i, 'r' || i, 'default', 'resourcePolicy', "
                            + TEXT.replace("|| '", "|| E'") + " FROM generate_series(1, " + rows + ") i",
                    "VACUUM ANALYZE policies");
            measure(server, database, rows);
        } finally {
            server.stop();
        }
    }

    private static void measure(PostgresServer server, String database, int rows)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        long ready;
        long[] notified;
        try (PolicyStore store = open(server, database, "pollInterval: 1h")) {
            ready = System.nanoTime() - begin;
            if (store.current().size() != rows) {
                throw new IllegalStateException("loaded " + store.current().size());
            }
            notified = updates(store, server, database, rows, NOTIFIED);
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

    private static StorageConfig config(PostgresServer server, String database, String more) {
        return StorageConfig.parse(
                "storage: {driver: database, database: {connection: '" + server.url(database) + "', " + more + "}}",
                "benchmark",
                Map.of());
    }

    private static PolicyStore open(PostgresServer server, String database, String more) {
        return PolicyStore.open(config(server, database, more));
    }

    private static long[] idlePolls(PostgresServer server, String database) {
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

    private static long[] updates(PolicyStore store, PostgresServer server, String database, int rows, int count)
            throws SQLException, InterruptedException {
        SynchronousQueue<String> told = new SynchronousQueue<>();
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[count];
        Subscription subscription = store.subscribe(event -> tell(event, told));
        try (Connection connection = server.connect(database);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE policies SET raw_content = raw_content || '# ' || CAST(? AS text) || E'\\n' WHERE id = ?")) {
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
