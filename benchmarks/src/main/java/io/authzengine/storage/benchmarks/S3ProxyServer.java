package io.authzengine.storage.benchmarks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * An S3Proxy that keeps in memory what it is given, and lets everyone in. It has a process of its own, as its libraries do not agree
 * with those of the clients. The server of {@code driver-blob-s3}'s tests, run by itself.
 */
final class S3ProxyServer implements AutoCloseable {
    private static final Path CLASS_PATH = Path.of("benchmarks/target/servers/s3proxy.class-path");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int PAUSE_MILLIS = 100;

    private final Process process;
    private final URI endpoint;

    private S3ProxyServer(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Starts one with an empty bucket. */
    static S3ProxyServer start(String bucket) throws IOException, InterruptedException {
        URI endpoint = URI.create("http://127.0.0.1:" + freePort());
        Process process = new ProcessBuilder(
                        "java",
                        "-Ds3proxy.endpoint=" + endpoint,
                        "-Ds3proxy.authorization=none",
                        "-Djclouds.provider=transient-nio2",
                        "-cp",
                        Files.readString(CLASS_PATH).strip(),
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        "/dev/null")
                .inheritIO()
                .start();
        S3ProxyServer server = new S3ProxyServer(process, endpoint);
        try {
            server.make(bucket);
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void make(String bucket) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/" + bucket))
                .PUT(BodyPublishers.noBody())
                .build();
        long begin = System.nanoTime();
        while (true) {
            try {
                HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException("S3Proxy makes no bucket: " + answer.body());
                }
                return;
            } catch (ConnectException e) {
                if (!process.isAlive() || System.nanoTime() - begin > PATIENCE_NANOS) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
