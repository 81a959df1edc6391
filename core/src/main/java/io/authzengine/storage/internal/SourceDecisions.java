package io.authzengine.storage.internal;

import io.authzengine.storage.StoreStatus.Departure;
import io.authzengine.storage.StoreStatus.Departure.Reason;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.internal.disk.Decisions;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

    private long number;

    /**
     * A set that is not to be applied.
     *
     * @param same whether another holds the same
     * @param broken the locations that were broken then; once one of them is mended, the source has moved on
     */
    private record SetAside(Predicate<PolicySet> same, Supplier<String> digest, Set<String> broken) {
        static SetAside of(PolicySet policies, Set<String> broken) {
            return new SetAside(policies::sameContentAs, policies::digest, broken);
        }

        /** One that an earlier process set aside: only its digest is known. */
        static SetAside of(Decisions.Aside left) {
            return new SetAside(other -> left.digest().get().equals(other.digest()), left.digest(), left.broken());
        }

        boolean covers(LoadResult loaded) {
            return same.test(loaded.policies()) && brokenIn(loaded).containsAll(broken);
        }
    }

    /** @param limit how many sets are kept in mind; the oldest are forgotten first */
    SourceDecisions(int limit, String driverId) {
        this.limit = limit;
        this.seen = LoadResult.none(driverId);
    }

    /** Goes on from what an earlier process decided. */
    void restore(Decisions left) {
        number = left.number();
        left.aside().forEach(aside -> setAside.addLast(SetAside.of(aside)));
        left.standing().forEach(decision -> {
            Reason reason = Reason.valueOf(decision.reason());
            departures.put(reason, new Departure(reason, decision.since(), decision.note()));
        });
    }

    /** Returns all that a later process has to know. */
    Decisions kept() {
        return new Decisions(
                number,
                setAside.stream()
                        .map(aside -> new Decisions.Aside(aside.digest(), aside.broken()))
                        .toList(),
                departures.values().stream()
                        .map(departure ->
                                new Decisions.Standing(departure.reason().name(), departure.since(), departure.note()))
                        .toList());
    }

    /** Returns whether what is served is not simply what the source holds. */
    boolean stand() {
        return !departures.isEmpty();
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
        boolean stood = !setAside.isEmpty();
        setAside.clear();
        stood |= departures.remove(Reason.ROLLED_BACK) != null;
        stood |= departures.remove(Reason.CHANGED_BY_HAND) != null;
        if (stood) {
            number++;
        }
    }

    /** Somebody made {@code served} of {@code left}. */
    void decided(Reason reason, PolicySnapshot left, PolicySnapshot served) {
        // Only what the store has taken note of is decided on; what has just come is the source moving on.
        if (seen.complete() && seen.isLoaded() && seen.policies().sameContentAs(served.policies())) {
            followed();
            return;
        }
        number++;
        setAside.removeIf(aside -> aside.broken().isEmpty() && aside.same().test(served.policies()));
        if (reason == Reason.ROLLED_BACK) {
            add(left.policies(), Set.of());
        }
        if (seen.isLoaded()) {
            add(seen.policies(), brokenIn(seen));
        }
        departures.put(
                reason,
                new Departure(
                        reason, served.version().createdAt(), served.version().note()));
    }

    private void add(PolicySet policies, Set<String> broken) {
        setAside.removeIf(known -> known.broken().equals(broken) && known.same().test(policies));
        setAside.addLast(SetAside.of(policies, broken));
        while (setAside.size() > limit) {
            setAside.removeFirst();
        }
    }

    void pin(Note note, Instant at) {
        number++;
        departures.put(Reason.PINNED, new Departure(Reason.PINNED, at, note));
    }

    void unpin() {
        if (departures.remove(Reason.PINNED) != null) {
            number++;
        }
    }

    List<Departure> departures() {
        return List.copyOf(departures.values());
    }
}
