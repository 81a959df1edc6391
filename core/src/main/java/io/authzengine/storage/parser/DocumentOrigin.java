package io.authzengine.storage.parser;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the bytes to be parsed came from; becomes the provenance of the policies in them.
 *
 * @param driverId the driver that read them
 * @param location the place in the backend; its extension decides between YAML and JSON
 * @param revision the backend's revision they were read at; empty where there is none
 * @param author who made that revision; empty where the backend does not say
 * @param lastModified when the backend says they were last changed, if it says so
 */
public record DocumentOrigin(
        String driverId, String location, String revision, String author, Optional<Instant> lastModified) {
    public DocumentOrigin {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(author, "author");
        Objects.requireNonNull(lastModified, "lastModified");
    }

    /** An origin of which the backend does not say who made it. */
    public DocumentOrigin(String driverId, String location, String revision, Optional<Instant> lastModified) {
        this(driverId, location, revision, "", lastModified);
    }
}
