package io.authzengine.storage.driver.blob;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of a listing.
 *
 * @param blobs objects, in any order
 * @param next what to ask for the next page with; empty if this is the last
 */
public record BlobPage(List<Blob> blobs, Optional<String> next) {
    public BlobPage {
        blobs = List.copyOf(blobs);
        Objects.requireNonNull(next, "next");
    }
}
