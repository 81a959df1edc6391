package io.authzengine.storage.driver.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection in one line, such as {@code postgresql://user:password@host:5432/authz?sslmode=verify-full}, with or without {@code
 * jdbc:} before it. It is taken apart and never handed on, and only properties that are known to be harmless are let
 * through: others can load classes and read or write files.
 *
 * @param dialect the SQL that its scheme stands for
 * @param settings what it says
 */
record ConnectionUrl(Dialect dialect, ConnectionSettings settings) {
    private static final Pattern FORM = Pattern.compile(
            "(?:jdbc:)?(postgres|postgresql|mysql|mariadb)://(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]+)/([^/?#]*)(?:\\?([^#]*))?");
    private static final Pattern AND = Pattern.compile("&");
    private static final Set<String> ALLOWED = new TreeSet<>(Set.of(
            "allowPublicKeyRetrieval",
            "application_name",
            "ApplicationName",
            "channelBinding",
            "gssEncMode",
            "hostRecheckSeconds",
            "loadBalanceHosts",
            "targetServerType",
            "tcpKeepAlive"));
    private static final Set<String> SSL_MODES = Set.of("sslmode", "sslMode");

    /** Refuses a property that is not known to be harmless. */
    static void checkProperty(String name) {
        if (!ALLOWED.contains(name)) {
            throw new IllegalArgumentException("connection: the property '" + printable(name)
                    + "' is not allowed, as such properties can load classes and open files; allowed are "
                    + String.join(", ", ALLOWED)
                    + " and, in an URL, user, password, sslmode, sslrootcert, sslcert, sslkey and sslpassword");
        }
    }

    private static String printable(String name) {
        return name.replaceAll("[^A-Za-z0-9_.-]", "?");
    }

    /**
     * Takes {@code url} apart.
     *
     * @param resolve makes the path that a configured one means
     * @throws IllegalArgumentException if it will not do; the message shows no value
     */
    static ConnectionUrl parse(String url, UnaryOperator<Path> resolve) {
        Matcher matcher = FORM.matcher(url.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "connection: expected an URL such as postgresql://user:password@host:5432/database; write / : @ ? # % in a"
                            + " password as %2F %3A %40 %3F %23 %25");
        }
        String scheme = matcher.group(1);
        Map<String, String> properties = properties(matcher.group(6));
        Optional<String> user = decoded(matcher.group(2)).or(() -> Optional.ofNullable(properties.get("user")));
        Optional<String> password = decoded(matcher.group(3)).or(() -> Optional.ofNullable(properties.get("password")));
        TlsSettings tls = tls(properties, resolve);
        properties.keySet().removeAll(Set.of("user", "password", "sslrootcert", "sslcert", "sslkey", "sslpassword"));
        properties.keySet().removeAll(SSL_MODES);
        return new ConnectionUrl(
                scheme.startsWith("postgres") ? Dialect.POSTGRESQL : Dialect.MYSQL,
                new ConnectionSettings(
                        matcher.group(4),
                        decoded(matcher.group(5)).orElse(""),
                        user,
                        password,
                        tls,
                        scheme.equals("mariadb") ? ConnectionSettings.Client.MARIADB : ConnectionSettings.Client.ANY,
                        properties));
    }

    private static Map<String, String> properties(@Nullable String query) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String pair :
                query == null ? List.<String>of() : AND.splitAsStream(query).toList()) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals)).orElse("");
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1)).orElse("");
            if (!name.isEmpty() && properties.put(name, value) != null) {
                throw new IllegalArgumentException("connection: the property '" + printable(name) + "' is given twice");
            }
        }
        return properties;
    }

    private static Optional<String> decoded(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "connection: a % that is not followed by two hexadecimal digits is written %25");
        }
    }

    private static TlsSettings tls(Map<String, String> properties, UnaryOperator<Path> resolve) {
        String mode = SSL_MODES.stream()
                .filter(properties::containsKey)
                .map(properties::get)
                .findFirst()
                .orElse("disable");
        return new TlsSettings(
                switch (mode.toLowerCase(Locale.ROOT).replace('_', '-')) {
                    case "disable", "disabled" -> TlsSettings.Mode.OFF;
                    case "require", "required", "trust" -> TlsSettings.Mode.INSECURE;
                    case "verify-full", "verify-identity" -> TlsSettings.Mode.VERIFY;
                    default ->
                        throw new IllegalArgumentException(
                                "connection: expected sslmode=verify-full, or disable, or require (any certificate)");
                },
                file(properties, "sslrootcert", resolve),
                file(properties, "sslcert", resolve),
                file(properties, "sslkey", resolve),
                Optional.ofNullable(properties.get("sslpassword")));
    }

    private static Optional<Path> file(Map<String, String> properties, String name, UnaryOperator<Path> resolve) {
        return Optional.ofNullable(properties.get(name)).map(Path::of).map(resolve);
    }
}
