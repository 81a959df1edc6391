package io.authzengine.storage.driver.database.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;

/**
 * A real PostgreSQL. Roles called {@code reader…} must give their password, {@code encrypted} must come by TLS and {@code certified} show
 * the {@link Certificate} as well; its own user {@code postgres} is believed without. Thread-safe.
 */
public final class PostgresServer extends DatabaseServer {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final class Shared {
        static final PostgresServer SERVER = startAnother();
        /** Keeps the threads alive that PostgreSQL's client has for all connections, so that no test sees them come or go. */
        static final Connection KEPT = SERVER.connect("postgres");
    }

    private final Path data = ServerDirectory.data("postgres");
    private EmbeddedPostgres running; // Guarded by this, as is stopped.
    private boolean stopped;

    private PostgresServer(int port) {
        super("postgresql", port, "postgres", "postgres-password");
        this.running = launch();
    }

    /** Returns the server that all tests of this JVM share; do not stop it. */
    public static PostgresServer shared() {
        if (Shared.KEPT == null) {
            throw new IllegalStateException("there is a connection while there is a server");
        }
        return Shared.SERVER;
    }

    /** Starts a server of one's own, for tests that stop it. */
    public static PostgresServer startAnother() {
        return new PostgresServer(ServerDirectory.freePort());
    }

    private EmbeddedPostgres launch() {
        try {
            Certificate certificate = Certificate.shared();
            return EmbeddedPostgres.builder()
                    .setPort(port())
                    .setOverrideWorkingDirectory(
                            ServerDirectory.programs("postgres-programs").toFile())
                    .setDataDirectory(data)
                    .setDataDirectoryCustomizer(PostgresServer::addRules)
                    .setCleanDataDirectory(false)
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("ssl", "on")
                    .setServerConfig("ssl_cert_file", certificate.pem().toString())
                    .setServerConfig("ssl_key_file", certificate.key().toString())
                    .setServerConfig("ssl_ca_file", certificate.pem().toString())
                    .setPGStartupWait(LIMIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addRules(File directory) {
        Path rules = directory.toPath().resolve("pg_hba.conf");
        try {
            String all = Files.readString(rules);
            String first = """
                    host all /^reader 127.0.0.1/32 scram-sha-256
                    hostssl all encrypted samehost trust
                    hostssl all certified samehost trust clientcert=verify-ca
                    host all encrypted,certified samehost reject
                    """;
            if (!all.startsWith(first)) {
                Files.writeString(rules, first + all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    String jdbcUrl(String database) {
        return super.jdbcUrl(database) + "?sslmode=disable";
    }

    @Override
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        try {
            running.close();
            stopped = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void start() {
        if (stopped) {
            running = launch();
            stopped = false;
        }
    }
}
