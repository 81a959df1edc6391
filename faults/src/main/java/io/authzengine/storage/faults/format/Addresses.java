package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.Selector;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses in figures; nothing is ever looked up. */
final class Addresses {
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
    private static final Pattern V4 = Pattern.compile("(?:" + BYTE + "\\.){3}" + BYTE);
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private Addresses() {}

    static boolean isLiteral(String text) {
        return V4.matcher(text).matches() || V6.matcher(text).matches();
    }

    static InetAddress literal(String text) {
        if (!isLiteral(text)) {
            throw new IllegalArgumentException(
                    "expected an address such as 127.0.0.1 or ::1; a name goes into hostname");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is not an address", e);
        }
    }

    /** Returns the block that {@code address/prefix} means. */
    static Selector.Address block(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("expected address/prefix, such as 10.0.0.0/8");
        }
        return new Selector.Address(literal(text.substring(0, slash)), PolicyReader.count(text.substring(slash + 1)));
    }

    static String text(Selector.Address address) {
        String network = address.network().getHostAddress();
        return address.isHost() ? network : network + "/" + address.prefix();
    }
}
