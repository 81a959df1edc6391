package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyMetadata;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes sets of policies into the table, each in one transaction that keeps all other writers waiting. */
final class DatabaseWriter implements PolicyWriter {
    private static final int ROWS_AT_ONCE = 500;
    private static final int LONGEST_ID = 255;
    private static final int LONGEST_VERSION = 50;

    private final DatabaseConfig config;
    private final Connector connector;
    private final DatabaseErrors errors;
    private final InstantSource clock;
    private final WriterSql sql;
    private final ContentJson contentJson = new ContentJson();

    DatabaseWriter(DatabaseConfig config, InstantSource clock) {
        this.config = config;
        this.connector = new Connector(config);
        this.errors = new DatabaseErrors(config);
        this.clock = clock;
        this.sql = WriterSql.of(config);
    }

    /** What is to be done, found out by comparing. */
    private record Plan(List<Policy> inserts, List<Policy> updates, Outcome outcome, Set<String> deletions) {}

    @Override
    public Outcome preview(Collection<Policy> policies, Mode mode) {
        Map<String, Policy> byId = byId(policies);
        try (Connection connection = connector.single(config.callTimeout())) {
            return plan(byId, mode, connection).outcome();
        } catch (SQLException e) {
            throw errors.translate("comparing with the table", e);
        }
    }

    @Override
    public Outcome publish(Collection<Policy> policies, Mode mode) {
        Map<String, Policy> byId = byId(policies);
        // Closing without a commit rolls back.
        try (Connection connection = connector.single(config.callTimeout())) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql.lock());
            }
            Plan plan = plan(byId, mode, connection);
            write(connection, sql.insert(), plan.inserts());
            write(connection, sql.update(), plan.updates());
            delete(connection, plan.deletions());
            connection.commit();
            return plan.outcome();
        } catch (SQLException e) {
            throw errors.translate("writing to the table", e);
        }
    }

    private Map<String, Policy> byId(Collection<Policy> policies) {
        Map<String, Policy> byId = new TreeMap<>();
        for (Policy policy : policies) {
            PolicyMetadata metadata = policy.metadata();
            String id = policy.id().value();
            if (byId.put(id, policy) != null) {
                throw new IllegalArgumentException("two of the policies are called " + id);
            }
            if (id.length() > LONGEST_ID
                    || metadata.name().length() > LONGEST_ID
                    || metadata.version().length() > LONGEST_VERSION) {
                throw new ValidationException(Problem.in(
                                config.id(),
                                "the table cannot hold it: id and name have at most " + LONGEST_ID
                                        + " characters, the version " + LONGEST_VERSION)
                        .at(id)
                        .remedy("shorten its name or version"));
            }
        }
        return byId;
    }

    private Plan plan(Map<String, Policy> policies, Mode mode, Connection connection) throws SQLException {
        Set<String> known = new HashSet<>();
        Set<String> live = new HashSet<>();
        Set<String> same = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql.hashes())) {
            while (rows.next()) {
                String id = rows.getString(1);
                known.add(id);
                if (rows.getBoolean(3)) {
                    live.add(id);
                    Policy policy = policies.get(id);
                    if (policy != null && policy.metadata().contentHash().equals(rows.getString(2))) {
                        same.add(id);
                    }
                }
            }
        }
        List<Policy> inserts = new ArrayList<>();
        List<Policy> updates = new ArrayList<>();
        int added = 0;
        for (Map.Entry<String, Policy> policy : policies.entrySet()) {
            if (!same.contains(policy.getKey())) {
                (known.contains(policy.getKey()) ? updates : inserts).add(policy.getValue());
                added += live.contains(policy.getKey()) ? 0 : 1;
            }
        }
        Set<String> deletions = new HashSet<>();
        if (mode == Mode.REPLACE) {
            deletions.addAll(live);
            deletions.removeAll(policies.keySet());
        }
        int modified = inserts.size() + updates.size() - added;
        return new Plan(inserts, updates, new Outcome(added, modified, deletions.size(), same.size()), deletions);
    }

    private void write(Connection connection, String statementText, List<Policy> policies) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(statementText)) {
            int waiting = 0;
            for (Policy policy : policies) {
                PolicyMetadata metadata = policy.metadata();
                String text = policy.raw().toString();
                statement.setString(1, metadata.name());
                statement.setString(2, metadata.version());
                statement.setString(3, metadata.kind().name());
                statement.setString(4, contentJson.of(text));
                statement.setString(5, text);
                statement.setString(6, metadata.contentHash());
                statement.setString(7, policy.id().value());
                statement.addBatch();
                if (++waiting == ROWS_AT_ONCE) {
                    statement.executeBatch();
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                statement.executeBatch();
            }
        }
    }

    private void delete(Connection connection, Set<String> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.delete())) {
            Timestamp now = Timestamp.from(clock.instant());
            for (String id : ids) {
                statement.setTimestamp(1, now);
                statement.setString(2, id);
                statement.addBatch();
            }
            if (!ids.isEmpty()) {
                statement.executeBatch();
            }
        }
    }

    @Override
    public void close() {
        // Nothing is held between calls.
    }
}
