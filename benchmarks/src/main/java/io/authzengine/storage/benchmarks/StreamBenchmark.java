package io.authzengine.storage.benchmarks;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.server.http.PolicydServer;
import io.authzengine.storage.server.http.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures how soon so many readers of the event stream are told of a change, over loopback, from the call that makes it to the last reader's
 * having it. All readers share one thread with one selector, so that it is the server that is measured.
 */
public final class StreamBenchmark {
    private static final int ROUNDS = 30;
    private static final int WARM_UP = 10;
    private static final long LIMIT_NANOS = 30_000_000_000L;
    private static final String REQUEST = "GET /api/policies/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String POLICY = """
            apiVersion: api.cerbos.dev/v1
            resourcePolicy:
              resource: album
              version: default
              rules:
                - actions: ["a%d"]
                  effect: EFFECT_ALLOW
                  roles: [user]
            """;

    private StreamBenchmark() {}

    /** One reader: how many bytes it has of the event it waits for. */
    private static final class Reader {
        private String seen = "";

        /** Takes what came; returns whether it ends the event of {@code mark}. */
        boolean take(ByteBuffer bytes, String mark) {
            seen += StandardCharsets.UTF_8.decode(bytes);
            int at = seen.indexOf(mark);
            boolean whole = at >= 0 && seen.indexOf("\n\n", at) >= 0;
            if (whole) {
                seen = "";
            }
            return whole;
        }
    }

    /** Runs with the number of readers as the only argument. */
    public static void main(String[] args) throws IOException {
        int readers = Integer.parseInt(args[0]);
        try (Scratch scratch = Scratch.create()) {
            measure(readers, scratch.directory());
        }
    }

    private static void measure(int readers, Path directory) throws IOException {
        Path policy = directory.resolve("album.yaml");
        Files.writeString(policy, POLICY.formatted(0));
        StorageConfig config = Stores.files(directory, "watch: false");
        try (StorageContext context = StorageContext.create("benchmark");
                PolicyStore store = PolicyStore.builder(config).context(context).build();
                PolicydServer server = PolicydServer.start(
                        new ServerSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false),
                        store,
                        context);
                Selector selector = Selector.open()) {
            store.start();
            connect(server, selector, readers);
            await(selector, readers, "policy-version");
            long[] times = new long[ROUNDS];
            for (int i = 0; i < WARM_UP + ROUNDS; i++) {
                Files.writeString(policy, POLICY.formatted(i + 1));
                long begin = System.nanoTime();
                store.checkAndReload();
                await(selector, readers, "event: policy-change");
                if (i >= WARM_UP) {
                    times[i - WARM_UP] = System.nanoTime() - begin;
                }
            }
            Figures.tell("stream.of-" + readers + "-readers", 1, "ms", Sample.millis(times));
            Figures.tell("stream.of-" + readers + "-readers.threads", 1, "threads", Thread.activeCount());
            selector.keys().forEach(StreamBenchmark::close);
        }
    }

    private static void connect(PolicydServer server, Selector selector, int readers) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < readers; i++) {
            SocketChannel channel = SocketChannel.open(server.address());
            request.rewind();
            while (request.hasRemaining()) {
                channel.write(request);
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Reader());
        }
    }

    private static void await(Selector selector, int readers, String mark) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
        long begin = System.nanoTime();
        int told = 0;
        while (told < readers) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                bytes.clear();
                if (((SocketChannel) key.channel()).read(bytes) < 0) {
                    throw new IllegalStateException("a reader was cut off");
                }
                told += ((Reader) key.attachment()).take(bytes.flip(), mark) ? 1 : 0;
            }
            selector.selectedKeys().clear();
            if (System.nanoTime() - begin > LIMIT_NANOS) {
                throw new IllegalStateException(told + " of " + readers + " were told within half a minute");
            }
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
