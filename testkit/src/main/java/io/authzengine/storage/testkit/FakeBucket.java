package io.authzengine.storage.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** What the fakes of object stores have in common: objects, a server, and what can be done to it. Thread-safe. */
public abstract sealed class FakeBucket implements AutoCloseable permits FakeAzure, FakeGcs {
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

    FakeBucket() {
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
            throw new UncheckedIOException(e);
        }
    }

    /** Answers from now on; called once the fake is made. */
    final void serve() {
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        if (down) {
            exchange.close();
            return;
        }
        if (refusal != 0 && pause > 0) {
            exchange.getResponseHeaders().set("Retry-After", "" + pause);
        }
        answer(exchange, refusal);
        sent.addAndGet(sent(exchange));
        // Closing the exchange itself would end the connection.
        exchange.getResponseBody().close();
    }

    /** Answers one request; told the status to refuse with, or 0. */
    abstract void answer(HttpExchange exchange, int refused) throws IOException;

    final URI origin() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Returns where its API is. */
    public abstract URI url();

    /** Writes an object, stored with {@code Content-Encoding} {@code encoding}, which may be empty. */
    public final void put(String key, byte[] bytes, String encoding) {
        objects.put(key, new FakeObject(bytes, encoding, generations.incrementAndGet()));
    }

    /** Writes an object. */
    public final void put(String key, String text) {
        put(key, text.getBytes(StandardCharsets.UTF_8), "");
    }

    /** Deletes an object. */
    public final void remove(String key) {
        objects.remove(key);
    }

    /** Deletes all objects. */
    public final void clear() {
        objects.clear();
    }

    /** Breaks every connection from now on, without an answer. */
    public final void down() {
        down = true;
    }

    /** Answers {@code status} to everything from now on, with a {@code Retry-After} if it is above 0. */
    public final void refuse(int status, int retryAfterSeconds) {
        refusal = status;
        pause = retryAfterSeconds;
    }

    /** Undoes {@link #down} and {@link #refuse}. */
    public final void up() {
        down = false;
        refuse(0, 0);
    }

    /** Returns how many requests have come. */
    public final int requests() {
        return requests.get();
    }

    /** Returns how many bytes have been answered, without headers. */
    public final long sent() {
        return sent.get();
    }

    /** Returns whether {@code thread} is one of a fake's. */
    public static boolean isThread(Thread thread) {
        return thread.getName().startsWith(THREADS);
    }

    private static long sent(HttpExchange exchange) {
        String length = exchange.getResponseHeaders().getFirst("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    /** Returns the keys of a page, and the key at which the next begins if there is one. */
    final List<String> page(String prefix, String from, int most) {
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
    public final void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
