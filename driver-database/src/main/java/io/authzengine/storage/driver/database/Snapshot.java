package io.authzengine.storage.driver.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in a read-only transaction that sees one moment of the database.
 *
 * @param connection goes back to its pool at the end
 */
record Snapshot(Connection connection) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

    /** Begins such a transaction on {@code connection}, which is closed if that fails. */
    static Snapshot begin(Connection connection, PolicyTable table) throws SQLException {
        Snapshot snapshot = new Snapshot(connection);
        boolean begun = false;
        try {
            table.begin(connection);
            begun = true;
            return snapshot;
        } finally {
            if (!begun) {
                snapshot.close();
            }
        }
    }

    /** Ends the transaction. Nothing depends on its end, so a failure is only noted: the pool throws such a connection away. */
    @Override
    public void close() {
        try (connection) {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("A read-only transaction could not be ended: {}", e.getMessage());
        }
    }
}
