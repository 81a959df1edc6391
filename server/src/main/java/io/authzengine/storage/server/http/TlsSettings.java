package io.authzengine.storage.server.http;

import io.authzengine.storage.driver.DriverConfig;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * How connections are encrypted; the block {@code server.tls}.
 *
 * @param keyStore a PKCS #12 file with our key and certificates
 * @param keyStorePassword its password; never shown
 * @param clients a PKCS #12 file with the certificates that clients must descend from; empty: they need none
 * @param clientsPassword the password of that; never shown
 * @param clientRight what whoever has such a certificate may do
 */
public record TlsSettings(
        Path keyStore, String keyStorePassword, Optional<Path> clients, String clientsPassword, Right clientRight) {
    /** Reads {@code block}; notes there what is wrong with it, and then returns nothing. */
    static Optional<TlsSettings> read(DriverConfig block) {
        Optional<Path> keyStore = file(block, "keyStore", block.text("keyStore"));
        String password = block.secret("keyStorePassword").orElse("");
        Optional<String> named = block.optionalText("clients");
        Optional<Path> clients = named.flatMap(path -> file(block, "clients", path));
        String clientsPassword = block.secret("clientsPassword").orElse("");
        Right right = block.choice("clientRight", Right.class, Right.READ);
        return keyStore.isEmpty() || (named.isPresent() && clients.isEmpty())
                ? Optional.empty()
                : Optional.of(new TlsSettings(keyStore.get(), password, clients, clientsPassword, right));
    }

    private static Optional<Path> file(DriverConfig block, String key, String path) {
        try {
            Path file = block.resolve(path);
            if (!path.isEmpty() && Files.isReadable(file)) {
                return Optional.of(file);
            }
        } catch (InvalidPathException e) {
            block.reject(key, "is no path: " + e.getReason());
        }
        block.reject(key, "expected a PKCS #12 file that can be read");
        return Optional.empty();
    }

    /** Returns whether clients must show a certificate. */
    boolean asksClients() {
        return clients.isPresent();
    }

    SslContextFactory.Server contextFactory() {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setKeyStoreType("PKCS12");
        factory.setKeyStorePath(keyStore.toString());
        factory.setKeyStorePassword(keyStorePassword);
        factory.setSniRequired(false);
        clients.ifPresent(file -> {
            factory.setTrustStoreType("PKCS12");
            factory.setTrustStorePath(file.toString());
            factory.setTrustStorePassword(clientsPassword);
            factory.setNeedClientAuth(true);
        });
        return factory;
    }

    @Override
    public String toString() {
        return "TLS with " + keyStore
                + clients.map(file -> ", clients of " + file).orElse("");
    }
}
