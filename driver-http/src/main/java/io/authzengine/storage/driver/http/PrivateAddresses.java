package io.authzengine.storage.driver.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.Security;

/**
 * Which addresses are not of the public internet. A name is judged by all of its addresses; that the connection made a moment later goes to
 * one of those is owed to Java's own memory of names, so that must not be switched off.
 */
final class PrivateAddresses {
    private static final String MEMORY_OF_NAMES = "networkaddress.cache.ttl";

    private PrivateAddresses() {}

    /** Returns whether Java forgets addresses at once, so that what is judged is not what is connected to. */
    static boolean cannotBeJudged() {
        String seconds = Security.getProperty(MEMORY_OF_NAMES);
        return seconds != null && seconds.strip().equals("0");
    }

    /** Returns whether the host of {@code url} has such an address; a host without any is told by connecting to it. */
    static boolean isPrivate(URI url) {
        try {
            for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
                if (isPrivate(address)) {
                    return true;
                }
            }
            return false;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean special = address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        if (bytes.length == 4) {
            boolean shared = first == 100 && second >= 64 && second < 128;
            return special || shared || first == 0 || first >= 240;
        }
        boolean uniqueLocal = (first & 0xfe) == 0xfc;
        boolean translated = first == 0 && second == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
        return special || uniqueLocal || (translated && isPrivate(lastFour(bytes)));
    }

    private static InetAddress lastFour(byte[] bytes) {
        try {
            return InetAddress.getByAddress(new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
