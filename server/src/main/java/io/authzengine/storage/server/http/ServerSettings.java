package io.authzengine.storage.server.http;

import io.authzengine.storage.driver.DriverConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the server listens; the block {@code server:} of the configuration.
 *
 * @param address host and port; port 0 for any that is free
 * @param allowRemote whether requests for hosts other than this machine are answered although it listens on loopback, as behind a proxy
 * @param hooks who may tell that a look is worth while
 * @param access who is let in
 * @param auditLog the file that audit records are appended to; empty for none
 */
public record ServerSettings(
        InetSocketAddress address,
        boolean allowRemote,
        List<Hook> hooks,
        AccessSettings access,
        Optional<Path> auditLog) {
    /** Where it listens unless told otherwise. */
    public static final String DEFAULT_LISTEN = "127.0.0.1:8181";

    private static final Pattern HOST_PORT = Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+)):([0-9]{1,5})");
    private static final int LAST_PORT = 65_535;
    private static final String EXPECTED = "expected HOST:PORT, such as " + DEFAULT_LISTEN
            + " or [::1]:8181, with a port up to 65535; port 0 takes any that is free";

    public ServerSettings {
        Objects.requireNonNull(address, "address");
        hooks = List.copyOf(hooks);
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(auditLog, "auditLog");
    }

    /** Settings without a file for the audit. */
    public ServerSettings(InetSocketAddress address, boolean allowRemote, List<Hook> hooks, AccessSettings access) {
        this(address, allowRemote, hooks, access, Optional.empty());
    }

    /** Settings that ask nobody who they are. */
    public ServerSettings(InetSocketAddress address, boolean allowRemote, List<Hook> hooks) {
        this(address, allowRemote, hooks, AccessSettings.OPEN);
    }

    /** Settings without hooks. */
    public ServerSettings(InetSocketAddress address, boolean allowRemote) {
        this(address, allowRemote, List.of());
    }

    /**
     * Reads {@code block}; {@code listen}, from the command line, goes before what it says.
     *
     * @throws IllegalArgumentException naming all that is wrong
     */
    public static ServerSettings read(Optional<DriverConfig> block, Optional<String> listen) {
        boolean allowRemote =
                block.map(server -> server.flag("allowRemote", false)).orElse(false);
        String configured =
                block.map(server -> server.text("listen", DEFAULT_LISTEN)).orElse(DEFAULT_LISTEN);
        List<Hook> hooks = block.map(Hook::read).orElse(List.of());
        AccessSettings access = block.map(AccessSettings::read).orElse(AccessSettings.OPEN);
        Optional<Path> auditLog = block.flatMap(ServerSettings::auditLog);
        if (listen.isPresent()) {
            block.ifPresent(DriverConfig::verify);
            try {
                return new ServerSettings(
                        parse(listen.get(), allowRemote, access), allowRemote, hooks, access, auditLog);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--listen " + listen.get() + ": " + e.getMessage(), e);
            }
        }
        try {
            InetSocketAddress address = parse(configured, allowRemote, access);
            block.ifPresent(DriverConfig::verify);
            return new ServerSettings(address, allowRemote, hooks, access, auditLog);
        } catch (IllegalArgumentException e) {
            block.ifPresent(server -> {
                server.reject("listen", String.valueOf(e.getMessage()));
                server.verify();
            });
            throw e;
        }
    }

    /**
     * Checks {@code block} as far as that can be done on a machine that does not serve.
     *
     * @throws IllegalArgumentException naming all that is wrong
     */
    public static void check(DriverConfig block) {
        block.flag("allowRemote", false);
        Hook.read(block);
        AccessSettings.read(block);
        auditLog(block);
        if (!isAddress(HOST_PORT.matcher(block.text("listen", DEFAULT_LISTEN)))) {
            block.reject("listen", EXPECTED);
        }
        block.verify();
    }

    private static Optional<Path> auditLog(DriverConfig block) {
        return block.optionalText("auditLog").map(block::resolve);
    }

    private static boolean isAddress(Matcher matcher) {
        return matcher.matches() && Integer.parseInt(matcher.group(3)) <= LAST_PORT;
    }

    private static InetSocketAddress parse(String listen, boolean allowRemote, AccessSettings access) {
        Matcher matcher = HOST_PORT.matcher(listen);
        if (!isAddress(matcher)) {
            throw new IllegalArgumentException(EXPECTED);
        }
        InetAddress host = resolve(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        if ((!host.isLoopbackAddress() || allowRemote) && !access.asksWho()) {
            throw new IllegalArgumentException(
                    "other machines could reach this address, and whoever does could read every"
                            + " policy and roll it back: list who is let in under server.tokens, as in {name: ops, token: ${POLICYD_TOKEN},"
                            + " rights: [read, change]}, or ask for certificates with server.tls.clients; or listen on 127.0.0.1"
                            + " without server.allowRemote, which does not do instead of a token");
        }
        return new InetSocketAddress(host, Integer.parseInt(matcher.group(3)));
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "the host is not known; use an address of this machine, such as 127.0.0.1", e);
        }
    }
}
