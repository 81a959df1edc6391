package io.authzengine.storage.driver.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * JGit's way to HTTP over the JDK's client: its calls end when they are interrupted, and its connections stay open from one poll to the
 * next. Credentials go with requests to the configured server alone, wherever that may redirect to.
 */
final class GitHttp implements HttpConnectionFactory {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final GitConfig config;
    private final AtomicLong received = new AtomicLong();
    private volatile int lastStatus; // Written by the looking thread, one look at a time.

    private GitHttp(HttpClient client, GitConfig config) {
        this.client = client;
        this.config = config;
    }

    /** Returns the way to {@code config}'s server; reads the certificates, and connects to nothing. */
    static GitHttp of(GitConfig config, Executor workers) throws IOException {
        Duration timeout = config.limits().timeout();
        HttpClient.Builder client = HttpClient.newBuilder()
                .executor(workers)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout.compareTo(CONNECT_LIMIT) < 0 ? timeout : CONNECT_LIMIT);
        Optional<URI> proxy = config.trust().proxy();
        client.proxy(
                proxy.isEmpty()
                        ? ProxySelector.getDefault()
                        : ProxySelector.of(new InetSocketAddress(
                                proxy.get().getHost(), proxy.get().getPort())));
        if (config.trust().caCertificate().isPresent()) {
            client.sslContext(trusting(config.trust().caCertificate().get()));
        }
        return new GitHttp(client.build(), config);
    }

    private static SSLContext trusting(Path file) throws IOException {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new IOException("caCertificate " + file + " holds no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("caCertificate " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Begins a conversation: counts from nothing what it brings. */
    void begin() {
        lastStatus = 0;
        received.set(0);
    }

    /** Returns the status of the last answer, 0 if there was none since {@link #begin}. */
    int lastStatus() {
        return lastStatus;
    }

    void answered(int status) {
        lastStatus = status;
    }

    /** Counts what comes in. */
    void received(int bytes) throws IOException {
        if (received.addAndGet(bytes) > config.limits().maxRepositorySize()) {
            throw new RepositoryTooLargeException();
        }
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        HttpExchange exchange = new HttpExchange(client, url, config.limits().timeout(), this);
        if (config.auth() instanceof GitAuth.Basic basic && isConfiguredServer(url)) {
            // Read anew for each request, so that a credential that was exchanged is used at once.
            String pair = basic.username() + ":" + basic.password().read();
            exchange.setRequestProperty(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return exchange;
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        return create(url);
    }

    private boolean isConfiguredServer(URL url) {
        try {
            URI configured = new URI(config.remote().toString());
            return url.getProtocol().equalsIgnoreCase(configured.getScheme())
                    && url.getHost()
                            .toLowerCase(Locale.ROOT)
                            .equals(configured.getHost().toLowerCase(Locale.ROOT))
                    && port(url.getPort(), url) == port(configured.getPort(), url);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static int port(int port, URL url) {
        return port < 0 ? url.getDefaultPort() : port;
    }
}
