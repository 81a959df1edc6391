package io.authzengine.storage.driver.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy that makes tunnels to one port of this machine for whoever knows the password. */
final class TunnelProxy implements AutoCloseable {
    private final ServerSocket socket;
    private final int target;
    private final String authorization;
    private final AtomicInteger tunnels = new AtomicInteger();

    private TunnelProxy(int target, String password) throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.authorization = "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8));
    }

    static TunnelProxy to(int target, String password) {
        try {
            TunnelProxy proxy = new TunnelProxy(target, password);
            start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                start(() -> serve(connection));
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            if (!isAllowed(client.getInputStream())) {
                answer(
                        client,
                        "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0");
                return;
            }
            answer(client, "200 OK");
            tunnels.incrementAndGet();
            start(() -> copy(server, client));
            copy(client, server);
        } catch (IOException e) {
            return; // One of the two has had enough.
        }
    }

    /** Reads the request; the client sends nothing more before it has its answer. */
    private boolean isAllowed(InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        boolean allowed = false;
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            allowed |= line.equalsIgnoreCase(authorization);
        }
        return allowed;
    }

    private static void answer(Socket client, String head) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            return; // One of the two has had enough.
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    int tunnels() {
        return tunnels.get();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
