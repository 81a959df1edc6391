package io.authzengine.storage.driver.http;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All calls to the JDK's client: one request, one answer. Knows nothing of policies. */
final class Transport implements AutoCloseable {
    /** A silence is noticed at most this part of it late. */
    private static final int SLICES = 4;

    /** What comes with a document, or with how it differs from another: 200 OK, 226 IM Used. */
    private static final Set<Integer> WITH_BODY = Set.of(200, 226);

    /** The client sends it to the proxy and to nobody behind it. */
    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private final HttpConfig config;
    private final StorageContext context;
    private final HttpErrors errors;
    private final TlsFiles tls;
    // Both written by the loop's calls, which follow one another, and by close, which may come from any thread.
    private volatile @Nullable HttpClient client;
    private volatile List<String> stamp = List.of();
    private volatile boolean closed;

    Transport(HttpConfig config, StorageContext context, HttpErrors errors) {
        this.config = config;
        this.context = context;
        this.errors = errors;
        this.tls = new TlsFiles(config.tls());
    }

    /** What is asked of a server. */
    record Request(String method, URI url, Map<String, String> headers) {}

    /**
     * Makes one request and waits for its answer. Follows no redirection.
     *
     * @param maxBytes most bytes of a body; only an answer 200 or 226 has any
     */
    Answer send(Request request, boolean trusted, long maxBytes) {
        AtomicLong progress = new AtomicLong();
        Function<HttpResponse.ResponseInfo, BodySubscriber<byte[]>> body = info -> {
            progress.incrementAndGet();
            return WITH_BODY.contains(info.statusCode()) && request.method().equals("GET")
                    ? new BoundedBody(maxBytes, progress)
                    : new NoBody();
        };
        CompletableFuture<HttpResponse<byte[]>> future = client().sendAsync(build(request, trusted), body::apply);
        return new Answer(await(request.url(), future, progress));
    }

    /** Begins a request whose answer is taken in by {@code body} as it comes; for hints, which nobody waits for. */
    CompletableFuture<HttpResponse<@Nullable Void>> begin(
            Request request, HttpResponse.BodyHandler<@Nullable Void> body) {
        boolean trusted =
                Urls.origin(request.url()).equals(Urls.origin(config.urls().get(0)));
        return client().sendAsync(build(request, trusted), body);
    }

    private HttpRequest build(Request request, boolean trusted) {
        requirePublic(request.url());
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.url())
                .method(request.method(), BodyPublishers.noBody())
                .version(
                        config.network().http2() && Urls.isSecure(request.url())
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1);
        request.headers().forEach(builder::setHeader);
        try {
            if (trusted) {
                config.credentials().forRequest().ifPresent(header -> set(builder, request.url(), header));
            }
            Credentials forProxy =
                    config.network().proxy().map(HttpConfig.Proxy::credentials).orElse(Credentials.NONE);
            forProxy.forRequest()
                    .map(header -> new Credentials.Header(PROXY_AUTHORIZATION, header.value()))
                    .ifPresent(header -> set(builder, request.url(), header));
        } catch (IOException e) {
            throw errors.noCredentials(request.url(), e);
        }
        return builder.build();
    }

    private void requirePublic(URI url) {
        if (!config.network().allowPrivate() && PrivateAddresses.isPrivate(url)) {
            throw errors.unacceptable(
                    url,
                    "the host has an address of a private network, and 'allowPrivate' is false",
                    "use a public host, or allow it");
        }
    }

    private void set(HttpRequest.Builder builder, URI url, Credentials.Header header) {
        try {
            builder.setHeader(header.name(), header.value());
        } catch (IllegalArgumentException e) {
            // The client's own message would show the secret.
            throw errors.noCredentials(url, new IOException("a character that no header can hold"));
        }
    }

    private <T> T await(URI url, CompletableFuture<T> future, AtomicLong progress) {
        Duration timeout = config.timing().timeout();
        long slice = Math.max(1, timeout.toNanos() / SLICES);
        long seen = 0;
        int silent = 0;
        while (true) {
            try {
                return future.get(slice, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long now = progress.get();
                silent = now == seen ? silent + 1 : 0;
                seen = now;
                if (silent == SLICES) {
                    future.cancel(true);
                    throw errors.silent(url, timeout);
                }
            } catch (InterruptedException e) {
                future.cancel(true);
                Thread.currentThread().interrupt();
                throw errors.interrupted(url, e);
            } catch (ExecutionException e) {
                throw failed(url, e.getCause() == null ? e : e.getCause());
            }
        }
    }

    private StorageException failed(URI url, Throwable cause) {
        for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
            if (reason instanceof BoundedBody.TooLarge) {
                return errors.unacceptable(
                        url, "the answer has " + reason.getMessage(), "publish less, or raise 'maxBytes'", cause);
            }
        }
        return errors.failed(url, cause);
    }

    /** Returns the client; another one if the files of {@code tls} have changed. */
    private synchronized HttpClient client() {
        if (closed) {
            throw new IllegalStateException("the transport is closed");
        }
        HttpClient known = client;
        try {
            List<String> now = tls.stamp();
            if (known == null || !now.equals(stamp)) {
                known = newClient();
                client = known;
                stamp = now;
            }
            return known;
        } catch (IOException | GeneralSecurityException e) {
            throw errors.badTls("the settings of TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private HttpClient newClient() throws IOException, GeneralSecurityException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.timing().timeout())
                .executor(context.workers())
                .sslContext(tls.context())
                .proxy(config.network()
                        .proxy()
                        .map(proxy -> ProxySelector.of(proxy.address()))
                        .orElse(HttpClient.Builder.NO_PROXY));
        return builder.build();
    }

    /** Lets go of the client; its last thread ends when it finds out, since Java 21 at once. */
    @Override
    public synchronized void close() {
        closed = true;
        HttpClient closing = client;
        client = null;
        if (closing != null) {
            ClientEnd.end(closing);
        }
    }
}
