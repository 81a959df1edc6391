package io.authzengine.storage.driver.database.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/** A running server in which each test has a database of its own. Thread-safe. */
public abstract class DatabaseServer {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String scheme;
    private final int port;
    private final String user;
    private final String password;

    DatabaseServer(String scheme, int port, String user, String password) {
        this.scheme = scheme;
        this.port = port;
        this.user = user;
        this.password = password;
    }

    /** Returns the port on the loopback address. */
    public int port() {
        return port;
    }

    /** Returns a user that may do everything. */
    public String user() {
        return user;
    }

    /** Returns the password of that user. */
    public String password() {
        return password;
    }

    /** Creates an empty database of a new name and returns the name. */
    public String createDatabase() {
        String name = "db" + COUNT.incrementAndGet();
        execute("", "CREATE DATABASE " + name);
        return name;
    }

    /** Returns the URL of {@code database} as a driver's configuration has it. */
    public String url(String database) {
        return scheme + "://" + user + ":" + password + "@127.0.0.1:" + port + "/" + database;
    }

    /** Connects to {@code database}; the caller closes the connection. */
    public Connection connect(String database) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        try {
            return DriverManager.getConnection(jdbcUrl(database), properties);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String jdbcUrl(String database) {
        return "jdbc:" + scheme + "://127.0.0.1:" + port + "/" + database;
    }

    /** Executes statements in {@code database}, each in a transaction of its own. */
    public void execute(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the first column of what {@code query} finds in {@code database}. */
    public List<String> query(String database, String query) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (result.next()) {
                found.add(result.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the server's port free for {@link #start}, by stopping it at once, as a crash does. */
    public abstract void stop();

    /** Starts it again at the same port, with the same data; does nothing if it runs. */
    public abstract void start();
}
