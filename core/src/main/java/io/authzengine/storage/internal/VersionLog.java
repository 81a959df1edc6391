package io.authzengine.storage.internal;

import io.authzengine.storage.PolicyHistory.Statistics;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/** Remembers the last sets that were served; the oldest go first, by number and by age, the current one never. Thread-safe. */
final class VersionLog {
    private final int maxVersions;
    private final Optional<Duration> maxAge;
    private final LongSupplier ticker; // Ages are intervals: a wall clock that is set does not make anything older.
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(); // Guarded by itself.

    /** A set, and since when it is served. */
    private record Entry(PolicySnapshot snapshot, long since) {}

    VersionLog(int maxVersions, Optional<Duration> maxAge, LongSupplier ticker) {
        this.maxVersions = maxVersions;
        this.maxAge = maxAge;
        this.ticker = ticker;
    }

    /** Begins with what an earlier process remembered, oldest first. */
    void restore(List<PolicySnapshot> earlier) {
        earlier.forEach(this::add);
    }

    /** Remembers {@code served} as the newest; one that was restored is served again under its own number. */
    void add(PolicySnapshot served) {
        synchronized (entries) {
            entries.removeIf(known ->
                    known.snapshot().version().number() == served.version().number());
            entries.addLast(new Entry(served, ticker.getAsLong()));
            while (entries.size() > maxVersions) {
                entries.removeFirst();
            }
        }
    }

    /** Returns all that is remembered, oldest first. */
    List<PolicySnapshot> all() {
        synchronized (entries) {
            forgetTheOld();
            return entries.stream().map(Entry::snapshot).toList();
        }
    }

    /** A version is as old as the one that took its place: what was served for a year until a minute ago is the best way back there is. */
    private void forgetTheOld() {
        if (maxAge.isEmpty() || entries.size() < 2) {
            return;
        }
        long now = ticker.getAsLong();
        List<Entry> known = new ArrayList<>(entries);
        for (int i = 1;
                i < known.size()
                        && maxAge.get()
                                        .compareTo(Duration.ofNanos(
                                                now - known.get(i).since()))
                                < 0;
                i++) {
            entries.removeFirst();
        }
    }

    /** Returns what was served last, be it by an earlier process. */
    Optional<PolicySnapshot> last() {
        synchronized (entries) {
            return Optional.ofNullable(entries.peekLast()).map(Entry::snapshot);
        }
    }

    List<PolicyVersion> versions() {
        return all().stream().map(PolicySnapshot::version).toList();
    }

    Optional<PolicySnapshot> find(long number) {
        return all().stream()
                .filter(snapshot -> snapshot.version().number() == number)
                .findFirst();
    }

    /**
     * Returns the nearest set on the way back that says something else than the current one. The way back from a rollback leads on from where
     * that returned to, so that going back twice leads further back.
     */
    Optional<PolicySnapshot> previous() {
        List<PolicySnapshot> known = all();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        PolicySnapshot current = known.get(known.size() - 1);
        Optional<PolicySnapshot> at = Optional.of(current);
        while (at.isPresent() && at.get().sameContentAs(current)) {
            at = before(at.get().version(), known);
        }
        return at;
    }

    private static Optional<PolicySnapshot> before(PolicyVersion version, List<PolicySnapshot> known) {
        OptionalLong target = version.rolledBackTo();
        return known.stream()
                .filter(snapshot -> target.isPresent()
                        ? snapshot.version().number() == target.getAsLong()
                        : snapshot.version().number() < version.number())
                .max(Comparator.comparing(PolicySnapshot::version));
    }

    Optional<PolicySnapshot> asOf(Instant instant) {
        return all().stream()
                .filter(snapshot -> !snapshot.version().createdAt().isAfter(instant))
                .max(Comparator.comparing(PolicySnapshot::version));
    }

    /**
     * Returns the latest version with the same content as {@code policies}.
     *
     * @param changed in what they differ from the current version
     */
    OptionalLong sameAs(PolicySet policies, Set<PolicyId> changed) {
        Optional<PolicyId> sample = changed.stream().findAny(); // Tells nearly all others apart by one look-up.
        return all().stream()
                .filter(known ->
                        sample.isEmpty() || hash(known.policies(), sample.get()).equals(hash(policies, sample.get())))
                .filter(known -> known.policies().sameContentAs(policies))
                .mapToLong(known -> known.version().number())
                .max();
    }

    private static Optional<String> hash(PolicySet policies, PolicyId id) {
        return policies.find(id).map(Policy::metadata).map(metadata -> metadata.contentHash());
    }

    Statistics statistics() {
        List<PolicyVersion> known = versions();
        if (known.isEmpty()) {
            return new Statistics(0, maxVersions, 0, 0, Optional.empty(), Optional.empty());
        }
        PolicyVersion oldest = known.get(0);
        PolicyVersion latest = known.get(known.size() - 1);
        return new Statistics(
                known.size(),
                maxVersions,
                latest.number(),
                oldest.number(),
                Optional.of(oldest.createdAt()),
                Optional.of(latest.createdAt()));
    }
}
