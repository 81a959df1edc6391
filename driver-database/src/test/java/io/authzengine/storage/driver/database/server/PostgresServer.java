package io.authzengine.storage.driver.database.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real PostgreSQL. Roles called {@code reader…} must give their password; its own user {@code postgres} is believed without.
 * Thread-safe.
 */
public final class PostgresServer extends DatabaseServer {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final class Shared {
        static final PostgresServer SERVER = new PostgresServer(ServerDirectory.freePort(), Map.of());
        /** Keeps the threads alive that PostgreSQL's client has for all connections, so that no test sees them come or go. */
        static final Connection KEPT = SERVER.connect("postgres");
    }

    private final Path data = ServerDirectory.data("postgres");
    private final Map<String, String> settings;
    private EmbeddedPostgres running; // Guarded by this, as is stopped.
    private boolean stopped;

    private PostgresServer(int port, Map<String, String> settings) {
        super("postgresql", port, "postgres", "postgres-password");
        this.settings = new TreeMap<>(settings);
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
        return startAnother(Map.of());
    }

    /** Starts a server of one's own with some of its settings different. */
    public static PostgresServer startAnother(Map<String, String> settings) {
        return new PostgresServer(ServerDirectory.freePort(), settings);
    }

    private EmbeddedPostgres launch() {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setPort(port())
                    .setOverrideWorkingDirectory(
                            ServerDirectory.programs("postgres-programs").toFile())
                    .setDataDirectory(data)
                    .setDataDirectoryCustomizer(PostgresServer::askReadersForPasswords)
                    .setCleanDataDirectory(false)
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "100")
                    .setPGStartupWait(LIMIT);
            settings.forEach(builder::setServerConfig);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void askReadersForPasswords(File directory) {
        Path rules = directory.toPath().resolve("pg_hba.conf");
        try {
            String all = Files.readString(rules);
            String first = "host all /^reader 127.0.0.1/32 scram-sha-256\n";
            if (!all.startsWith(first)) {
                Files.writeString(rules, first + all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
