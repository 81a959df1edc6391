package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate that it made itself, for the name {@code localhost} and no other. */
final class TlsTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void aServerHasToProveWhoItIsUnlessItNeedNot() throws Exception {
        makeCertificate();
        PostgresServer server = PostgresServer.startAnother(Map.of(
                "ssl", "on",
                "ssl_cert_file", directory.resolve("cert.pem").toString(),
                "ssl_key_file", directory.resolve("key.pem").toString()));
        try {
            Tables tables = Tables.shipped(server);
            tables.put("album", SamplePolicies.resource("album"));
            TlsSettings trusting = TlsSettings.VERIFIED.withCa(directory.resolve("cert.pem"));
            loads(tables, "localhost", trusting);
            loads(
                    tables,
                    "127.0.0.1",
                    new TlsSettings(
                            TlsSettings.Mode.INSECURE,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
            assertThatThrownBy(() -> loads(tables, "127.0.0.1", trusting)).hasMessageContaining("SD-001");
            assertThatThrownBy(() -> loads(tables, "localhost", TlsSettings.VERIFIED))
                    .hasMessageContaining("SD-001");
        } finally {
            server.stop();
        }
    }

    private static void loads(Tables tables, String host, TlsSettings tls) {
        ConnectionSettings connection = ConnectionSettings.of(
                        host + ":" + tables.server().port(),
                        tables.database(),
                        tables.server().user(),
                        "any")
                .withTls(tls);
        try (Running running =
                new Running(DatabaseConfig.of(Dialect.POSTGRESQL, connection).withoutNotify())) {
            running.driver().init();
            assertThat(running.texts()).containsOnlyKeys("album");
            assertThat(tables.server()
                            .query(
                                    tables.database(),
                                    "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                                            + " WHERE ssl AND application_name = 'authz-storage'"))
                    .isNotEqualTo(java.util.List.of("0"));
        }
    }

    private void makeCertificate() throws Exception {
        Path store = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        write("cert.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
        write(
                "key.pem",
                "PRIVATE KEY",
                keys.getKey("server", "changeit".toCharArray()).getEncoded());
    }

    private void write(String name, String what, byte[] encoded) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Path file = Files.writeString(
                directory.resolve(name), "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
