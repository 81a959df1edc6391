package io.authzengine.storage.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which names contents everywhere here: policies, documents, whole sets. Thread-safe, as it holds nothing. */
public final class Sha256 {
    private Sha256() {}

    /** Returns a digest that nothing was put into yet, which is not thread-safe. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns the 32 bytes of the digest of {@code content}. */
    public static byte[] of(byte[] content) {
        return begin().digest(content);
    }

    /** Returns the digest of {@code content} as 64 hexadecimal digits in lower case. */
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(of(content));
    }

    /** Returns the digest of {@code text} in UTF-8 as 64 hexadecimal digits in lower case. */
    public static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
