package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.authzengine.storage.server.Policies;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
    private static final String PASSWORD = "changeit-0";

    private final Path directory;
    private final Served served;

    TlsTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        // One pair of keys for both ends: each trusts what it shows itself.
        run(
                "-genkeypair",
                "-alias",
                "us",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-keystore",
                "keys.p12");
        run("-exportcert", "-alias", "us", "-file", "us.crt", "-keystore", "keys.p12");
        run("-importcert", "-noprompt", "-alias", "us", "-file", "us.crt", "-keystore", "trusted.p12");
        TlsSettings tls = new TlsSettings(
                directory.resolve("keys.p12"),
                PASSWORD,
                Optional.of(directory.resolve("trusted.p12")),
                PASSWORD,
                Right.READ);
        AccessSettings access = new AccessSettings(List.of(), Optional.of(tls), List.of(), 1_000);
        served = new Served(directory, "", Duration.ofSeconds(15), access);
        served.policies.with("album.yaml", Policies.resource("album", "view"));
        served.store.start();
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private HttpClient client(boolean withCertificate) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store("keys.p12"), PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store("trusted.p12"));
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(withCertificate ? keys.getKeyManagers() : null, trusted.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    private KeyStore store(String name) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    @Test
    void letsInWhoHasACertificateAndNobodyElse() throws Exception {
        assertThat(served.server.url()).startsWith("https://127.0.0.1:");
        HttpResponse<String> status =
                client(true).send(served.request("/api/status").build(), BodyHandlers.ofString());
        assertThat(status.statusCode()).as(status.body()).isEqualTo(200);
        JsonNode json = Served.json(status);
        assertThat(json.path("rights").toString()).isEqualTo("[\"read\"]");
        HttpResponse<String> pin = client(true)
                .send(served.request("/api/pin").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(pin.statusCode()).isEqualTo(403);
        assertThat(pin.body()).contains("CN=localhost");
        assertThatThrownBy(
                        () -> client(false).send(served.request("/api/status").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }
}
