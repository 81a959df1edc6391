package io.authzengine.storage.driver.blob;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One object as a listing tells of it.
 *
 * @param key its whole name in the bucket; a name and never a path
 * @param token which content it has: a version or generation, or else an entity tag, opaque and never empty. {@link #isVersion} tells them
 *     apart
 * @param size bytes as they are stored
 * @param lastModified when it was last written
 */
public record Blob(String key, String token, long size, Optional<Instant> lastModified) {
    private static final String VERSION = "v:";
    private static final String TAG = "t:";

    public Blob {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(lastModified, "lastModified");
        if ((!isVersion(token) && !token.startsWith(TAG)) || token.length() <= VERSION.length()) {
            throw new IllegalArgumentException("a token is made by versioned or tagged");
        }
    }

    /** Returns an object whose store gives each content a version of its own and never gives it twice. */
    public static Blob versioned(String key, String version, long size, Optional<Instant> lastModified) {
        return new Blob(key, VERSION + version, size, lastModified);
    }

    /** Returns an object whose store gives entity tags. */
    public static Blob tagged(String key, String entityTag, long size, Optional<Instant> lastModified) {
        return new Blob(key, TAG + entityTag, size, lastModified);
    }

    /** Returns whether {@code token} is of an object that has versions. */
    static boolean isVersion(String token) {
        return token.startsWith(VERSION);
    }

    /** Returns whether {@link #stamp} is a version; otherwise it is an entity tag. */
    public boolean isVersion() {
        return isVersion(token);
    }

    /** Returns the version or entity tag, as the store gave it. */
    public String stamp() {
        return token.substring(VERSION.length());
    }
}
