package io.authzengine.storage.trust;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whose signatures count: Ed25519 public keys by id. A signature is checked with the key it names and no other. Immutable.
 */
public final class TrustedKeys {
    private static final int RAW_LENGTH = 32;
    private static final byte[] ED25519_HEADER = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private final Map<String, PublicKey> keys;

    private TrustedKeys(Map<String, PublicKey> keys) {
        this.keys = keys;
    }

    /**
     * Reads keys.
     *
     * @param encoded by id, each key as PEM, as base64 of the same, or as base64 of its 32 bytes
     * @throws IllegalArgumentException if there is none, or one is no Ed25519 public key; the message names its id
     */
    public static TrustedKeys of(Map<String, String> encoded) {
        if (encoded.isEmpty()) {
            throw new IllegalArgumentException("without a key no signature would count");
        }
        Map<String, PublicKey> keys = new TreeMap<>();
        encoded.forEach((id, key) -> keys.put(id, read(id, key)));
        return new TrustedKeys(keys);
    }

    /** Returns no keys, with which no signature counts. */
    public static TrustedKeys none() {
        return new TrustedKeys(Map.of());
    }

    private static PublicKey read(String id, String encoded) {
        String base64 =
                encoded.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            if (der.length == RAW_LENGTH) {
                byte[] whole = new byte[ED25519_HEADER.length + RAW_LENGTH];
                System.arraycopy(ED25519_HEADER, 0, whole, 0, ED25519_HEADER.length);
                System.arraycopy(der, 0, whole, ED25519_HEADER.length, RAW_LENGTH);
                der = whole;
            }
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the key '" + id + "' is no Ed25519 public key; give it as PEM or base64", e);
        }
    }

    Optional<PublicKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public String toString() {
        return keys.keySet().toString();
    }
}
