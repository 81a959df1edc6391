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

    void add(PolicySnapshot served) {
        synchronized (snapshots) {
            snapshots.addLast(served);
            while (snapshots.size() > maxVersions) {
                snapshots.removeFirst();
            }
        }
    }

    private List<PolicySnapshot> all() {
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
