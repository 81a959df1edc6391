package io.authzengine.storage.faults.policy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A few bytes as a value.
 *
 * @param hex the bytes, two digits each, in lower case
 */
public record Bytes(String hex) {
    public Bytes {
        hex = hex.toLowerCase(Locale.ROOT);
        HexFormat.of().parseHex(hex); // Refuses what is no hex.
    }

    /** Returns the bytes of a text in UTF-8. */
    public static Bytes ofText(String text) {
        return new Bytes(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns how many they are. */
    public int size() {
        return hex.length() / 2;
    }

    /** Returns them in an array of their own. */
    public byte[] copy() {
        return HexFormat.of().parseHex(hex);
    }

    /** Returns {@code whole} with {@code length} bytes at {@code at} replaced. */
    static byte[] spliced(byte[] whole, int at, int length, byte[] replacement) {
        byte[] result = new byte[whole.length - length + replacement.length];
        System.arraycopy(whole, 0, result, 0, at);
        System.arraycopy(replacement, 0, result, at, replacement.length);
        System.arraycopy(whole, at + length, result, at + replacement.length, whole.length - at - length);
        return result;
    }
}
