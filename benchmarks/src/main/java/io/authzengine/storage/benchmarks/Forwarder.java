package io.authzengine.storage.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes connections on to another port of this machine, with a thread for each direction, and counts what passes. Neither side need know of it.
 * Thread-safe.
 */
final class Forwarder implements AutoCloseable {
    private static final String THREADS = "benchmark-forwarder";

    private final ServerSocket server;
    private final int target;
    private final AtomicLong roundTrips = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();

    private Forwarder(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /** Listens on any free port of the loopback interface for what goes to {@code target}. */
    static Forwarder to(int target) throws IOException {
        Forwarder forwarder = new Forwarder(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        daemon(forwarder::accept);
        return forwarder;
    }

    /** Returns whether {@code thread} is one of a forwarder's. */
    static boolean isThread(Thread thread) {
        return thread.getName().startsWith(THREADS);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Returns how often a client has sent something after it had got an answer, or for the first time. */
    long roundTrips() {
        return roundTrips.get();
    }

    /** Returns how many bytes went back to clients. */
    long answered() {
        return answered.get();
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket client = server.accept();
            client.setTcpNoDelay(true);
            daemon(() -> forward(client));
        }
    }

    private void forward(Socket client) throws IOException {
        try (client;
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            upstream.setTcpNoDelay(true);
            AtomicBoolean asking = new AtomicBoolean();
            daemon(() -> pump(upstream, client, count -> {
                asking.set(false);
                answered.addAndGet(count);
            }));
            pump(client, upstream, count -> {
                if (asking.compareAndSet(false, true)) {
                    roundTrips.incrementAndGet();
                }
            });
        }
    }

    /** Is told of so many bytes before they are passed on. */
    private interface Counter {
        void passing(int count);
    }

    private static void pump(Socket from, Socket to, Counter counter) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[64 * 1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            counter.passing(count);
            out.write(buffer, 0, count);
        }
        to.shutdownOutput();
    }

    /** Something a thread does until its socket is closed. */
    interface Task {
        void run() throws IOException;
    }

    /** Does {@code task} on a thread that keeps no process alive. */
    static void daemon(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        Thread.currentThread().interrupt(); // Closed: that is how it ends.
                    }
                },
                THREADS);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
