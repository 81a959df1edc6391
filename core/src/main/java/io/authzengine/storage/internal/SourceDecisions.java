package io.authzengine.storage.internal;

import io.authzengine.storage.StoreStatus.Departure;
import io.authzengine.storage.StoreStatus.Departure.Reason;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was decided against the source. A set that a rollback left, or that changes by hand were laid over, is set aside: it is not applied
 * again, however often the source is looked at, until the source holds another that is served. A pin holds all of them off. Not
 * thread-safe: the store's writer lock guards it.
 */
final class SourceDecisions {
    private final int limit;
    private final ArrayDeque<SetAside> setAside = new ArrayDeque<>();
    private final Map<Reason, Departure> departures = new EnumMap<>(Reason.class);
    private LoadResult seen;

    /**
     * A set that is not to be applied.
     *
     * @param broken the locations that were broken then; once one of them is mended, the source has moved on
     */
    private record SetAside(PolicySet policies, Set<String> broken) {
        boolean covers(LoadResult loaded) {
            return policies.sameContentAs(loaded.policies()) && brokenIn(loaded).containsAll(broken);
        }
    }

    /** @param limit how many sets are kept in mind; the oldest are forgotten first */
    SourceDecisions(int limit, String driverId) {
        this.limit = limit;
        this.seen = LoadResult.none(driverId);
    }

    private static Set<String> brokenIn(LoadResult loaded) {
        return loaded.errors().stream().map(LoadError::source).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether {@code loaded} is not to be applied, as the store is pinned or it was decided on already. */
    boolean standAgainst(LoadResult loaded) {
        seen = loaded;
        return departures.containsKey(Reason.PINNED) || setAside.stream().anyMatch(aside -> aside.covers(loaded));
    }

    /** What the source holds is served: all that was decided before is over. */
    void followed() {
        setAside.clear();
        departures.remove(Reason.ROLLED_BACK);
        departures.remove(Reason.CHANGED_BY_HAND);
    }

    /** Somebody made {@code served} of {@code left}. */
    void decided(Reason reason, PolicySnapshot left, PolicySnapshot served) {
        // Only what the store has taken note of is decided on; what has just come is the source moving on.
        if (seen.complete() && seen.isLoaded() && seen.policies().sameContentAs(served.policies())) {
            followed();
            return;
        }
        setAside.removeIf(aside -> aside.broken().isEmpty() && aside.policies().sameContentAs(served.policies()));
        if (reason == Reason.ROLLED_BACK) {
            add(new SetAside(left.policies(), Set.of()));
        }
        if (seen.isLoaded()) {
            add(new SetAside(seen.policies(), brokenIn(seen)));
        }
        departures.put(
                reason,
                new Departure(
                        reason, served.version().createdAt(), served.version().note()));
    }

    private void add(SetAside aside) {
        setAside.removeIf(known ->
                known.broken().equals(aside.broken()) && known.policies().sameContentAs(aside.policies()));
        setAside.addLast(aside);
        while (setAside.size() > limit) {
            setAside.removeFirst();
        }
    }

    void pin(Note note, Instant at) {
        departures.put(Reason.PINNED, new Departure(Reason.PINNED, at, note));
    }

    void unpin() {
        departures.remove(Reason.PINNED);
    }

    List<Departure> departures() {
        return List.copyOf(departures.values());
    }
}
