package io.authzengine.storage.faults.proxy;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * From where to where a proxy leads.
 *
 * @param listen where it listens; port 0 takes any that is free
 * @param host the name or address of the backend
 * @param port the port of the backend
 */
public record ProxyRoute(InetSocketAddress listen, String host, int port) {
    public ProxyRoute {
        Objects.requireNonNull(listen, "listen");
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("expected the host and port of a backend, got " + host + ":" + port);
        }
    }

    /** Returns the route from any free port of this machine to that backend. */
    public static ProxyRoute to(String host, int port) {
        return new ProxyRoute(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), host, port);
    }
}
