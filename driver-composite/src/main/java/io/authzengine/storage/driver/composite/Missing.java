package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a driver stated and states no more, while it has a location that may state it and cannot be read: nobody knows whether it is gone.
 * What others say of it must not take its place, so it stays as it was. Not thread-safe.
 */
final class Missing {
    private static final int NAMED = 3;

    private final NavigableMap<PolicyId, Optional<Policy>> lost = new TreeMap<>();
    private final Set<PolicyId> kept = new HashSet<>();
    private LoadResult taken;

    Missing(String driverId) {
        taken = LoadResult.none(driverId);
    }

    /** Says what it stated, or may have stated, in an earlier process; of what it was, nothing is kept. Comes before anything is taken in. */
    void statedBefore(Set<PolicyId> ids) {
        ids.forEach(id -> lost.put(id, Optional.empty()));
    }

    /** Takes in what the driver has now. */
    void take(LoadResult now) {
        if (!now.isLoaded()) {
            return;
        }
        if (!taken.isLoaded()) {
            lost.keySet().removeIf(now.policies()::contains);
        }
        if (now.errors().stream().noneMatch(LoadError::mayStateMore)) {
            lost.clear(); // All was read: what is not there is gone.
        } else {
            for (PolicyId id : taken.policies().differences(now.policies())) {
                if (now.policies().contains(id)) {
                    lost.remove(id);
                } else {
                    lost.put(id, taken.policies().find(id));
                }
            }
        }
        taken = now;
        kept.clear();
        kept.addAll(lost.keySet());
    }

    /** Keeps only what {@code replaced} holds for. What nobody else speaks of is missing in the result, where the guard can see it. */
    void keepOnly(Predicate<PolicyId> replaced) {
        kept.removeIf(replaced.negate());
    }

    /** Returns the policies the driver has, and those that are kept. */
    PolicySet policies() {
        NavigableMap<PolicyId, Optional<Policy>> added = new TreeMap<>(lost);
        added.keySet().retainAll(kept);
        return taken.policies().with(added);
    }

    /**
     * Returns that policies were kept, as an error of a location that may state them. It is one of its own: as long as nobody knows what the
     * location states, it must not look as if it were known to state these.
     */
    Optional<LoadError> error() {
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        return taken.errors().stream()
                .filter(LoadError::mayStateMore)
                .findFirst()
                .map(unread -> {
                    String named = String.join(
                            ", ",
                            kept.stream()
                                    .sorted()
                                    .limit(NAMED)
                                    .map(PolicyId::toString)
                                    .toList());
                    String more = kept.size() > NAMED ? " and " + (kept.size() - NAMED) + " more" : "";
                    Finding finding = Finding.error(
                                    unread.code(),
                                    unread.findings().get(0).place(),
                                    "cannot be read and may state " + named + more + ", which " + taken.driverId()
                                            + " had; what other drivers say of that does not take its place")
                            .fix("mend or remove the document");
                    return new LoadError(unread.source(), List.of(finding), kept, unread.since(), false);
                });
    }
}
