package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.composite.Conflict.Claim;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is to be seen of the sets of several drivers. A change of one set costs as much as that change. Not thread-safe.
 */
final class EffectiveView {
    private final List<String> driverIds;
    private final Arbiter arbiter;
    private final KeyIndex index;
    private final NavigableMap<String, Contest> contests = new TreeMap<>();
    private final NavigableMap<String, List<Finding>> warnings = new TreeMap<>();
    private List<PolicySet> sets;
    private PolicySet effective = PolicySet.EMPTY;

    /**
     * A key nobody could decide on.
     *
     * @param held the ids served under it before, which stay
     */
    private record Contest(List<Finding> findings, Set<PolicyId> claimed, Set<PolicyId> held, Instant since) {}

    /** @param driverIds the drivers in the order of their priority */
    EffectiveView(List<String> driverIds, Arbiter arbiter, ConflictKey key) {
        this.driverIds = driverIds;
        this.arbiter = arbiter;
        this.index = KeyIndex.of(key, driverIds.size());
        this.sets = driverIds.stream().map(id -> PolicySet.EMPTY).toList();
    }

    /**
     * Takes in what the drivers have now.
     *
     * @return the ids whose policies may have changed
     */
    Set<PolicyId> update(List<PolicySet> now, Instant at) {
        Set<String> keys = new LinkedHashSet<>();
        Map<String, Set<PolicyId>> membersBefore = new HashMap<>();
        for (int i = 0; i < now.size(); i++) {
            for (PolicyId id : sets.get(i).differences(now.get(i))) {
                Optional<Policy> before = sets.get(i).find(id);
                Optional<Policy> after = now.get(i).find(id);
                for (String key : index.replace(i, before, after)) {
                    keys.add(key);
                    before.ifPresent(policy -> membersBefore
                            .computeIfAbsent(key, k -> new HashSet<>())
                            .add(id));
                }
            }
        }
        sets = List.copyOf(now);
        Map<PolicyId, Optional<Policy>> changes = new HashMap<>();
        for (String key : keys) {
            decide(key, membersBefore.getOrDefault(key, Set.of()), at, changes);
        }
        effective = effective.with(changes);
        return changes.keySet();
    }

    private void decide(String key, Set<PolicyId> membersBefore, Instant at, Map<PolicyId, Optional<Policy>> changes) {
        List<Claim> claims = claims(key);
        Ruling ruling = arbiter.decide(claims);
        Contest before = contests.remove(key);
        if (ruling.warnings().isEmpty()) {
            warnings.remove(key);
        } else {
            warnings.put(key, ruling.warnings());
        }
        Set<PolicyId> concerned = new HashSet<>(membersBefore);
        claims.forEach(claim -> concerned.add(claim.policy().id()));
        if (before != null) {
            concerned.addAll(before.held());
        }
        if (ruling.isContested()) {
            Set<PolicyId> claimed = new HashSet<>();
            claims.forEach(claim -> claimed.add(claim.policy().id()));
            Set<PolicyId> held = new HashSet<>(concerned);
            held.removeIf(id -> !effective.contains(id));
            contests.put(key, new Contest(ruling.contest(), claimed, held, before == null ? at : before.since()));
            return; // Nobody wins, so what was there stays.
        }
        concerned.forEach(id -> changes.put(id, Optional.empty()));
        ruling.served().forEach(policy -> changes.put(policy.id(), Optional.of(policy)));
    }

    private List<Claim> claims(String key) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < driverIds.size(); i++) {
            String driverId = driverIds.get(i);
            for (PolicyId id : index.members(i, key)) {
                sets.get(i).find(id).ifPresent(policy -> claims.add(new Claim(driverId, policy)));
            }
        }
        return claims;
    }

    /** Returns what is to be seen. */
    PolicySet effective() {
        return effective;
    }

    /** Returns the policies that compete with the one called {@code id}, itself among them, in the order of priority. */
    List<Claim> competitors(PolicyId id) {
        Set<String> keys = new LinkedHashSet<>();
        sets.forEach(set -> set.find(id).map(index::key).ifPresent(keys::add));
        return keys.stream().flatMap(key -> claims(key).stream()).toList();
    }

    /** Returns the keys nobody could decide on, each claim's place as an error of its location. */
    List<LoadError> errors() {
        List<LoadError> errors = new ArrayList<>();
        contests.values()
                .forEach(contest -> contest.findings()
                        .forEach(finding -> errors.add(new LoadError(
                                finding.place().location(),
                                List.of(finding),
                                contest.claimed(),
                                contest.since(),
                                false))));
        return errors;
    }

    /** Returns what is to be said although it was decided. */
    List<Finding> warnings() {
        return warnings.values().stream().flatMap(List::stream).toList();
    }
}
