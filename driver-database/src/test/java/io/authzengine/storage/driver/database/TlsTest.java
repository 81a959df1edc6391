package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.database.server.Certificate;
import io.authzengine.storage.driver.database.server.MariadbServer;
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.testkit.SamplePolicies;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers with a certificate for the name {@code localhost}, and users that have to come by TLS, or to show a certificate too. */
final class TlsTest {
    /** PostgreSQL's client also prints why it refuses a certificate, which is what is wanted here. */
    private static final Logger LOUD = Logger.getLogger("org.postgresql");

    private static final Certificate CERTIFICATE = Certificate.shared();

    /** The client libraries, each with the files it takes. */
    enum Library {
        POSTGRES,
        MARIADB,
        MYSQL;

        TlsSettings trusting() {
            return new TlsSettings(
                    TlsSettings.Mode.VERIFY, Optional.of(ca()), Optional.empty(), Optional.empty(), password());
        }

        TlsSettings showing() {
            boolean pem = this == POSTGRES;
            return new TlsSettings(
                    TlsSettings.Mode.VERIFY,
                    Optional.of(ca()),
                    pem ? Optional.of(CERTIFICATE.pem()) : Optional.empty(),
                    Optional.of(pem ? CERTIFICATE.key() : CERTIFICATE.keyStore()),
                    password());
        }

        private Optional<String> password() {
            return this == POSTGRES ? Optional.empty() : Optional.of(Certificate.PASSWORD);
        }

        private Path ca() {
            return this == MYSQL ? CERTIFICATE.trustStore() : CERTIFICATE.pem();
        }

        Tables make() throws SQLException {
            Tables tables = Tables.shipped(this == POSTGRES ? PostgresServer.shared() : MariadbServer.shared());
            if (this == POSTGRES) {
                tables.execute(
                        "CREATE ROLE encrypted LOGIN",
                        "CREATE ROLE certified LOGIN",
                        "GRANT SELECT ON policies TO encrypted, certified");
            } else {
                tables.execute(
                        "CREATE OR REPLACE USER encrypted IDENTIFIED BY 'any' REQUIRE SSL",
                        "CREATE OR REPLACE USER certified IDENTIFIED BY 'any' REQUIRE X509",
                        "GRANT SELECT ON policies TO encrypted, certified");
            }
            return tables;
        }
    }

    @BeforeAll
    static void hush() {
        LOUD.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOUD.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void aServerHasToProveWhoItIsUnlessItNeedNotAndSoHasAClient(Library library) throws Exception {
        Tables tables = library.make();
        tables.put("album", SamplePolicies.resource("album"));
        TlsSettings any = new TlsSettings(
                TlsSettings.Mode.INSECURE, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        loads(library, tables, "localhost", "encrypted", library.trusting());
        loads(library, tables, "127.0.0.1", "encrypted", any);
        loads(library, tables, "localhost", "certified", library.showing());
        assertThatThrownBy(() -> connects(library, tables, "127.0.0.1", "encrypted", library.trusting()))
                .hasMessageContaining("SD-001");
        if (library == Library.MARIADB) { // Whose server may prove instead that it knows the password.
            loads(library, tables, "localhost", "encrypted", TlsSettings.VERIFIED);
        } else {
            assertThatThrownBy(() -> connects(library, tables, "localhost", "encrypted", TlsSettings.VERIFIED))
                    .hasMessageContaining("SD-001");
        }
        assertThatThrownBy(() -> connects(library, tables, "localhost", "encrypted", TlsSettings.OFF))
                .hasMessageContaining("SD-002");
        assertThatThrownBy(() -> connects(library, tables, "localhost", "certified", library.trusting()))
                .hasMessageContaining("SD-002");
    }

    /** A driver would try again for a while. */
    private static void connects(Library library, Tables tables, String host, String user, TlsSettings tls) {
        DatabaseConfig config = config(library, tables, host, user, tls);
        try (Connection connection = new Connector(config).single(Duration.ofSeconds(20))) {
            assertThat(connection.getAutoCommit()).isTrue();
        } catch (SQLException e) {
            throw new DatabaseErrors(config).translate("connecting", e);
        }
    }

    private static void loads(Library library, Tables tables, String host, String user, TlsSettings tls) {
        try (Running running = new Running(config(library, tables, host, user, tls))) {
            running.driver().init();
            assertThat(running.texts()).containsOnlyKeys("album");
        }
    }

    private static DatabaseConfig config(Library library, Tables tables, String host, String user, TlsSettings tls) {
        ConnectionSettings connection = new ConnectionSettings(
                host + ":" + tables.server().port(),
                tables.database(),
                Optional.of(user),
                Optional.of("any"),
                tls,
                library == Library.MARIADB ? ConnectionSettings.Client.MARIADB : ConnectionSettings.Client.ANY,
                Map.of());
        Dialect dialect = library == Library.POSTGRES ? Dialect.POSTGRESQL : Dialect.MYSQL;
        return DatabaseConfig.of(dialect, connection).withoutNotify();
    }
}
