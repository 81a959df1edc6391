package io.authzengine.storage.driver.http;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleException;
import io.authzengine.storage.bundle.BundleLimits;
import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.source.SourceEntry;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One URL and what was last found there. What it says, with its validators, replaces what was known only once it has proved sound as a
 * whole, so that a validator never stands for a content that was refused.
 */
final class Remote {
    private static final String WITHIN = "!/";

    private final URI url;
    private final Fetcher fetcher;
    private final HttpErrors errors;
    private final BundleLimits limits;
    private final Optional<Seal> seal;
    private @Nullable Found found; // As is held, written by the loop's calls, which follow one another.
    private Map<String, byte[]> held = Map.of();

    Remote(URI url, HttpConfig config, Fetcher fetcher, HttpErrors errors, Optional<Seal> seal) {
        this.url = url;
        this.fetcher = fetcher;
        this.errors = errors;
        this.limits = BundleLimits.DEFAULT.withMaxBytes(config.maxBytes());
        this.seal = seal;
    }

    /** What was found at one look. */
    record Found(Validators validators, String digest, Map<String, SourceEntry> entries) {}

    /**
     * Looks at the URL.
     *
     * @param before whether what was found last was taken in, so that the answer may be that it is the same
     */
    Found look(boolean before) {
        Found known = before ? found : null;
        Optional<Fetcher.Content> news = fetcher.fetch(url, known == null ? Validators.NONE : known.validators());
        if (news.isEmpty() && known != null) {
            seal.ifPresent(mark -> mark.check(known.digest()));
            return known;
        }
        Fetcher.Content content = news.orElseThrow(() -> errors.unmodifiedNothing(url));
        String digest = Digests.sha256(content.bytes);
        seal.ifPresent(mark -> mark.check(digest));
        Map<String, byte[]> documents = documents(content.bytes);
        Map<String, SourceEntry> entries = new HashMap<>();
        documents.forEach((location, bytes) -> entries.put(
                location,
                new SourceEntry(location, Digests.sha256(bytes), OptionalLong.of(bytes.length), content.lastModified)));
        Found now = new Found(content.validators, digest, entries);
        found = now;
        held = documents;
        return now;
    }

    private Map<String, byte[]> documents(byte[] bytes) {
        String location = Urls.shown(url);
        if (!Bundle.isBundle(bytes)) {
            return Map.of(location, bytes);
        }
        try {
            SortedMap<String, byte[]> entries = Bundle.read(bytes, limits, DocumentNames.defaults()::matches);
            Map<String, byte[]> documents = new HashMap<>();
            entries.forEach((name, content) -> documents.put(location + WITHIN + name, content));
            return documents;
        } catch (BundleException e) {
            throw errors.unacceptable(
                    url, "the bundle cannot be read: " + e.getMessage(), "publish it anew, or raise 'maxBytes'", e);
        }
    }

    /** Returns whether {@code entry} is of this URL. */
    boolean has(SourceEntry entry) {
        Found now = found;
        return now != null && entry.equals(now.entries().get(entry.location()));
    }

    /** Returns the content of {@code entry}, fetched again if it is held no more; empty if there is another one by now. */
    Optional<byte[]> content(SourceEntry entry) {
        if (!held.containsKey(entry.location())) {
            look(false);
        }
        return Optional.ofNullable(held.get(entry.location()))
                .filter(bytes -> Digests.sha256(bytes).equals(entry.token()));
    }

    /** Lets go of contents, which have been read. */
    void release() {
        held = Map.of();
    }

    /** Returns the validators to ask again with; none if nothing was found yet. */
    Validators validators() {
        Found now = found;
        return now == null ? Validators.NONE : now.validators();
    }
}
