package io.authzengine.storage.faults;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up names: what drivers and the proxy use in place of the system's resolver where a test is to have a say. May block. */
@FunctionalInterface
public interface HostResolver {
    /**
     * Returns the addresses of {@code hostname}, the preferred one first; at least one.
     *
     * @throws UnknownHostException if the name has none
     */
    List<InetAddress> resolve(String hostname) throws UnknownHostException;

    /** Returns the system's resolver. */
    static HostResolver system() {
        return hostname -> List.of(InetAddress.getAllByName(hostname));
    }
}
