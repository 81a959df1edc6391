package io.authzengine.storage.gate;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.RolePolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks for role policies that are, through their parent roles, parents of themselves. Starts at those that changed. */
final class ParentRoleCycles {
    private final Candidate candidate;
    private final List<Policy> toFollow = new ArrayList<>();
    private final Set<PolicyId> cleared = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();

    ParentRoleCycles(Candidate candidate) {
        this.candidate = candidate;
    }

    void check(Policy policy) {
        if (policy.content() instanceof RolePolicy) {
            toFollow.add(policy);
        }
    }

    /** Returns what was wrong with the policies that were checked. */
    List<Finding> findings() {
        toFollow.sort(Comparator.comparing(Policy::id));
        toFollow.forEach(policy -> follow(policy, new ArrayDeque<>()));
        return findings;
    }

    private void follow(Policy policy, ArrayDeque<PolicyId> path) {
        if (path.contains(policy.id())) {
            List<String> circle = new ArrayList<>();
            path.descendingIterator().forEachRemaining(id -> circle.add(id.value()));
            List<String> turn = circle.subList(circle.indexOf(policy.id().value()), circle.size());
            findings.add(References.finding(
                            policy, "parent roles go in a circle: " + String.join(" → ", turn) + " → " + policy.id())
                    .fix("remove one of these parent roles"));
            return;
        }
        if (!(policy.content() instanceof RolePolicy role) || cleared.contains(policy.id())) {
            return;
        }
        path.push(policy.id());
        for (String parent : role.parentRoles()) {
            candidate
                    .policies()
                    .find(PolicyId.ofRole(parent, role.version(), role.scope()))
                    .ifPresent(next -> follow(next, path));
        }
        path.pop();
        cleared.add(policy.id());
    }
}
