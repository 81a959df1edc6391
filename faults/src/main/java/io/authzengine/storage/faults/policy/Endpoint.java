package io.authzengine.storage.faults.policy;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What an operation goes to, as far as it is known where it is looked at.
 *
 * @param address the address
 * @param port the port; 0 if not known
 * @param protocol what carries it
 * @param hostname the configured name, in lower case
 * @param sni the name the client asks for in TLS, in lower case
 * @param call the driver and operation, where calls are looked at
 */
public record Endpoint(
        Optional<InetAddress> address,
        int port,
        Protocol protocol,
        Optional<String> hostname,
        Optional<String> sni,
        Optional<Call> call) {
    /** Nothing is known. */
    public static final Endpoint UNKNOWN =
            new Endpoint(Optional.empty(), 0, Protocol.ANY, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * An operation of a driver.
     *
     * @param type the driver's type
     * @param id the driver's id
     * @param operation the name of the method
     */
    public record Call(String type, String id, String operation) {}

    public Endpoint {
        hostname = hostname.map(TargetName::normalized);
        sni = sni.map(TargetName::normalized);
    }

    /** Returns the TCP port {@code port} of a host of that name. */
    public static Endpoint tcp(String hostname, int port) {
        return new Endpoint(
                Optional.empty(), port, Protocol.TCP, Optional.of(hostname), Optional.empty(), Optional.empty());
    }

    /** Returns what a look-up of {@code hostname} goes to: the name alone. */
    public static Endpoint lookup(String hostname) {
        return new Endpoint(
                Optional.empty(), 0, Protocol.ANY, Optional.of(hostname), Optional.empty(), Optional.empty());
    }

    /** Returns this endpoint with its address. */
    public Endpoint withAddress(InetAddress known) {
        return new Endpoint(Optional.of(known), port, protocol, hostname, sni, call);
    }

    /** Returns this endpoint with the name asked for in TLS. */
    public Endpoint withSni(String name) {
        return new Endpoint(address, port, protocol, hostname, Optional.of(name), call);
    }

    /** Returns this endpoint as an operation of a driver reaches it. */
    public Endpoint withCall(Call operation) {
        return new Endpoint(address, port, protocol, hostname, sni, Optional.of(operation));
    }
}
