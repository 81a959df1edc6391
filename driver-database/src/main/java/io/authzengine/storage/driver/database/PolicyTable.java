package io.authzengine.storage.driver.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the table of policies over a connection it is given. Knows nothing of what is made of it. Immutable. */
final class PolicyTable {
    private static final int IDS_AT_ONCE = 500;
    private static final int ROWS_AT_ONCE = 1000;
    /** Each may be as large as a document may be, and all of them are in memory at once. */
    private static final int BODIES_AT_ONCE = 50;

    private final TableSql sql;
    private final boolean streamsRowByRow;

    PolicyTable(TableSql sql, boolean streamsRowByRow) {
        this.sql = sql;
        this.streamsRowByRow = streamsRowByRow;
    }

    /** MySQL's client keeps all rows in memory unless it is asked for exactly one special number. */
    private int fetchSize(int rows) {
        return streamsRowByRow ? Integer.MIN_VALUE : rows;
    }

    /** Takes in what is read, one row at a time. */
    interface Rows<T> {
        void take(T row) throws SQLException;
    }

    /**
     * The text of a policy and what stands beside it.
     *
     * @param content what the column {@code content} says, if it is not the text itself
     */
    record Body(String id, @Nullable String text, String contentHash, Optional<String> content) {}

    void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String begin : sql.begin()) {
                statement.execute(begin);
            }
        }
    }

    boolean hasChangeLog(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql.hasChangeLog())) {
            return result.next() && result.getBoolean(1);
        }
    }

    /** Returns where the change counter stands; empty if it has been emptied. */
    Optional<ChangePosition> position(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql.position())) {
            return result.next()
                    ? Optional.of(new ChangePosition(result.getLong(1), result.getString(2)))
                    : Optional.empty();
        }
    }

    /** Returns whether the change log has everything that came after {@code revision}. */
    boolean logReachesBackTo(long revision, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql.oldestChange())) {
            if (!result.next()) {
                return false;
            }
            long oldest = result.getLong(1);
            return !result.wasNull() && oldest <= revision + 1;
        }
    }

    /** Returns whether there are as many policies as the log leads to, where the log may have missed some; true where it cannot. */
    boolean holds(int policies, Connection connection) throws SQLException {
        if (sql.count().isEmpty()) {
            return true;
        }
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql.count())) {
            return result.next() && result.getInt(1) == policies;
        }
    }

    /** Reads what is known of all policies. */
    void all(Connection connection, int maxSize, Rows<Row> into) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.rows() + TableSql.LIVE)) {
            statement.setInt(1, maxSize);
            rows(statement, into);
        }
    }

    /** Reads what is known of the policies that have changed since {@code revision}; returns the ids of all that have, also of those deleted. */
    Set<String> changedSince(long revision, Connection connection, int maxSize, Rows<Row> into) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.changedIds())) {
            statement.setLong(1, revision);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    ids.add(result.getString(1));
                }
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement(sql.rows() + TableSql.LIVE + sql.changedSince())) {
            statement.setInt(1, maxSize);
            statement.setLong(2, revision);
            rows(statement, into);
        }
        return ids;
    }

    private void rows(PreparedStatement statement, Rows<Row> into) throws SQLException {
        statement.setFetchSize(fetchSize(ROWS_AT_ONCE));
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                into.take(row(result));
            }
        }
    }

    private static Row row(ResultSet result) throws SQLException {
        long size = result.getLong(2);
        boolean empty = result.wasNull();
        long updatedAt = result.getLong(6);
        Optional<Instant> time =
                result.wasNull() ? Optional.empty() : Optional.of(Instant.EPOCH.plus(updatedAt, ChronoUnit.MICROS));
        return new Row(
                result.getString(1),
                empty ? -1 : size,
                orEmpty(result.getString(3)),
                orEmpty(result.getString(4)),
                orEmpty(result.getString(5)),
                time);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Reads the texts of all policies. */
    void allBodies(Connection connection, Rows<Body> into) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.bodies() + TableSql.LIVE)) {
            bodies(statement, into);
        }
    }

    /** Reads the texts of the policies of these ids. */
    void bodies(Connection connection, List<String> ids, Rows<Body> into) throws SQLException {
        for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
            List<String> some = ids.subList(from, Math.min(from + IDS_AT_ONCE, ids.size()));
            String condition =
                    some.stream().map(id -> "?").collect(Collectors.joining(", ", TableSql.LIVE + " AND id IN (", ")"));
            try (PreparedStatement statement = connection.prepareStatement(sql.bodies() + condition)) {
                for (int i = 0; i < some.size(); i++) {
                    statement.setString(i + 1, some.get(i));
                }
                bodies(statement, into);
            }
        }
    }

    private void bodies(PreparedStatement statement, Rows<Body> into) throws SQLException {
        statement.setFetchSize(fetchSize(BODIES_AT_ONCE));
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                into.take(new Body(
                        result.getString(1),
                        result.getString(2),
                        orEmpty(result.getString(3)),
                        Optional.ofNullable(result.getString(4))));
            }
        }
    }
}
