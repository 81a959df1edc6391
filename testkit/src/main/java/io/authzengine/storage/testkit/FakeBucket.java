package io.authzengine.storage.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the fakes of object stores have in common: objects, a server, and what can be done to it. */
final class FakeBucket implements AutoCloseable {
    private static final String THREADS = "fake-store-";

    final Map<String, FakeObject> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong generations = new AtomicLong(1_700_000_000_000_000L);
    private final HttpServer server;
    private final ExecutorService threads;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean down;
    private volatile int refusal;
    private volatile int pause;

    /** An object at one generation. */
    static final class FakeObject {
        final byte[] bytes;
        final String encoding;
        final long generation;
        final Instant modified = Instant.ofEpochSecond(1_700_000_000L);

        FakeObject(byte[] bytes, String encoding, long generation) {
            this.bytes = bytes;
            this.encoding = encoding;
            this.generation = generation;
        }
    }

    /** Answers one request; told the status to refuse with, or 0. */
    interface Answering {
        void answer(HttpExchange exchange, int refusal) throws IOException;
    }

    FakeBucket(Answering answering) {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        AtomicInteger count = new AtomicInteger();
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, THREADS + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        HttpHandler handler = exchange -> {
            requests.incrementAndGet();
            if (down) {
                exchange.close();
                return;
            }
            if (refusal != 0 && pause > 0) {
                exchange.getResponseHeaders().set("Retry-After", "" + pause);
            }
            answering.answer(exchange, refusal);
            sent.addAndGet(sent(exchange));
            // Closing the exchange itself would end the connection.
            exchange.getResponseBody().close();
        };
        server.createContext("/", handler);
        server.setExecutor(threads);
        server.start();
    }

    static boolean isThread(Thread thread) {
        return thread.getName().startsWith(THREADS);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void put(String key, byte[] bytes, String encoding) {
        objects.put(key, new FakeObject(bytes, encoding, generations.incrementAndGet()));
    }

    void down(boolean now) {
        down = now;
    }

    void refuse(int status, int retryAfterSeconds) {
        refusal = status;
        pause = retryAfterSeconds;
    }

    private static long sent(HttpExchange exchange) {
        String length = exchange.getResponseHeaders().getFirst("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    int requests() {
        return requests.get();
    }

    long sent() {
        return sent.get();
    }

    /** Returns the keys of a page, and the key at which the next begins if there is one. */
    List<String> page(String prefix, String from, int most) {
        List<String> keys = new ArrayList<>();
        for (String key : objects.keySet()) {
            if (key.startsWith(prefix) && key.compareTo(from) >= 0) {
                keys.add(key);
                if (keys.size() > most) {
                    break;
                }
            }
        }
        return keys;
    }

    static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            query.put(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean empty = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty || body.length == 0 ? -1 : body.length);
        if (!empty && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
