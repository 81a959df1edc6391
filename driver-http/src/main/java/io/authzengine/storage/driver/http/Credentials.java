package io.authzengine.storage.driver.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What is sent to a server to be let in: one header. Never shows its secret. Immutable; a secret in a file is read at each request. */
public final class Credentials {
    /** Nothing is sent. */
    public static final Credentials NONE = new Credentials("", "", () -> "");

    private static final String AUTHORIZATION = "Authorization";
    /** Headers that belong to the transfer, or to the driver. */
    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "upgrade",
            "accept",
            "accept-encoding",
            "if-none-match",
            "if-modified-since",
            "range",
            "transfer-encoding");

    private final String header;
    private final String kind;
    private final Secret secret;

    /** A secret, read when it is needed. */
    @FunctionalInterface
    public interface Secret {
        /** Returns the secret, never to be shown. */
        String read() throws IOException;

        /** Returns a secret that is known and never changes. */
        static Secret of(String text) {
            Objects.requireNonNull(text, "text");
            return () -> text;
        }

        /** Returns the secret that is the content of {@code file}, without space around it; read at each use, so it may be replaced. */
        static Secret in(Path file) {
            return () -> Files.readString(file).strip();
        }
    }

    private Credentials(String header, String kind, Secret secret) {
        this.header = header;
        this.kind = kind;
        this.secret = secret;
    }

    /** Returns a token as OAuth uses it. */
    public static Credentials bearer(Secret token) {
        return new Credentials(AUTHORIZATION, "bearer", () -> "Bearer " + token.read());
    }

    /** Returns user name and password. */
    public static Credentials basic(String user, Secret password) {
        return new Credentials(AUTHORIZATION, "basic", () -> {
            byte[] pair = (user + ":" + password.read()).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        });
    }

    /**
     * Returns a header of the server's own, such as {@code X-Api-Key}.
     *
     * @throws IllegalArgumentException if {@code name} is no name of a header, or of one that is the driver's to set
     */
    public static Credentials header(String name, Secret value) {
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("auth.header is no name of a header that can be set");
        }
        return new Credentials(name, "header " + name, value);
    }

    /** A header and its value, for one request. */
    record Header(String name, String value) {
        @Override
        public String toString() {
            return name;
        }
    }

    Optional<Header> forRequest() throws IOException {
        return header.isEmpty() ? Optional.empty() : Optional.of(new Header(header, secret.read()));
    }

    @Override
    public String toString() {
        return kind.isEmpty() ? "none" : kind;
    }
}
