package io.authzengine.storage.driver.database;

import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.Revision;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;

/**
 * The token of each location at one moment, and a digest over all of them that is kept up one location at a time: the sum of their
 * hashes, whatever their order. So all instances that see the same rows name the same revision. Not thread-safe.
 */
final class Contents {
    private final Map<String, String> tokens = new HashMap<>();
    private final MessageDigest sha256 = Sha256.begin();
    private long high;
    private long low;

    /** Takes in that {@code location} has {@code token} now; returns whether that is new. */
    boolean put(String location, String token) {
        String before = tokens.put(location, token);
        if (token.equals(before)) {
            return false;
        }
        if (before != null) {
            add(location, before, -1);
        }
        add(location, token, 1);
        return true;
    }

    /** Takes in that {@code location} is gone; returns whether that is new. */
    boolean remove(String location) {
        String before = tokens.remove(location);
        if (before != null) {
            add(location, before, -1);
        }
        return before != null;
    }

    private void add(String location, String token, int sign) {
        sha256.update(location.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
        high += sign * hash.getLong();
        low += sign * hash.getLong();
    }

    /** Returns how many locations there are. */
    int size() {
        return tokens.size();
    }

    /** Returns the name of what there is: the same for the same tokens at the same locations. */
    Revision revision() {
        return new Revision(tokens.size() + "-" + hex(high) + hex(low));
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
