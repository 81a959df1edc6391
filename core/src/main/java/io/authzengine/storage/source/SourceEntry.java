package io.authzengine.storage.source;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One location of a manifest.
 *
 * @param location the place in the backend, free of credentials; unique in a manifest
 * @param token an opaque validator: as long as it is the same, the content is the same. The opposite need not hold. Empty if the
 *     backend has none: the content is then read at each look
 * @param size bytes, if known before reading
 * @param lastModified when the backend says it was last changed, if it says so
 */
public record SourceEntry(String location, String token, OptionalLong size, Optional<Instant> lastModified) {
    public SourceEntry {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(lastModified, "lastModified");
    }

    /** Returns an entry of which no more is known than where it is and its token. */
    public static SourceEntry of(String location, String token) {
        return new SourceEntry(location, token, OptionalLong.empty(), Optional.empty());
    }
}
