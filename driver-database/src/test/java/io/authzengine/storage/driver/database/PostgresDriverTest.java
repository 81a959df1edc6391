package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.PolicySource.HintListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

final class PostgresDriverTest extends DatabaseBehaviour {
    private static final PostgresServer SERVER = PostgresServer.shared();

    @Override
    Tables shipped() throws SQLException {
        return Tables.shipped(SERVER);
    }

    @Override
    Tables seed() {
        return Tables.made(SERVER, Tables.SEED);
    }

    @Override
    String urlOfReader(Tables tables, String password) {
        String user = "reader" + tables.database();
        tables.execute(
                "CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'",
                "GRANT SELECT ON policies, policies_revision, policies_changes TO " + user);
        return "postgresql://" + user + ":" + password + "@127.0.0.1:" + SERVER.port() + "/" + tables.database();
    }

    @Override
    void changePassword(Tables tables, String password) {
        tables.execute("ALTER ROLE reader" + tables.database() + " PASSWORD '" + password + "'");
    }

    @Override
    void endConnectionsOfReader(Tables tables) {
        tables.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader"
                + tables.database() + "'");
    }

    @Override
    void lockTable(Connection connection, Statement statement) throws SQLException {
        connection.setAutoCommit(false);
        statement.execute("LOCK TABLE policies IN ACCESS EXCLUSIVE MODE");
    }

    @Override
    String nullable(String column, String type) {
        return "ALTER TABLE policies ALTER COLUMN " + column + " DROP NOT NULL";
    }

    @Override
    String triggerOfAnotherVersion() {
        return "CREATE OR REPLACE FUNCTION policies_log_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$";
    }

    private static Running told(Tables tables) {
        return Running.following(tables.config().withPollInterval(Duration.ofHours(1)));
    }

    /** Notifications, without any polling. */
    @Nested
    class Notifications {
        private final Heard heard = new Heard();

        @Test
        void tellOfEachCommit() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            try (Running running = told(tables)) {
                tables.put("album", EDITED);
                running.await("the edit", () -> EDITED.equals(running.texts().get("album")));
                tables.execute("TRUNCATE policies");
                running.await("nothing to be left", () -> running.texts().isEmpty());
                assertThat(running.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            }
        }

        @Test
        void ofTheDesignDocumentsTriggerDoAsWell() throws SQLException {
            Tables tables = seed();
            try (Running running = told(tables)) {
                tables.put("album", ALBUM);
                running.await("album", () -> running.texts().containsKey("album"));
            }
        }

        @Test
        void areListenedForAgainAfterTheListenerWasTerminated() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            try (Running running = told(tables)) {
                tables.execute("ALTER TABLE policies DISABLE TRIGGER policy_change_trigger");
                tables.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND pid <> pg_backend_pid() AND query LIKE '%LISTEN%'");
                tables.put("album", EDITED);
                running.await(
                        "what nobody told of",
                        () -> EDITED.equals(running.texts().get("album")));
                tables.execute("ALTER TABLE policies ENABLE TRIGGER policy_change_trigger");
                running.await(
                        "health to be good",
                        () -> running.driver().healthCheck().status() == HealthStatus.Status.HEALTHY);
                tables.put("album", ALBUM);
                running.await(
                        "what was told", () -> ALBUM.equals(running.texts().get("album")));
            }
        }

        @Test
        void areMissedWhenTheConnectionDiesWithoutAWordAndItIsMadeAgainAndAllIsLookedAt() throws SQLException {
            Tables tables = shipped();
            try (LineToServer line = new LineToServer(tables);
                    Running running = Running.following(line.config().withPollInterval(Duration.ofHours(1)))) {
                tables.put("album", ALBUM);
                running.await("album", () -> running.texts().containsKey("album"));
                line.die();
                tables.put("album", EDITED);
                running.await(
                        "the listener to notice",
                        () -> running.driver().healthCheck().toString().contains("SD-005"));
                assertThat(running.texts()).containsOnly(Map.entry("album", ALBUM));
                line.heal();
                running.await("the edit", () -> EDITED.equals(running.texts().get("album")));
                running.await(
                        "health to be good",
                        () -> running.driver().healthCheck().status() == HealthStatus.Status.HEALTHY);
            }
        }

        @Test
        void thatDoNotArriveAreReplacedByPolling() throws Exception {
            Tables tables = shipped();
            PGSimpleDataSource elsewhere = new PGSimpleDataSource();
            elsewhere.setServerNames(new String[] {"127.0.0.1"});
            elsewhere.setPortNumbers(new int[] {SERVER.port()});
            // Notifications stay within their database, so this one sends them where they get lost, as a pooler may.
            elsewhere.setDatabaseName(SERVER.createDatabase());
            elsewhere.setUser(SERVER.user());
            NotifyListener notifying = NotifyListener.start(
                    tables.connect(),
                    new PoolerCheck(elsewhere, "policy_check_1"),
                    heard,
                    new DatabaseErrors(tables.config()),
                    "test");
            assertThat(heard.told.poll(60, TimeUnit.SECONDS)).contains("pool_mode", "useNotify: false");
            notifying.close();
        }

        @Test
        void thatDoNotArriveOnADeadLineAreLostAndNotForEver() throws Exception {
            Tables tables = shipped();
            try (LineToServer line = new LineToServer(tables)) {
                PGSimpleDataSource lineDies = new PGSimpleDataSource() {
                    @Override
                    public Connection getConnection() {
                        line.die();
                        return tables.connect();
                    }
                };
                NotifyListener notifying = NotifyListener.start(
                        new Connector(line.config()).single(NotifyListener.ANSWER_LIMIT),
                        new PoolerCheck(lineDies, "policy_check_2"),
                        heard,
                        new DatabaseErrors(tables.config()),
                        "test");
                assertThat(heard.told.poll(60, TimeUnit.SECONDS)).isEqualTo("lost");
                notifying.close();
            }
        }
    }

    /** Hears what becomes of listening. */
    private static final class Heard implements HintListener {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void lookNow() {
            told.add("look");
        }

        @Override
        public void lost(StorageException reason) {
            told.add("lost");
        }

        @Override
        public void pollingOnly(String reason) {
            told.add(reason);
        }
    }

    /** A server that goes away and comes back. */
    @Nested
    class TheServer {
        @Test
        void stoppedAndStartedTakesNothingAwayAndIsFollowedAgain() throws SQLException {
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
                running.await(
                        "health to be good",
                        () -> running.driver().healthCheck().status() == HealthStatus.Status.HEALTHY);
                assertThat(running.texts()).containsOnlyKeys("album", "book");
            }
        }
    }
}
