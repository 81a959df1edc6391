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
    /** So many reasons are given for what may be stated by something nobody can read; all of them stand in the snapshot once. */
    private static final int REASONS = 10;

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

    /**
     * Judges what a source has.
     *
     * @param last what was served last, if only by an earlier process: what is in it does not vanish by an error
     */
    Judged judge(PolicySnapshot current, PolicySnapshot last, LoadResult loaded) {
        Judged whole = review(candidate(current, loaded.policies(), loaded.errors(), Map.of(), List.of()), List.of());
        if (whole.verdict().passes() || onInvalid == OnInvalid.HOLD) {
            return whole;
        }
        return onInvalid == OnInvalid.QUARANTINE ? quarantine(whole, last, loaded) : isolate(whole, loaded);
    }

    /** Judges a set that somebody made or returns to. Nothing of it is left out: what the settings say of broken parts is for sources. */
    Judged judge(PolicySnapshot current, PolicySnapshot target) {
        return review(of(current, target), List.of());
    }

    /** Returns the step to a whole set, unjudged. */
    Candidate of(PolicySnapshot current, PolicySnapshot target) {
        return candidate(current, target.policies(), List.of(), target.quarantined(), target.leftOut());
    }

    private Judged review(Candidate candidate, List<Finding> heldBack) {
        return new Judged(candidate, gates.review(candidate), heldBack);
    }

    private static Candidate candidate(
            PolicySnapshot current,
            PolicySet policies,
            List<LoadError> errors,
            Map<PolicyId, List<Finding>> quarantined,
            List<Finding> leftOut) {
        return new Candidate(current, policies, current.policies().differences(policies), errors, quarantined, leftOut);
    }

    /** Blocks what is broken or lost, and what is found broken once that is blocked, until the rest stands. */
    private Judged quarantine(Judged whole, PolicySnapshot last, LoadResult loaded) {
        Judged judged = whole;
        List<Finding> leftOut = unknown(loaded);
        Map<PolicyId, List<Finding>> blocked = lost(last, loaded);
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
            Candidate next = candidate(whole.candidate().current(), rest, List.of(), blocked, leftOut);
            judged = review(next, List.copyOf(heldBack));
        }
        // That what is lost is blocked must not hide from the guard how much of it there is.
        return new Judged(judged.candidate(), judged.verdict().shrunkAs(whole.verdict()), judged.heldBack());
    }

    /** Returns what is wrong with the locations of which it is not known what they state. */
    private static List<Finding> unknown(LoadResult loaded) {
        return loaded.errors().stream()
                .filter(LoadError::mayStateMore)
                .flatMap(error -> error.findings().stream())
                .distinct()
                .toList();
    }

    /** Returns what was there last and is not any more, while something may state it that nobody can read: it is not known to be gone. */
    private static Map<PolicyId, List<Finding>> lost(PolicySnapshot last, LoadResult loaded) {
        Map<PolicyId, List<Finding>> lost = new HashMap<>();
        List<Finding> reasons = unknown(loaded).stream().limit(REASONS).toList();
        if (reasons.isEmpty()) {
            return lost;
        }
        last.policies().differences(loaded.policies()).stream()
                .filter(last.policies()::contains)
                .forEach(id -> lost.put(id, reasons));
        last.quarantined().keySet().forEach(id -> lost.put(id, reasons));
        lost.keySet().removeIf(loaded.policies()::contains);
        loaded.errors().forEach(error -> lost.keySet().removeAll(error.affected()));
        return lost;
    }

    /** Keeps what is served for the groups that something broken belongs to, and takes the rest. */
    private Judged isolate(Judged whole, LoadResult loaded) {
        PolicySnapshot current = whole.candidate().current();
        Set<PolicyId> broken = new HashSet<>(brokenIds(whole, loaded.errors()).keySet());
        broken.addAll(lost(current, loaded).keySet());
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
        Set<PolicyId> group = PolicyGroups.around(broken, current.policies(), loaded.policies());
        Map<PolicyId, Optional<Policy>> kept = new HashMap<>();
        group.forEach(id -> kept.put(id, current.policies().find(id)));
        Map<PolicyId, List<Finding>> blocked = new HashMap<>(current.quarantined()); // By what was set until now.
        blocked.keySet().retainAll(group);
        List<Finding> leftOut = unknown(loaded).isEmpty() ? List.of() : current.leftOut();
        Judged rest = review(
                candidate(current, loaded.policies().with(kept), List.of(), blocked, leftOut),
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
