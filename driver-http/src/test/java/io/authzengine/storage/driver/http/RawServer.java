package io.authzengine.storage.driver.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads a request and answers with whatever bytes it is told, then cuts the connection. */
final class RawServer implements AutoCloseable {
    /** Writes an answer. */
    interface Script {
        void run(OutputStream out) throws IOException;
    }

    private final ServerSocket socket;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Script script = out -> {};

    RawServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("raw-server", this::accept);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!ended()) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                start("raw-connection", () -> serve(connection));
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            script.run(connection.getOutputStream());
        } catch (IOException e) {
            return; // The client has had enough, as it should.
        }
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
    }

    void on(Script next) {
        script = next;
    }

    int connections() {
        return connections.get();
    }

    boolean ended() {
        return end.getCount() == 0;
    }

    void awaitEnd() {
        pause(60_000);
    }

    void pause(long millis) {
        try {
            boolean over = end.await(millis, TimeUnit.MILLISECONDS);
            assert over || millis > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
