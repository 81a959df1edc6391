package io.authzengine.storage.internal;

import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Builds the candidate that comes nearest to what the backend holds and that may be served: all of it, or, where the settings allow, all
 * but what is broken.
 */
final class Candidates {
    private final OnInvalid onInvalid;
    private final GateChain gates;

    Candidates(OnInvalid onInvalid, GateChain gates) {
        this.onInvalid = onInvalid;
        this.gates = gates;
    }

    /**
     * A candidate with the gates' verdict.
     *
     * @param heldBack what is wrong with the parts the candidate leaves out; empty if it leaves out nothing
     */
    record Judged(Candidate candidate, GateChain.Verdict verdict, List<Finding> heldBack) {
        /** Returns all that is wrong with what the backend holds. */
        List<Finding> findings() {
            List<Finding> all = new ArrayList<>(heldBack);
            all.addAll(verdict.all());
            return all;
        }
    }

    Judged judge(PolicySnapshot current, LoadResult loaded) {
        Judged whole = review(candidate(current, loaded.policies(), loaded.errors(), Map.of()), List.of());
        if (whole.verdict().passes() || onInvalid == OnInvalid.HOLD) {
            return whole;
        }
        return onInvalid == OnInvalid.QUARANTINE ? quarantine(whole, loaded) : isolate(whole, loaded);
    }

    /** Judges a set that somebody made or returns to. Nothing of it is left out: what the settings say of broken parts is for sources. */
    Judged judge(PolicySnapshot current, PolicySet policies, Map<PolicyId, List<Finding>> quarantined) {
        return review(of(current, policies, quarantined), List.of());
    }

    /** Returns the step to a whole set, unjudged. */
    Candidate of(PolicySnapshot current, PolicySet policies, Map<PolicyId, List<Finding>> quarantined) {
        return candidate(current, policies, List.of(), quarantined);
    }

    private Judged review(Candidate candidate, List<Finding> heldBack) {
        return new Judged(candidate, gates.review(candidate), heldBack);
    }

    private static Candidate candidate(
            PolicySnapshot current,
            PolicySet policies,
            List<LoadError> errors,
            Map<PolicyId, List<Finding>> quarantined) {
        return new Candidate(current, policies, current.policies().differences(policies), errors, quarantined);
    }

    /** Blocks what is broken, and what is found broken once that is blocked, until the rest stands. */
    private Judged quarantine(Judged whole, LoadResult loaded) {
        Judged judged = whole;
        Map<PolicyId, List<Finding>> blocked = new HashMap<>();
        List<Finding> heldBack = new ArrayList<>();
        List<LoadError> errors = loaded.errors();
        while (!judged.verdict().passes()) {
            Map<PolicyId, List<Finding>> broken = brokenIds(judged, errors);
            broken.keySet().removeAll(blocked.keySet());
            boolean progress = !broken.isEmpty() || !errors.isEmpty();
            if (!progress) {
                return whole; // An error that blocking cannot end: everything waits.
            }
            heldBack.addAll(judged.verdict().findings());
            blocked.putAll(broken);
            errors = List.of();
            PolicySet rest = loaded.policies().with(removal(blocked.keySet()));
            judged = review(candidate(whole.candidate().current(), rest, List.of(), blocked), List.copyOf(heldBack));
        }
        return judged;
    }

    /** Keeps what is served for the groups that something broken belongs to, and takes the rest. */
    private Judged isolate(Judged whole, LoadResult loaded) {
        PolicySnapshot current = whole.candidate().current();
        Map<PolicyId, List<Finding>> broken = brokenIds(whole, loaded.errors());
        boolean somethingIsNobodys =
                loaded.errors().stream().anyMatch(error -> error.affected().isEmpty())
                        || whole.verdict().findings().stream()
                                .filter(Finding::isError)
                                .filter(finding -> finding.policyId().isEmpty())
                                .anyMatch(finding -> loaded.errors().stream()
                                        .noneMatch(error -> error.findings().contains(finding)));
        if (current.version().isNone() || somethingIsNobodys) {
            return whole;
        }
        Set<PolicyId> group = PolicyGroups.around(broken.keySet(), current.policies(), loaded.policies());
        Map<PolicyId, Optional<Policy>> kept = new HashMap<>();
        group.forEach(id -> kept.put(id, current.policies().find(id)));
        Judged rest = review(
                candidate(current, loaded.policies().with(kept), List.of(), Map.of()),
                whole.verdict().findings());
        return rest.verdict().passes() ? rest : whole;
    }

    private static Map<PolicyId, List<Finding>> brokenIds(Judged judged, List<LoadError> errors) {
        Map<PolicyId, List<Finding>> broken = new HashMap<>();
        for (LoadError error : errors) {
            error.affected()
                    .forEach(id ->
                            broken.computeIfAbsent(id, key -> new ArrayList<>()).addAll(error.findings()));
        }
        for (Finding finding : judged.verdict().findings()) {
            if (finding.isError()) {
                finding.policyId()
                        .ifPresent(id -> broken.computeIfAbsent(id, key -> new ArrayList<>())
                                .add(finding));
            }
        }
        return broken;
    }

    private static Map<PolicyId, Optional<Policy>> removal(Set<PolicyId> ids) {
        Map<PolicyId, Optional<Policy>> removal = new HashMap<>();
        new HashSet<>(ids).forEach(id -> removal.put(id, Optional.empty()));
        return removal;
    }
}
