package io.authzengine.storage.driver.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A private key as PEM, of which PostgreSQL's client wants to be told what kind it is. */
final class PemKey {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemKey() {}

    /** Returns the algorithm of the key in {@code file}; empty if there is none that can be read, which the client says better. */
    static Optional<String> algorithm(Path file) {
        try {
            String text = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
            byte[] key = Base64.getMimeDecoder().decode(text);
            return ALGORITHMS.stream().filter(name -> isOf(name, key)).findFirst();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isOf(String algorithm, byte[] key) {
        try {
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
