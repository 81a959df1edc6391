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
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.policy.PolicyId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;

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

    /** Takes numbers of rows. */
    public static void main(String[] args) throws SQLException, InterruptedException {
        for (String rows : args) {
            measure(Integer.parseInt(rows));
        }
    }

    private static void measure(int rows) throws SQLException, InterruptedException {
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
        Figures.tell("database.start", rows, "s", ready / 1e9);
        Figures.tell("database.poll", rows, "ms", Sample.millis(idle));
        Figures.tell("database.notify", rows, "ms", Sample.millis(notified));
        Figures.tell("database.polled", rows, "ms", Sample.millis(polled));
    }

    private static StorageConfig config(PostgresServer server, String database, String more) {
        return Stores.config("driver: database, database: {connection: '" + server.url(database) + "', " + more + "}");
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
        return times;
    }

    private static long[] updates(PolicyStore store, PostgresServer server, String database, int rows, int count)
            throws SQLException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] times = new long[count];
        try (Served served = Served.by(store);
                Connection connection = server.connect(database);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE policies SET raw_content = raw_content || '# ' || CAST(? AS text) || E'\\n' WHERE id = ?")) {
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
