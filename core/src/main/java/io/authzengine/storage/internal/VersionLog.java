package io.authzengine.storage.internal;

import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Remembers the last few sets that were served; the oldest go first, the current one never. Thread-safe. */
final class VersionLog implements PolicyHistory {
    private final int maxVersions;
    private final ArrayDeque<PolicySnapshot> snapshots = new ArrayDeque<>(); // Guarded by itself.

    VersionLog(int maxVersions) {
        this.maxVersions = maxVersions;
    }

    /** Begins with what an earlier process remembered, oldest first. */
    void restore(List<PolicySnapshot> earlier) {
        earlier.forEach(this::add);
    }

    /** Remembers {@code served} as the newest; one that was restored is served again under its own number. */
    void add(PolicySnapshot served) {
        synchronized (snapshots) {
            snapshots.removeIf(
                    known -> known.version().number() == served.version().number());
            snapshots.addLast(served);
            while (snapshots.size() > maxVersions) {
                snapshots.removeFirst();
            }
        }
    }

    List<PolicySnapshot> all() {
        synchronized (snapshots) {
            return new ArrayList<>(snapshots);
        }
    }

    @Override
    public List<PolicyVersion> versions() {
        return all().stream().map(PolicySnapshot::version).toList();
    }

    @Override
    public Optional<PolicySnapshot> find(long number) {
        return all().stream()
                .filter(snapshot -> snapshot.version().number() == number)
                .findFirst();
    }

    @Override
    public Optional<PolicySnapshot> previous() {
        List<PolicySnapshot> known = all();
        return known.size() < 2 ? Optional.empty() : Optional.of(known.get(known.size() - 2));
    }
}
