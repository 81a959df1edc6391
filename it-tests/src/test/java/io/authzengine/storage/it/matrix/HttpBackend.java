package io.authzengine.storage.it.matrix;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.authzengine.storage.bundle.Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A bundle behind a URL that wants a token. */
final class HttpBackend implements BackendUnderTest {
    private static final String TOKEN = "token-of-the-http-driver";
    private static final int THREADS = 4;

    static {
        // Without it each answer waits 40 ms for the acknowledgement of its header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** A document as it is served. */
    private static final class Served {
        final byte[] body;
        final String etag;

        Served(byte[] body, String etag) {
            this.body = body;
            this.etag = etag;
        }
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AtomicInteger changes = new AtomicInteger();
    private final Set<Harm> harms = java.util.Collections.synchronizedSet(EnumSet.noneOf(Harm.class));
    private final Wire wire;
    private volatile Served served = new Served(new byte[0], "\"0\"");
    private final int port;
    private HttpServer server;

    private HttpBackend() throws IOException {
        server = listen(0);
        port = server.getAddress().getPort();
        wire = Wire.to(port);
    }

    static HttpBackend start(Path directory) throws IOException {
        return new HttpBackend();
    }

    private HttpServer listen(int at) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
        listening.setExecutor(threads);
        listening.createContext("/", this::handle);
        listening.start();
        return listening;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Served now = served;
            String wanted = harms.contains(Harm.REVOKED) ? "Bearer another-token" : "Bearer " + TOKEN;
            exchange.getResponseHeaders().set("ETag", now.etag);
            if (harms.contains(Harm.BUSY)) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                exchange.sendResponseHeaders(503, -1);
            } else if (!wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (harms.contains(Harm.GONE)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (now.etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                byte[] body = harms.contains(Harm.CUT_SHORT) ? Arrays.copyOf(now.body, now.body.length / 2) : now.body;
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public String settings() {
        return """
                type: http
                id: endpoint
                urls: ["http://localhost:%d/policies.tar.gz"]
                pollInterval: 1s
                timeout: 5s
                callTimeout: 10s
                auth: {bearer: %s}
                """.formatted(wire.port(), TOKEN);
    }

    @Override
    public void publish(Map<String, String> documents) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        documents.forEach((name, text) -> entries.put(name, text.getBytes(StandardCharsets.UTF_8)));
        served = new Served(Bundle.write(entries), "\"" + changes.incrementAndGet() + "\"");
    }

    @Override
    public Optional<Wire> wire() {
        return Optional.of(wire);
    }

    @Override
    public void harm(Harm harm) {
        if (harm == Harm.KILLED) {
            server.stop(0);
        }
        harms.add(harm);
    }

    @Override
    public void heal(Harm harm) throws IOException {
        harms.remove(harm);
        if (harm == Harm.KILLED) {
            server = listen(port);
        }
    }

    @Override
    public List<String> secrets() {
        return List.of(TOKEN);
    }

    @Override
    public void close() {
        wire.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
