package io.authzengine.storage.driver.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.regex.Pattern;

/** The shipped statements that make the table. */
final class Ddl {
    /** MySQL's statements are sent one by one; none of them has such an end within. */
    private static final Pattern END = Pattern.compile(";\\s*\n");

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
