package io.authzengine.storage.it.matrix;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.authzengine.storage.driver.blob.s3.remote.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An S3Proxy, and in its place, while it is to have too much to do, a server that says so to everybody. */
final class S3Store implements ObjectStore {
    private static final byte[] SLOW_DOWN =
            "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
                    .getBytes(StandardCharsets.UTF_8);

    private final S3Server server = S3Server.start();
    private final HttpServer busy;
    private boolean isBusy;

    S3Store() throws IOException {
        server.make(BucketBackend.BUCKET);
        busy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        busy.createContext("/", S3Store::slowDown);
        busy.start();
    }

    private static void slowDown(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(503, SLOW_DOWN.length);
            exchange.getResponseBody().write(SLOW_DOWN);
        }
    }

    @Override
    public int port() {
        return isBusy ? busy.getAddress().getPort() : server.endpoint().getPort();
    }

    @Override
    public String credentials(int port) {
        return "accessKeyId: %s, secretAccessKey: %s, endpoint: 'http://127.0.0.1:%d'"
                .formatted(S3Server.KEY, S3Server.SECRET, port);
    }

    @Override
    public void put(String key, byte[] bytes) {
        server.put(BucketBackend.BUCKET, key, bytes);
    }

    @Override
    public void remove(String key) {
        server.remove(BucketBackend.BUCKET, key);
    }

    @Override
    public void harm(Harm harm) {
        if (harm == Harm.KILLED) {
            server.down();
        } else if (harm == Harm.REVOKED) {
            server.revoke("secret-of-another");
        } else {
            isBusy = true;
        }
    }

    @Override
    public void heal(Harm harm) {
        isBusy = false;
        server.up();
    }

    @Override
    public List<String> secrets() {
        return List.of(S3Server.SECRET);
    }

    @Override
    public void close() {
        busy.stop(0);
        server.close();
    }
}
