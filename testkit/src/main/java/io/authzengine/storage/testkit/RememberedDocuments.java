package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.DocumentCache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an earlier process left of the documents it read, in memory: give it to the context of one driver and then to that of another of
 * the same id, and {@link #recalled} tells what the second one need not read. Thread-safe.
 */
public final class RememberedDocuments implements DocumentCache {
    private record Key(String driverId, String reading, String location) {}

    // Both guarded by this.
    private final Map<Key, Document> documents = new HashMap<>();
    private final List<String> recalled = new ArrayList<>();

    @Override
    public synchronized Optional<Document> find(String driverId, String reading, String location, String token) {
        Optional<Document> found = Optional.ofNullable(documents.get(new Key(driverId, reading, location)))
                .filter(document -> document.token().equals(token));
        found.ifPresent(document -> recalled.add(location));
        return found;
    }

    @Override
    public synchronized void keep(String driverId, String reading, Map<String, Document> taken, Set<String> gone) {
        gone.forEach(location -> documents.remove(new Key(driverId, reading, location)));
        taken.forEach((location, document) -> documents.put(new Key(driverId, reading, location), document));
    }

    /** Returns the locations that were not read, as an earlier process had read them, in the order in which they were asked for. */
    public synchronized List<String> recalled() {
        return List.copyOf(recalled);
    }
}
