package io.authzengine.storage.driver.database;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.WatchException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place where what goes wrong with a database becomes SD-001 … SD-007. By SQL state, as messages come in the language of the
 * server.
 */
final class DatabaseErrors {
    private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02");
    private static final Set<String> MISSING_COLUMN = Set.of("42703", "42S22", "42883", "42846");
    private static final Set<String> MISSING_DATABASE = Set.of("3D000", "3F000");
    private static final Set<String> TIME_OUT = Set.of("57014", "HYT00", "70100");
    /** MySQL's own numbers, where its SQL state says too little. */
    private static final List<Integer> MYSQL_DENIED = List.of(1044, 1045, 1142, 1143, 1698);

    private static final int MYSQL_NO_DATABASE = 1049;
    private static final int LONGEST = 300;

    private final String driverId;
    private final DatabaseConfig config;
    private final String place;

    DatabaseErrors(DatabaseConfig config) {
        this.driverId = config.id();
        this.config = config;
        this.place = config.connection().toString();
    }

    /** Returns what {@code failure} means; {@code doing} completes the sentence "… failed". */
    StorageException translate(String doing, Exception failure) {
        if (failure instanceof StorageException known) {
            return known;
        }
        if (failure instanceof SQLException e && isPoolExhausted(e)) {
            return new StorageTimeoutException(
                    problem("none of the " + config.poolSize() + " connections of the pool became free within "
                                    + config.connectTimeout().toMillis() + " ms")
                            .remedy("look for a query that hangs in the database, or raise poolSize"),
                    e);
        }
        SQLException cause = telling(failure);
        String state = cause == null || cause.getSQLState() == null ? "" : cause.getSQLState();
        int number = cause == null ? 0 : cause.getErrorCode();
        if (state.startsWith("28") || isDenied(state, number)) {
            return denied(state, failure);
        }
        if (MISSING_TABLE.contains(state)) {
            return new NotFoundException(
                    table("there is no such table, or it was dropped")
                            .remedy("make it with 'policyd database init', or correct table and schema"),
                    failure);
        }
        if (MISSING_COLUMN.contains(state)) {
            return new NotFoundException(
                    table("the table does not have the columns it needs: " + message(failure))
                            .remedy("'policyd database check' says what differs"),
                    failure);
        }
        if (MISSING_DATABASE.contains(state) || number == MYSQL_NO_DATABASE) {
            return new NotFoundException(
                    problem("there is no such database").remedy("create it, or correct 'database'"), failure);
        }
        if (TIME_OUT.contains(state) || cause instanceof SQLTimeoutException || isTimeOut(failure)) {
            return new StorageTimeoutException(
                    problem(doing + " took longer than the database was given")
                            .remedy("check the database and the network, or raise callTimeout"),
                    failure);
        }
        return new ConnectionFailedException(
                problem(doing + " failed: " + message(failure))
                        .remedy("check that the database is up and can be reached from here"),
                failure);
    }

    private static boolean isPoolExhausted(SQLException e) {
        return e instanceof java.sql.SQLTransientConnectionException && e.getCause() == null && e.getSQLState() == null;
    }

    private boolean isDenied(String state, int number) {
        return config.dialect() == Dialect.MYSQL ? MYSQL_DENIED.contains(number) : state.equals("42501");
    }

    private StorageException denied(String state, Exception failure) {
        String user = config.connection().user().orElse(System.getProperty("user.name"));
        if (state.startsWith("28")) {
            return new AuthenticationFailedException(
                    problem("the database refuses user '" + user + "'")
                            .remedy("correct user and password; what this user may do is up to the database's owner"),
                    failure);
        }
        return new AuthenticationFailedException(
                table("user '" + user + "' may not read it").remedy("grant this user SELECT on the table"), failure);
    }

    private static boolean isTimeOut(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Returns the exception in the chain that the server or the client library made, as others only wrap it. */
    private static @Nullable SQLException telling(Throwable failure) {
        SQLException found = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && (found == null || e.getSQLState() != null)) {
                found = e;
            }
        }
        return found;
    }

    private String message(Throwable failure) {
        Throwable telling = Optional.<Throwable>ofNullable(telling(failure)).orElse(failure);
        String text = String.valueOf(telling.getMessage()).replaceAll("\\s+", " ");
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return config.connection()
                .password()
                .filter(password -> !password.isEmpty())
                .map(password -> shown.replace(password, "***"))
                .orElse(shown);
    }

    private Problem problem(String summary) {
        return Problem.in(driverId, summary).at(place);
    }

    private Problem table(String summary) {
        return Problem.in(driverId, summary).at(place + "/" + shownTable());
    }

    private String shownTable() {
        return config.dialect() == Dialect.POSTGRESQL ? config.schema() + "." + config.table() : config.table();
    }

    ConnectionFailedException snapshotLost() {
        return new ConnectionFailedException(problem("the transaction of the listing was over before the reading came")
                .remedy("it is listed again"));
    }

    ConnectionFailedException interrupted() {
        return new ConnectionFailedException(problem("interrupted while reading the table"));
    }

    WatchException listenFailed(Exception cause) {
        return new WatchException(
                problem("the connection that listens for notifications has ended: " + message(cause)), cause);
    }
}
