package io.authzengine.storage.driver.http;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleDelta;
import io.authzengine.storage.bundle.BundleException;
import io.authzengine.storage.bundle.BundleLimits;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.source.SourceEntry;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
    private boolean bundled;
    private Duration age = Duration.ZERO;

    Remote(URI url, HttpConfig config, Fetcher fetcher, HttpErrors errors, Optional<Seal> seal) {
        this.url = url;
        this.fetcher = fetcher;
        this.errors = errors;
        this.limits = BundleLimits.DEFAULT.withMaxBytes(config.maxBytes());
        this.seal = seal;
    }

    /**
     * What was found at one look.
     *
     * @param step how it differs from what was found before; empty if all of it was fetched
     */
    record Found(Validators validators, String digest, SortedMap<String, SourceEntry> entries, Optional<Step> step) {}

    /** What led from what was found before, which had the digest {@code from}, to what is found now. */
    record Step(String from, List<SourceEntry> changed, Set<String> gone) {}

    /**
     * Looks at the URL.
     *
     * @param before whether what was found last was taken in, so that the answer may be that it is the same
     */
    Found look(boolean before) {
        Found known = before ? found : null;
        Fetcher.Want want = bundled && seal.isEmpty() ? Fetcher.Want.DELTA : Fetcher.Want.WHOLE;
        Fetcher.Fetched fetched = fetcher.fetch(url, known == null ? Validators.NONE : known.validators(), want);
        age = fetched.age();
        Optional<Fetcher.Content> news = fetched.news();
        if (news.isEmpty() && known != null) {
            seal.ifPresent(mark -> mark.check(known.digest()));
            return known;
        }
        Fetcher.Content content = news.orElseThrow(() -> errors.unmodifiedNothing(url));
        if (!content.delta || known == null) {
            return whole(content);
        }
        // What is damaged, or does not come to what the server says it has, is of no use; all of it is fetched instead.
        return changed(known, content).orElseGet(() -> look(false));
    }

    private Found whole(Fetcher.Content content) {
        String digest = Sha256.hex(content.bytes);
        seal.ifPresent(mark -> mark.check(digest));
        Map<String, byte[]> documents = documents(content.bytes);
        SortedMap<String, SourceEntry> entries = new TreeMap<>();
        documents.forEach((location, bytes) -> entries.put(location, entry(location, bytes, content)));
        bundled = Bundle.isBundle(content.bytes);
        return hold(new Found(content.validators, digest, entries, Optional.empty()), documents);
    }

    private Optional<Found> changed(Found known, Fetcher.Content content) {
        String within = Urls.shown(url) + WITHIN;
        BundleDelta delta;
        try {
            delta = BundleDelta.read(content.bytes, limits, DocumentNames.defaults()::matches);
        } catch (BundleException unreadable) {
            return Optional.empty();
        }
        SortedMap<String, SourceEntry> entries = new TreeMap<>(known.entries());
        Map<String, byte[]> documents = new HashMap<>();
        delta.changed().forEach((name, bytes) -> {
            entries.put(within + name, entry(within + name, bytes, content));
            documents.put(within + name, bytes);
        });
        Set<String> gone = delta.gone().stream().map(within::concat).collect(Collectors.toSet());
        gone.retainAll(entries.keySet());
        entries.keySet().removeAll(gone);
        String tag = BundleDelta.tag(hashes(entries, within.length()));
        if (!content.validators.etag().equals('"' + tag + '"')) {
            return Optional.empty();
        }
        Step step = new Step(
                known.digest(), documents.keySet().stream().map(entries::get).toList(), gone);
        return Optional.of(hold(new Found(content.validators, tag, entries, Optional.of(step)), documents));
    }

    private static SortedMap<String, String> hashes(SortedMap<String, SourceEntry> entries, int prefix) {
        SortedMap<String, String> hashes = new TreeMap<>();
        entries.forEach((location, entry) -> hashes.put(location.substring(prefix), entry.token()));
        return hashes;
    }

    private Found hold(Found now, Map<String, byte[]> documents) {
        found = now;
        held = documents;
        return now;
    }

    private static SourceEntry entry(String location, byte[] bytes, Fetcher.Content content) {
        return new SourceEntry(location, Sha256.hex(bytes), OptionalLong.of(bytes.length), content.lastModified);
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
                .filter(bytes -> Sha256.hex(bytes).equals(entry.token()));
    }

    /** Lets go of contents, which have been read. */
    void release() {
        held = Map.of();
    }

    /** Returns how old the last answer was already. */
    Duration age() {
        return age;
    }

    /** Returns the validators to ask again with; none if nothing was found yet. */
    Validators validators() {
        Found now = found;
        return now == null ? Validators.NONE : now.validators();
    }
}
