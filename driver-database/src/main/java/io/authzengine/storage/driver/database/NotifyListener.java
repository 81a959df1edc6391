package io.authzengine.storage.driver.database;

import io.authzengine.storage.source.PolicySource.HintListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for PostgreSQL's notifications on a connection and a thread of its own. What a notification says is not looked at: that one
 * came is all that counts. Thread-safe.
 */
final class NotifyListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyListener.class);
    static final String CHANNEL = "policy_changes";
    /** How long the connection may be silent before it is asked whether it is still there. */
    private static final int SILENCE_MILLIS = 5_000;

    static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private final Connection connection;
    private final PoolerCheck poolerCheck;
    private final HintListener told;
    private final DatabaseErrors errors;
    private volatile boolean closed;

    private NotifyListener(Connection connection, PoolerCheck poolerCheck, HintListener told, DatabaseErrors errors) {
        this.connection = connection;
        this.poolerCheck = poolerCheck;
        this.told = told;
        this.errors = errors;
    }

    /**
     * Begins to listen; what is committed from now on is heard of.
     *
     * @param connection is this listener's from now on; closed if it cannot listen
     * @param poolerCheck finds out whether notifications get through at all
     */
    static NotifyListener start(
            Connection connection, PoolerCheck poolerCheck, HintListener told, DatabaseErrors errors, String name)
            throws SQLException {
        NotifyListener listener = new NotifyListener(connection, poolerCheck, told, errors);
        boolean listening = false;
        try {
            connection.setAutoCommit(true);
            listener.execute("LISTEN " + CHANNEL);
            listener.execute("LISTEN " + poolerCheck.channel());
            listening = true;
        } finally {
            if (!listening) {
                listener.close();
            }
        }
        Thread thread = new Thread(listener::run, name + "-listen");
        thread.setDaemon(true);
        thread.start();
        return listener;
    }

    private void run() {
        try {
            if (hearsItself()) {
                listen();
            }
        } catch (SQLException e) {
            if (!closed) {
                close();
                told.lost(errors.listenFailed(e));
            }
        }
    }

    /** A pooler that hands connections from transaction to transaction loses notifications; nothing but trying tells. */
    private boolean hearsItself() throws SQLException {
        poolerCheck.send();
        if (hasHeardItself()) {
            return true;
        }
        if (!closed) {
            execute("SELECT 1"); // Ends with a time-out if it is the line that is silent: that is a loss like any
            // other.
        }
        if (hasHeardItself()) {
            return true;
        }
        if (!closed) {
            close();
            told.pollingOnly(
                    "notifications of the database do not arrive, as behind a pooler that pools transactions (PgBouncer's"
                            + " pool_mode = transaction); changes are found by polling alone. Connect to the database itself or through"
                            + " a session pool, or set useNotify: false");
        }
        return false;
    }

    private boolean hasHeardItself() throws SQLException {
        for (PGNotification[] arrived = await((int) ANSWER_LIMIT.toMillis());
                arrived.length > 0;
                arrived = await((int) ANSWER_LIMIT.toMillis())) {
            told.lookNow(); // Those of others may be among them.
            if (Arrays.stream(arrived).anyMatch(one -> one.getName().equals(poolerCheck.channel()))) {
                execute("UNLISTEN " + poolerCheck.channel());
                return true;
            }
        }
        return false;
    }

    private void listen() throws SQLException {
        while (!closed) {
            if (await(SILENCE_MILLIS).length > 0) {
                told.lookNow();
            } else if (!closed) {
                execute("SELECT 1"); // Ends with a time-out if nobody is there any more.
            }
        }
    }

    private PGNotification[] await(int millis) throws SQLException {
        PGNotification[] notifications = connection.unwrap(PGConnection.class).getNotifications(millis);
        return notifications == null ? new PGNotification[0] : notifications;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends the listening and its thread. */
    @Override
    public void close() {
        closed = true;
        try {
            connection.abort(Runnable::run); // Closing would wait for the thread that waits for notifications.
        } catch (SQLException e) {
            LOG.debug("The listening connection could not be closed: {}", e.getMessage());
        }
    }
}
