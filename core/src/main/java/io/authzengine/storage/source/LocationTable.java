package io.authzengine.storage.source;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is known of each location of a backend, and which location each policy comes from. Only the loop touches it, one look at a
 * time; {@link #apply} is made of assignments alone, so a look is taken in wholly or not at all.
 */
final class LocationTable {
    private final Map<String, LocationState> locations = new HashMap<>();
    private final Map<PolicyId, String> owner = new HashMap<>();
    private final NavigableMap<String, LoadError> broken = new TreeMap<>();
    private final NavigableMap<String, List<Finding>> warned = new TreeMap<>();
    private final NavigableMap<String, List<Finding>> doubted = new TreeMap<>();
    private final NavigableMap<PolicyId, Contest> contested = new TreeMap<>();

    /** An id that several locations claim. */
    private record Contest(NavigableSet<String> claimants, Instant since) {}

    /**
     * What a manifest asks for.
     *
     * @param toRead entries whose content is not known
     * @param gone locations that are there no more
     */
    record Diff(List<SourceEntry> toRead, Set<String> gone) {}

    LocationState at(String location) {
        return locations.getOrDefault(location, LocationState.UNKNOWN);
    }

    /**
     * Compares {@code manifest} with what is known. "Gone" comes from a complete manifest, or from a delta that says so.
     *
     * @param anyway whether a location is to be read although its content is known
     */
    Diff diff(Manifest manifest, Predicate<String> anyway) {
        List<SourceEntry> toRead = new ArrayList<>();
        for (SourceEntry entry : manifest.entries().values()) {
            boolean known =
                    !entry.token().isEmpty() && at(entry.location()).token().equals(entry.token());
            if (!known || anyway.test(entry.location())) {
                toRead.add(entry);
            }
        }
        Set<String> gone = new HashSet<>();
        if (manifest.isComplete()) {
            gone.addAll(locations.keySet());
            gone.removeAll(manifest.entries().keySet());
            manifest.refused().forEach(refused -> gone.remove(refused.location()));
        } else {
            gone.addAll(manifest.gone());
            gone.retainAll(locations.keySet());
        }
        return new Diff(toRead, gone);
    }

    /**
     * Takes in what a look found.
     *
     * @return what changes in the set: by id, the policy there is now, or empty if there is none. An id that several locations claim is
     *     not in it: what was there stays, as neither claim wins
     */
    Map<PolicyId, Optional<Policy>> apply(Map<String, LocationState> updated, Set<String> gone, Instant now) {
        Map<PolicyId, Instant> since = new HashMap<>();
        contested.forEach((id, contest) -> since.put(id, contest.since()));
        Set<PolicyId> touched = new LinkedHashSet<>();
        gone.forEach(location -> touched.addAll(release(location)));
        updated.keySet().forEach(location -> touched.addAll(release(location)));
        updated.forEach((location, state) -> touched.addAll(claim(location, state, id -> since.getOrDefault(id, now))));
        Map<PolicyId, Optional<Policy>> changes = new HashMap<>();
        for (PolicyId id : touched) {
            if (!contested.containsKey(id)) {
                changes.put(id, Optional.ofNullable(owner.get(id)).map(location -> policyAt(location, id)));
            }
        }
        return changes;
    }

    private Set<PolicyId> release(String location) {
        LocationState before = locations.remove(location);
        broken.remove(location);
        warned.remove(location);
        doubted.remove(location);
        if (before == null) {
            return Set.of();
        }
        Set<PolicyId> ids = before.ids();
        for (PolicyId id : ids) {
            Contest contest = contested.get(id);
            if (contest == null) {
                owner.remove(id);
            } else {
                contest.claimants().remove(location);
                if (contest.claimants().size() == 1) {
                    contested.remove(id);
                    owner.put(id, contest.claimants().first());
                }
            }
        }
        return ids;
    }

    private Set<PolicyId> claim(String location, LocationState state, Function<PolicyId, Instant> since) {
        locations.put(location, state);
        state.error().ifPresent(error -> broken.put(location, error));
        if (!state.warnings().isEmpty()) {
            warned.put(location, state.warnings());
        }
        if (!state.doubts().isEmpty()) {
            doubted.put(location, state.doubts());
        }
        Set<PolicyId> ids = state.ids();
        for (PolicyId id : ids) {
            Contest contest = contested.get(id);
            if (contest != null) {
                contest.claimants().add(location);
                continue;
            }
            String other = owner.putIfAbsent(id, location);
            if (other != null && !other.equals(location)) {
                owner.remove(id);
                contested.put(id, new Contest(new TreeSet<>(List.of(other, location)), since.apply(id)));
            }
        }
        return ids;
    }

    private Policy policyAt(String location, PolicyId id) {
        return at(location).policies().stream()
                .filter(policy -> policy.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Returns all that is wrong at present, in order of location. */
    List<LoadError> errors() {
        if (contested.isEmpty()) {
            return List.copyOf(broken.values());
        }
        List<LoadError> errors = new ArrayList<>(broken.values());
        contested.forEach((id, contest) -> contest.claimants()
                .forEach(location -> errors.add(new LoadError(
                        location, List.of(duplicate(id, location, contest)), Set.of(id), contest.since(), false))));
        errors.sort(Comparator.comparing(LoadError::source));
        return errors;
    }

    /** Returns what is to be said of locations that were taken all the same, in order of location. */
    List<Finding> warnings() {
        return Stream.of(warned, doubted)
                .flatMap(findings -> findings.values().stream())
                .flatMap(List::stream)
                .sorted(Comparator.comparing(finding -> finding.place().location()))
                .toList();
    }

    /** Returns the first place in which the backend contradicts itself, if there is one. */
    Optional<Finding> doubt() {
        return doubted.values().stream().flatMap(List::stream).findFirst();
    }

    private Finding duplicate(PolicyId id, String location, Contest contest) {
        List<String> others = contest.claimants().stream()
                .filter(other -> !other.equals(location))
                .map(other -> other + ":"
                        + policyAt(other, id).metadata().provenance().line())
                .toList();
        int line = policyAt(location, id).metadata().provenance().line();
        return Finding.error(
                        ErrorCode.VALIDATION_ERROR,
                        new Place(location, line, 1),
                        id + " is also defined in " + String.join(", ", others) + "; neither of them is taken")
                .fix("remove one of them, or give it another version or scope")
                .about(id);
    }
}
