package io.authzengine.storage.driver.blob;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Lists a bucket to its end, or not at all. */
record Listing(BlobStore store, BlobErrors errors, int limit) {
    static final int LIMIT = 1_000_000;
    private static final int MAX_PAGES = 100_000;

    Listing(BlobStore store, BlobErrors errors) {
        this(store, errors, LIMIT);
    }

    /** Returns all objects whose keys begin with {@code prefix} and are {@code wanted}, by key. */
    Map<String, Blob> all(String prefix, Predicate<String> wanted) {
        Map<String, Blob> found = new TreeMap<>();
        Set<String> asked = new HashSet<>();
        Optional<String> next = Optional.empty();
        do {
            BlobPage page = store.list(prefix, next);
            for (Blob blob : page.blobs()) {
                if (!blob.key().startsWith(prefix)) {
                    throw errors.brokenListing("it names an object that does not begin with the prefix");
                }
                if (wanted.test(blob.key()) && found.put(blob.key(), blob) != null) {
                    throw errors.brokenListing("it names " + BlobErrors.shown(blob.key()) + " twice");
                }
            }
            if (found.size() > limit) {
                throw errors.tooMany(limit);
            }
            next = page.next();
            if (next.isPresent() && (!asked.add(next.get()) || asked.size() > MAX_PAGES)) {
                throw errors.brokenListing("it does not end");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw errors.closed();
            }
        } while (next.isPresent());
        return found;
    }
}
