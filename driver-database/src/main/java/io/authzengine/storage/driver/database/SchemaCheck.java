package io.authzengine.storage.driver.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares a table that is there with the shipped one, and says of each difference what follows from it. Used once. */
final class SchemaCheck {
    private static final List<String> NEEDED =
            List.of("id", "raw_content", "content", "content_hash", "updated_at", "deleted_at");
    private static final List<String> CUSTOMARY = List.of("name", "version", "kind", "created_at");
    private static final List<String> INDEXED = List.of("kind", "updated_at");

    private final DatabaseConfig config;
    private final Connection connection;
    private final boolean postgres;
    private final List<String> differences = new ArrayList<>();

    SchemaCheck(DatabaseConfig config, Connection connection) {
        this.config = config;
        this.connection = connection;
        this.postgres = config.dialect() == Dialect.POSTGRESQL;
    }

    List<String> differences() throws SQLException {
        Map<String, String> columns = columns(config.table());
        if (columns.isEmpty()) {
            return List.of(
                    "there is no table " + config.table() + ", or this user may not see it: nothing can be loaded");
        }
        columns(columns);
        indexes();
        changeLog();
        triggers();
        whatTriggersDo();
        return List.copyOf(differences);
    }

    private void columns(Map<String, String> columns) {
        for (String column : NEEDED) {
            if (!columns.containsKey(column)) {
                differences.add("column " + column + " is missing: nothing can be loaded");
            }
        }
        for (String column : CUSTOMARY) {
            if (!columns.containsKey(column)) {
                differences.add("column " + column + " is missing: 'policyd copy' cannot write here; loading works");
            }
        }
        String text = columns.getOrDefault("raw_content", "text");
        if (text.equals("text") && !postgres) {
            differences.add("column raw_content is text, which ends at 65,535 bytes; longtext does not");
        } else if (text.contains("char")) {
            differences.add("column raw_content is " + text + ", which bounds the size of a policy");
        }
        String changed = columns.getOrDefault("updated_at", "");
        if (postgres && changed.equals("timestamp without time zone")) {
            differences.add("column updated_at has no time zone: its values are taken as UTC");
        }
    }

    private void indexes() throws SQLException {
        Set<String> indexed = new TreeSet<>(
                postgres
                        ? strings(
                                "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
                                        + " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                                        + " WHERE n.nspname = ? AND c.relname = ?",
                                config.schema(),
                                config.table())
                        : strings(
                                "SELECT column_name FROM information_schema.statistics WHERE seq_in_index = 1"
                                        + " AND table_schema = DATABASE() AND table_name = ?",
                                config.table()));
        for (String column : INDEXED) {
            if (!indexed.contains(column)) {
                differences.add("column " + column + " has no index: loading does not need it, people's queries may");
            }
        }
    }

    private void changeLog() throws SQLException {
        for (String suffix : List.of(TableSql.COUNTER_SUFFIX, TableSql.LOG_SUFFIX)) {
            if (columns(config.table() + suffix).isEmpty()) {
                differences.add("table " + config.table() + suffix
                        + " is missing, or this user may not see it: every poll looks at every row");
            }
        }
    }

    private void triggers() throws SQLException {
        List<String> there = postgres
                ? strings(
                        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid ="
                                + " c.relnamespace WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND n.nspname = ? AND c.relname = ?",
                        config.schema(),
                        config.table())
                : strings(
                        "SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = DATABASE() AND event_object_table = ?",
                        config.table());
        Map<String, String> wanted = new TreeMap<>();
        if (postgres) {
            wanted.put("policy_begin_trigger", "changes are not counted, and found by looking at every row only");
            wanted.put("policy_log_trigger", "changes are not logged, and found by looking at every row only");
            wanted.put("policy_stamp_trigger", "writers have to write content_hash and updated_at themselves");
            wanted.put("policy_change_trigger", "changes are found by polling only");
        } else {
            for (String event : List.of("insert", "update", "delete")) {
                wanted.put(config.table() + "_" + event + "_count", "changes are not counted, and found late");
                wanted.put(config.table() + "_" + event + "_log", "changes are not logged, and found late");
                wanted.put(config.table() + "_" + event + "_prune", "the log of changes grows without end");
            }
            for (String event : List.of("insert", "update")) {
                wanted.put(
                        config.table() + "_" + event + "_stamp",
                        "writers have to write content_hash and updated_at themselves");
            }
        }
        wanted.forEach((name, consequence) -> {
            if (!there.contains(name)) {
                differences.add("trigger " + name + " is missing or off, or this user may not see it: " + consequence);
            }
        });
    }

    private void whatTriggersDo() throws SQLException {
        Map<String, String> shipped = Ddl.triggered(config);
        Set<String> others = new TreeSet<>();
        for (String one : postgres
                ? strings(
                        "SELECT concat(p.proname, ' ', p.prosrc) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                                + " WHERE n.nspname = ?",
                        config.schema())
                : strings(
                        "SELECT CONCAT(trigger_name, ' ', action_statement) FROM information_schema.triggers"
                                + " WHERE event_object_schema = DATABASE() AND event_object_table = ?",
                        config.table())) {
            int space = one.indexOf(' ');
            String name = one.substring(0, space);
            String body = shipped.get(name);
            if (body != null && !compact(body).equals(compact(one.substring(space)))) {
                others.add(name);
            }
        }
        if (!others.isEmpty()) {
            differences.add(
                    (postgres ? "the functions " : "the triggers ") + String.join(", ", others)
                            + " are those of another version, or were changed: 'policyd database init' replaces them and no row");
        }
    }

    private static String compact(String body) {
        return body.replaceAll("\\s+", " ").strip();
    }

    /** Returns the columns of a table with their types; empty if it is not there or may not be seen. */
    private Map<String, String> columns(String table) throws SQLException {
        String sql = "SELECT concat(column_name, ' ', data_type) FROM information_schema.columns WHERE table_schema = "
                + (postgres ? "?" : "DATABASE()") + " AND table_name = ?";
        Map<String, String> columns = new TreeMap<>();
        for (String column : postgres ? strings(sql, config.schema(), table) : strings(sql, table)) {
            int space = column.indexOf(' ');
            columns.put(column.substring(0, space).toLowerCase(Locale.ROOT), column.substring(space + 1));
        }
        return columns;
    }

    private List<String> strings(String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }
}
