package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.database.server.MariadbServer;
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.testkit.SamplePolicies;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Writers that insert, edit, mark, delete and roll back, in transactions that overlap and commit in any order, with whatever time in
 * {@code updated_at}; and a reader that polls all the while. In the end it must hold what the table holds, and at no time
 * anything that no transaction ever left behind.
 */
@Timeout(300)
final class ConcurrentWritersTest {
    private static final int WRITERS = 8;
    private static final int TRANSACTIONS = 40;
    private static final int NAMES = 30;
    private static final long SEED = 20261122;

    /** The tables that are written to. */
    enum Kind {
        POSTGRES_SHIPPED,
        POSTGRES_SEED,
        MARIADB_SHIPPED,
        MARIADB_SEED;

        Tables make() throws SQLException {
            return switch (this) {
                case POSTGRES_SHIPPED -> Tables.shipped(PostgresServer.shared());
                case POSTGRES_SEED -> Tables.made(PostgresServer.shared(), Tables.SEED);
                case MARIADB_SHIPPED -> Tables.shipped(MariadbServer.shared());
                case MARIADB_SEED -> Tables.made(MariadbServer.shared(), Tables.SEED_MYSQL);
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void haveAllTheyCommitFound(Kind kind) throws Exception {
        Tables tables = kind.make();
        tables.execute("CREATE TABLE pairs (id INT PRIMARY KEY)");
        for (int pair = 0; pair < NAMES / 2; pair++) {
            tables.execute("INSERT INTO pairs VALUES (" + pair + ")");
        }
        // Pairs are only ever written together, so that half of one would be seen. Who writes one has it to himself.
        try (Running running = Running.following(tables.config().withPollInterval(Duration.ofMillis(20)))) {
            List<String> halves = new ArrayList<>();
            running.driver().watch(changes -> {
                Map<String, String> now = running.texts();
                for (int pair = 0; pair < NAMES / 2; pair++) {
                    if (!action(now.getOrDefault("a" + pair, "")).equals(action(now.getOrDefault("b" + pair, "")))) {
                        halves.add("pair " + pair + " of " + now);
                    }
                }
            });
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    long seed = SEED + writer;
                    all.add(writers.submit(() -> write(tables, new SplittableRandom(seed))));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            } finally {
                writers.shutdownNow();
            }
            Map<String, String> model = model(tables);
            running.await(
                    "all that was committed, of seed " + SEED,
                    () -> running.texts().equals(model));
            assertThat(halves).as("seed " + SEED).isEmpty();
        }
    }

    private static String action(String text) {
        return text.isEmpty() ? "" : text.substring(text.indexOf("actions"));
    }

    private static Map<String, String> model(Tables tables) {
        Map<String, String> model = new TreeMap<>();
        tables.server()
                .query(tables.database(), "SELECT concat(id, ' ', raw_content) FROM policies WHERE deleted_at IS NULL")
                .forEach(row -> model.put(row.substring(0, row.indexOf(' ')), row.substring(row.indexOf(' ') + 1)));
        return new HashMap<>(model);
    }

    private static Void write(Tables tables, SplittableRandom random) throws SQLException {
        try (Connection connection = tables.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < TRANSACTIONS; i++) {
                try {
                    transaction(connection, random, i);
                } catch (SQLException e) {
                    if (e.getSQLState() == null
                            || !(e.getSQLState().startsWith("40")
                                    || e.getSQLState().startsWith("23"))) {
                        throw e;
                    }
                    connection.rollback(); // Two writers in each other's way, which is theirs to sort out.
                }
            }
        }
        return null;
    }

    private static void transaction(Connection connection, SplittableRandom random, int number) throws SQLException {
        int pair = random.nextInt(NAMES / 2);
        String action = "edit" + number + "-" + random.nextInt(1000);
        int what = random.nextInt(10);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT id FROM pairs WHERE id = " + pair + " FOR UPDATE");
        }
        for (String half : List.of("a" + pair, "b" + pair)) {
            if (what < 6) {
                Tables.put(connection, half, SamplePolicies.resource(half, "default", action));
            } else if (what < 8) {
                execute(connection, "DELETE FROM policies WHERE id = ?", half);
            } else {
                execute(connection, "UPDATE policies SET deleted_at = CURRENT_TIMESTAMP WHERE id = ?", half);
            }
            LockSupport.parkNanos(random.nextInt(3_000_000));
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE policies SET updated_at = '2001-01-01 00:00:00' WHERE id = 'a" + pair + "'");
        }
        if (random.nextInt(5) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private static void execute(Connection connection, String sql, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }
}
