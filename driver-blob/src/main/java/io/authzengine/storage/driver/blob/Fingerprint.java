package io.authzengine.storage.driver.blob;

import io.authzengine.storage.policy.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 over a list of texts. */
final class Fingerprint {
    private final MessageDigest digest = Sha256.begin();

    Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":")
                .getBytes(StandardCharsets.UTF_8)); // So that no two lists run together to the same.
        digest.update(bytes);
        return this;
    }

    String text() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
