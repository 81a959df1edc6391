package io.authzengine.storage.driver.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Sends a notification to oneself, over another connection than the one that listens: over the same one it would arrive even behind
 * a pooler that loses all others.
 *
 * @param connections where to take the other connection from
 * @param channel a channel of this listener's own
 */
record PoolerCheck(DataSource connections, String channel) {
    void send() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, '')")) {
            statement.setString(1, channel);
            statement.execute();
        }
    }
}
