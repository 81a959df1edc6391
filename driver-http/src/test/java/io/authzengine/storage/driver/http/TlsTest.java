package io.authzengine.storage.driver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final String PATH = "/policy.yaml";

    @TempDir
    static Path directory;

    private static Identity localhost;
    private static Identity elsewhere;
    private static Identity client;

    @BeforeAll
    static void identities() {
        localhost = Identity.of(directory, "server", "localhost");
        elsewhere = Identity.of(directory, "elsewhere", "elsewhere.example");
        client = Identity.of(directory, "client", "client.example");
    }

    private static HttpConfig.Tls trusting(Identity authority, String... pins) {
        return new HttpConfig.Tls(Optional.of(authority.certificate), Optional.empty(), Optional.empty(), Set.of(pins));
    }

    private static DocumentServer serving(Identity identity) {
        DocumentServer server = DocumentServer.startTls(identity.serving(List.of()), false);
        server.serve(PATH, Driven.album("view"));
        return server;
    }

    private static void loads(DocumentServer server, HttpConfig.Tls tls) {
        try (Driven driven = Driven.at(server.url(PATH), config -> config.withTls(tls))) {
            assertThat(driven.force()).isTrue();
        }
    }

    private static void isRefused(DocumentServer server, HttpConfig.Tls tls) {
        try (Driven driven = Driven.at(server.url(PATH), config -> config.withTls(tls))) {
            assertThatThrownBy(driven::force)
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageContaining("check 'tls'");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void anAuthorityOfOnesOwnIsTrustedAndNoOther() {
        try (DocumentServer server = serving(localhost)) {
            loads(server, trusting(localhost));
            server.asked();
            isRefused(server, HttpConfig.Tls.SYSTEM);
            isRefused(server, trusting(elsewhere));
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        try (DocumentServer server = serving(elsewhere)) {
            isRefused(server, trusting(elsewhere));
        }
    }

    @Test
    void aPinnedKeyIsRequiredBesides() throws Exception {
        try (DocumentServer server = serving(localhost)) {
            String pin = PinnedTrust.pin(localhost.x509());
            loads(server, trusting(localhost, pin));
            server.asked();
            isRefused(server, trusting(localhost, PinnedTrust.pin(elsewhere.x509())));
            isRefused(server, new HttpConfig.Tls(Optional.empty(), Optional.empty(), Optional.empty(), Set.of(pin)));
        }
    }

    @Test
    void aServerThatWantsToKnowWhoAsksIsTold() {
        try (DocumentServer server = DocumentServer.startTls(localhost.serving(List.of(client)), true)) {
            server.serve(PATH, Driven.album("view"));
            turnsAway(server, trusting(localhost));
            turnsAway(server, proving(elsewhere));
            assertThat(server.asked()).isEmpty();
            loads(server, proving(client));
        }
    }

    /** Since TLS 1.3 a server may refuse after the handshake, and then its reason can be lost with the connection. */
    private static void turnsAway(DocumentServer server, HttpConfig.Tls tls) {
        try (Driven driven = Driven.at(server.url(PATH), config -> config.withTls(tls))) {
            assertThatThrownBy(driven::force)
                    .isInstanceOfAny(AuthenticationFailedException.class, ConnectionFailedException.class);
        }
    }

    private static HttpConfig.Tls proving(Identity identity) {
        return new HttpConfig.Tls(
                Optional.of(localhost.certificate),
                Optional.of(identity.certificate),
                Optional.of(identity.key),
                Set.of());
    }

    @Test
    void aTunnelThroughAProxyIsAskedForWithThePasswordWhichTheServerNeverSees() {
        try (DocumentServer server = serving(localhost);
                TunnelProxy proxy = TunnelProxy.to(server.port(), "me:open")) {
            try (Driven driven = Driven.at(server.url(PATH), config -> through(proxy, config, "open"))) {
                assertThat(driven.force()).isTrue();
            }
            assertThat(proxy.tunnels()).isPositive();
            assertThat(server.asked())
                    .isNotEmpty()
                    .allMatch(asked -> asked.header("Proxy-Authorization").isEmpty());
            try (Driven driven = Driven.at(server.url(PATH), config -> through(proxy, config, "sesame"))) {
                assertThatThrownBy(driven::force)
                        .isInstanceOf(AuthenticationFailedException.class)
                        .hasMessageContaining("proxyAuth");
            }
            assertThat(server.asked()).isEmpty();
        }
    }

    private static HttpConfig through(TunnelProxy proxy, HttpConfig config, String password) {
        HttpConfig.Proxy through =
                new HttpConfig.Proxy(proxy.address(), Credentials.basic("me", Credentials.Secret.of(password)));
        return config.withTls(trusting(localhost))
                .withNetwork(new HttpConfig.Network(true, Optional.of(through), true, 5, Set.of()));
    }

    @Test
    void filesThatAreReplacedAreReadAgain() throws IOException {
        Path authority = Files.copy(elsewhere.certificate, directory.resolve("ca.crt"));
        HttpConfig.Tls tls = new HttpConfig.Tls(Optional.of(authority), Optional.empty(), Optional.empty(), Set.of());
        try (DocumentServer server = serving(localhost);
                Driven driven = Driven.at(server.url(PATH), config -> config.withTls(tls))) {
            assertThatThrownBy(driven::force).isInstanceOf(AuthenticationFailedException.class);
            Files.copy(localhost.certificate, authority, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(authority, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
            assertThat(driven.force()).isTrue();
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
        try (DocumentServer server = serving(localhost)) {
            for (HttpConfig.Tls tls : List.of(
                    new HttpConfig.Tls(Optional.of(nonsense), Optional.empty(), Optional.empty(), Set.of()),
                    new HttpConfig.Tls(
                            Optional.empty(), Optional.of(client.certificate), Optional.of(nonsense), Set.of()),
                    new HttpConfig.Tls(
                            Optional.of(directory.resolve("missing.pem")),
                            Optional.empty(),
                            Optional.empty(),
                            Set.of()))) {
                try (Driven driven = Driven.at(server.url(PATH), config -> config.withTls(tls))) {
                    assertThatThrownBy(driven::force)
                            .isInstanceOf(AuthenticationFailedException.class)
                            .hasMessageContaining(".pem");
                }
            }
        }
    }

    @Test
    void http2IsSpokenWhereTheServerOffersIt() throws Exception {
        String[] spoken = new String[1];
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer());
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(localhost.serving(List.of()));
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        ServerConnector connector = new ServerConnector(
                server,
                new SslConnectionFactory(tls, "alpn"),
                alpn,
                new HTTP2ServerConnectionFactory(http),
                new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                spoken[0] = request.getConnectionMetaData().getProtocol();
                Content.Sink.write(response, true, Driven.album("view"), callback);
                return true;
            }
        });
        server.start();
        java.net.URI url = java.net.URI.create("https://localhost:" + connector.getLocalPort() + PATH);
        try (Driven two = Driven.at(url, config -> config.withTls(trusting(localhost)));
                Driven one = Driven.at(
                        url,
                        config -> config.withTls(trusting(localhost))
                                .withNetwork(new HttpConfig.Network(false, Optional.empty(), true, 5, Set.of())))) {
            assertThat(two.force()).isTrue();
            assertThat(spoken[0]).isEqualTo("HTTP/2.0");
            assertThat(one.force()).isTrue();
            assertThat(spoken[0]).isEqualTo("HTTP/1.1");
        } finally {
            server.stop();
        }
    }
}
