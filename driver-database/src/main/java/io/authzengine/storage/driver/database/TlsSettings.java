package io.authzengine.storage.driver.database;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How the connection is protected. {@link #OFF} and {@link #VERIFIED} are the usual ones. {@code toString} shows no password.
 *
 * @param mode whether there is TLS, and whether the server has to prove who it is
 * @param ca certificates of the authorities that are trusted, PEM (a PKCS #12 file for MySQL's client library); empty for those of
 *     the Java runtime
 * @param cert the certificate this client shows, PEM; only for PostgreSQL and a key that is PEM too
 * @param key the private key of this client: PEM, or a PKCS #12 file ({@code .p12}) that holds the certificate as well; empty for none
 * @param keyPassword the password of {@code key}, and of {@code ca} where that is a PKCS #12 file; empty if there is none
 */
public record TlsSettings(
        Mode mode, Optional<Path> ca, Optional<Path> cert, Optional<Path> key, Optional<String> keyPassword) {
    /** Whether there is TLS, and whether the server has to prove who it is. */
    public enum Mode {
        /** No TLS. */
        OFF,
        /** The certificate of the server must be trusted and be made out to the configured host. */
        VERIFY,
        /** Any certificate will do: protects from those who listen, not from those who answer in place of the server. */
        INSECURE
    }

    /** No TLS. */
    public static final TlsSettings OFF =
            new TlsSettings(Mode.OFF, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The server must prove who it is, to the authorities that the Java runtime trusts. */
    public static final TlsSettings VERIFIED =
            new TlsSettings(Mode.VERIFY, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if there is a certificate without a key, or the other way round */
    public TlsSettings {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(ca, "ca");
        Objects.requireNonNull(keyPassword, "keyPassword");
        boolean both = key.filter(TlsSettings::isKeyStore).isPresent();
        if (both ? cert.isPresent() : cert.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    "ssl: a client certificate needs cert and key as PEM files, or key alone as a PKCS #12 file (.p12)");
        }
    }

    /** Returns whether {@code file} holds a key with its certificate. */
    static boolean isKeyStore(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".p12") || name.endsWith(".pfx");
    }

    /** Returns these settings with the authorities that are trusted. */
    public TlsSettings withCa(Path file) {
        return new TlsSettings(mode, Optional.of(file), cert, key, keyPassword);
    }

    @Override
    public String toString() {
        return "TlsSettings[" + mode + ", ca=" + ca + ", cert=" + cert + ", key=" + key + "]";
    }
}
