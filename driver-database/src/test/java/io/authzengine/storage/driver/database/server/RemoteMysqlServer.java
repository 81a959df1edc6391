package io.authzengine.storage.driver.database.server;

import java.net.URI;
import java.util.Objects;

/** A MySQL that runs somewhere, named by the environment variable {@code AUTHZ_TEST_MYSQL} as {@code mysql://user:password@host:port}. */
public final class RemoteMysqlServer extends DatabaseServer {
    /** The environment variable. */
    public static final String VARIABLE = "AUTHZ_TEST_MYSQL";

    private RemoteMysqlServer(URI uri, String user, String password) {
        super("mysql", uri.getPort(), user, password);
        if (!"127.0.0.1".equals(uri.getHost())) {
            throw new IllegalArgumentException(
                    VARIABLE + ": expected a server on 127.0.0.1, as tests create databases");
        }
    }

    /** Returns the server that the environment names. */
    public static RemoteMysqlServer fromEnvironment() {
        URI uri = URI.create(Objects.requireNonNull(System.getenv(VARIABLE), VARIABLE));
        String user = uri.getUserInfo();
        int colon = user.indexOf(':');
        return new RemoteMysqlServer(uri, user.substring(0, colon), user.substring(colon + 1));
    }

    @Override
    String jdbcUrl(String database) {
        return super.jdbcUrl(database) + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
    }

    @Override
    public String url(String database) {
        return super.url(database) + "?allowPublicKeyRetrieval=true";
    }

    @Override
    public void stop() {
        throw new IllegalStateException("it is not ours to stop");
    }

    @Override
    public void start() {
        throw new IllegalStateException("it is not ours to start");
    }
}
