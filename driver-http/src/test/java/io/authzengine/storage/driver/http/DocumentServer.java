package io.authzengine.storage.driver.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.authzengine.storage.policy.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** The JDK's server on a free port: serves documents as a good server does, or whatever it is told, and remembers its requests. */
final class DocumentServer implements AutoCloseable {
    /** Answers a request in a way of its own. */
    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    /** What was asked. */
    record Asked(String method, String path, Map<String, List<String>> headers) {
        String header(String name) {
            Headers all = new Headers();
            all.putAll(headers);
            String value = all.getFirst(name);
            return value == null ? "" : value;
        }
    }

    private static final int THREADS = 8;

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = threads();
    /** All there from the start, so that none is taken for a driver's. */
    private static ExecutorService threads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "test-server");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.prestartAllCoreThreads();
        return threads;
    }

    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private volatile boolean broken;

    private DocumentServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static DocumentServer start() {
        try {
            return new DocumentServer(HttpServer.create(loopback(), 0), "http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DocumentServer startTls(SSLContext context, boolean clientsProveThemselves) {
        try {
            HttpsServer server = HttpsServer.create(loopback(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                    tls.setNeedClientAuth(clientsProveThemselves);
                    parameters.setSSLParameters(tls);
                }
            });
            return new DocumentServer(server, "https");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    URI url(String path) {
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + path);
    }

    int port() {
        return server.getAddress().getPort();
    }

    void on(String path, Handler handler) {
        handlers.put(path, handler);
    }

    /** Serves {@code body} with a strong ETag, and answers 304 where that is right. */
    void serve(String path, byte[] body) {
        String etag = "\"" + Sha256.hex(body).substring(0, 16) + "\"";
        on(path, exchange -> answer(exchange, etag, body));
    }

    void serve(String path, String body) {
        serve(path, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with a status, headers and a body. */
    void answer(String path, int status, Map<String, String> headers, String body) {
        on(path, exchange -> send(exchange, status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static void answer(HttpExchange exchange, String etag, byte[] body) throws IOException {
        String condition = exchange.getRequestHeaders().getFirst("If-None-Match");
        if (condition != null && condition.contains(etag)) {
            send(exchange, 304, Map.of("ETag", etag), new byte[0]);
        } else {
            send(exchange, 200, Map.of("ETag", etag), body);
        }
    }

    static void send(HttpExchange exchange, int status, Map<String, String> headers, byte[] body) throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        boolean bare = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        if (bare && body.length > 0) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, bare ? -1 : body.length);
        if (!bare) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        synchronized (asked) {
            asked.add(new Asked(exchange.getRequestMethod(), path, Map.copyOf(exchange.getRequestHeaders())));
        }
        if (broken) {
            exchange.close();
            return;
        }
        Handler handler = handlers.get(path);
        if (handler == null) {
            send(exchange, 404, Map.of(), new byte[0]);
        } else {
            handler.handle(exchange);
        }
    }

    /** Makes every request break off, or ends that. */
    void broken(boolean breaksOff) {
        broken = breaksOff;
    }

    /** Returns what was asked since the last call. */
    List<Asked> asked() {
        synchronized (asked) {
            List<Asked> all = List.copyOf(asked);
            asked.clear();
            return all;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
