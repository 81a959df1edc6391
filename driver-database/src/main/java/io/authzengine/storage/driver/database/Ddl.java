package io.authzengine.storage.driver.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shipped statements that make the table. */
final class Ddl {
    /** MySQL's statements are sent one by one; none of them has such an end within. */
    private static final Pattern END = Pattern.compile(";\\s*\n");

    /** What is done in a trigger itself (MySQL) or in the function it calls (PostgreSQL), after the name of either. */
    private static final Pattern TRIGGERED = Pattern.compile(
            "CREATE TRIGGER (\\S+)[^;]*? FOR EACH ROW\\s+([^;]*);"
                    + "|CREATE OR REPLACE FUNCTION \\S*\"([^\"]+)\"\\(\\).*?\\$\\$(.*?)\\$\\$;",
            Pattern.DOTALL);

    private Ddl() {}

    /** Returns them with the names of {@code config}. */
    static String text(DatabaseConfig config) {
        String schema =
                config.dialect() == Dialect.POSTGRESQL ? Identifier.quoted(config.dialect(), config.schema()) : "";
        return resource(config.dialect())
                .replace("@table@", TableSql.qualified(config, ""))
                .replace("@counter@", TableSql.qualified(config, TableSql.COUNTER_SUFFIX))
                .replace("@log@", TableSql.qualified(config, TableSql.LOG_SUFFIX))
                .replace("@schema@", schema)
                .replace("@name@", config.table());
    }

    /** Returns what the shipped triggers do, by the name of the trigger (MySQL) or of the function it calls (PostgreSQL). */
    static Map<String, String> triggered(DatabaseConfig config) {
        Map<String, String> triggered = new TreeMap<>();
        Matcher found = TRIGGERED.matcher(text(config));
        while (found.find()) {
            int name = config.dialect() == Dialect.POSTGRESQL ? 3 : 1;
            if (found.group(name) != null) {
                triggered.put(found.group(name), found.group(name + 1));
            }
        }
        return triggered;
    }

    private static String resource(Dialect dialect) {
        String name = dialect.name().toLowerCase(Locale.ROOT) + ".sql";
        try (InputStream in = Ddl.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies them over {@code connection}; in one transaction where the database can do that with such statements. */
    static void apply(DatabaseConfig config, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (config.dialect() == Dialect.POSTGRESQL) {
                statement.execute(text(config)); // Several statements at once are one transaction.
                return;
            }
            for (String one : END.splitAsStream(text(config)).toList()) {
                if (!one.isBlank()) {
                    statement.execute(one);
                }
            }
        }
    }
}
