package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.Protocol;
import io.authzengine.storage.faults.policy.Selector;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A target in one text: {@code [protocol://]host[:port]}, {@code [protocol://]a.b.c.d/nn}, or {@code driver://type/id#operation}. A host
 * that is no address is a hostname.
 *
 * @param selector what it selects by
 * @param protocol what it says of the protocol
 * @param port what it says of the port
 */
record TargetText(Selector selector, Optional<Protocol> protocol, Optional<Integer> port) {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z]+)://(.+)");
    private static final Pattern DRIVER = Pattern.compile("([^/#]+)(?:/([^/#]+))?(?:#([^/#]+))?");
    private static final Pattern BRACKETED = Pattern.compile("\\[([^]]+)](?::([0-9]+))?");
    private static final Pattern HOST_PORT = Pattern.compile("([^:]+)(?::([0-9]+))?");

    static TargetText of(Selector selector) {
        return new TargetText(selector, Optional.empty(), Optional.empty());
    }

    static TargetText parse(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.matches()) {
            return endpoint(text, Optional.empty());
        }
        return switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
            case "any" -> endpoint(scheme.group(2), Optional.of(Protocol.ANY));
            case "tcp" -> endpoint(scheme.group(2), Optional.of(Protocol.TCP));
            case "udp" -> endpoint(scheme.group(2), Optional.of(Protocol.UDP));
            case "driver" -> of(driver(scheme.group(2)));
            default ->
                throw new IllegalArgumentException("expected any://, tcp://, udp:// or driver:// in front, or nothing");
        };
    }

    private static Selector driver(String text) {
        Matcher matcher = DRIVER.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected driver://type/id#operation");
        }
        return new Selector.Driver(matcher.group(1), orAll(matcher.group(2)), orAll(matcher.group(3)));
    }

    private static String orAll(@org.jspecify.annotations.Nullable String part) {
        return part == null ? "*" : part;
    }

    private static TargetText endpoint(String text, Optional<Protocol> protocol) {
        if (text.contains("/")) {
            return new TargetText(Addresses.block(text), protocol, Optional.empty());
        }
        Matcher bracketed = BRACKETED.matcher(text);
        if (bracketed.matches()) {
            return new TargetText(
                    Selector.Address.host(Addresses.literal(bracketed.group(1))),
                    protocol,
                    Optional.ofNullable(bracketed.group(2)).map(PolicyReader::count));
        }
        Matcher plain = HOST_PORT.matcher(text);
        if (plain.matches()) {
            Optional<Integer> port = Optional.ofNullable(plain.group(2)).map(PolicyReader::count);
            String host = plain.group(1);
            Selector selector = Addresses.isLiteral(host)
                    ? Selector.Address.host(Addresses.literal(host))
                    : new Selector.Name(Selector.Name.By.HOSTNAME, host);
            return new TargetText(selector, protocol, port);
        }
        if (Addresses.isLiteral(text)) {
            return new TargetText(Selector.Address.host(Addresses.literal(text)), protocol, Optional.empty());
        }
        throw new IllegalArgumentException(
                "expected host:port, an address or a.b.c.d/nn; an IPv6 address with a port needs brackets");
    }
}
