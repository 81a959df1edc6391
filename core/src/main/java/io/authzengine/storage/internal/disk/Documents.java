package io.authzengine.storage.internal.disk;

import io.authzengine.storage.driver.DocumentCache;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The documents of all drivers as they were last read, and which of them the disk does not have yet. Thread-safe. */
final class Documents implements DocumentCache {
    /** Which document. */
    record Key(String driverId, String location) {}

    /** What it said, and how it was read. */
    record Read(String reading, Document document) {}

    // All guarded by this.
    private Supplier<Map<Key, Read>> onDisk = Map::of;
    private final Map<Key, Read> known = new HashMap<>();
    private final Map<Key, Optional<Read>> unwritten = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    /** Begins with what the disk has, once that is needed. */
    synchronized void restore(Supplier<Map<Key, Read>> fromDisk) {
        onDisk = fromDisk;
    }

    private Map<Key, Read> known() {
        known.putAll(onDisk.get());
        onDisk = Map::of;
        return known;
    }

    @Override
    public synchronized Optional<Document> find(String driverId, String reading, String location, String token) {
        Read read = known().get(new Key(driverId, location));
        return read != null
                        && read.reading().equals(reading)
                        && read.document().token().equals(token)
                ? Optional.of(read.document())
                : Optional.empty();
    }

    @Override
    public synchronized void keep(String driverId, String reading, Map<String, Document> taken, Set<String> gone) {
        if (seen.add(driverId)) {
            Set<Key> old = new HashSet<>(known().keySet());
            old.removeIf(key -> !key.driverId().equals(driverId) || taken.containsKey(key.location()));
            old.forEach(this::forget);
        }
        gone.forEach(location -> forget(new Key(driverId, location)));
        taken.forEach((location, document) -> {
            Key key = new Key(driverId, location);
            Read read = new Read(reading, document);
            if (!read.equals(known().put(key, read))) {
                unwritten.put(key, Optional.of(read));
            }
        });
    }

    private void forget(Key key) {
        if (known().remove(key) != null) {
            unwritten.put(key, Optional.empty());
        }
    }

    /** Returns all there is. */
    synchronized Map<Key, Read> all() {
        return new HashMap<>(known());
    }

    /** Returns what the disk does not have yet: what a document says now, or empty if it is gone. */
    synchronized Map<Key, Optional<Read>> unwritten() {
        return new HashMap<>(unwritten);
    }

    /** The disk has {@code changes} now. */
    synchronized void written(Map<Key, Optional<Read>> changes) {
        changes.forEach(unwritten::remove);
    }
}
