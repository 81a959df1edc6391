package io.authzengine.storage.server;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address as it is given on the command line; nothing is looked up. */
final class HostPort {
    private static final Pattern FORM = Pattern.compile("(?:\\[([^]]+)]|([^:]+)):([0-9]{1,5})");

    private HostPort() {}

    static InetSocketAddress parse(String option, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            throw new IllegalArgumentException(
                    option + ": \"" + Printable.text(text) + "\": expected HOST:PORT, such as 127.0.0.1:5432");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(matcher.group(3)));
    }
}
