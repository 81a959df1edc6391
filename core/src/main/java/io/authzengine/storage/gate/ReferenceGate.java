package io.authzengine.storage.gate;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses a set in which a policy refers to what is not there: an import, a derived role, the parent of a scope; and one in which
 * parent roles go in a circle. Looks at what changed, and at everything else only if something disappeared that others may refer to.
 */
final class ReferenceGate implements PolicyGate {
    @Override
    public List<Finding> review(Candidate candidate) {
        References references = new References(candidate);
        ParentRoleCycles cycles = new ParentRoleCycles(candidate);
        for (Policy policy : toCheck(candidate)) {
            references.check(policy);
            cycles.check(policy);
        }
        List<Finding> findings = new ArrayList<>(references.findings());
        findings.addAll(cycles.findings());
        findings.sort(null);
        return findings;
    }

    private static List<Policy> toCheck(Candidate candidate) {
        if (candidate.current().policies().isEmpty()) {
            return candidate.policies().stream().toList();
        }
        List<Policy> policies = new ArrayList<>(candidate.changed().size());
        Set<PolicyId> lessened = new HashSet<>();
        for (PolicyId id : candidate.changed()) {
            Optional<Policy> now = candidate.policies().find(id);
            now.ifPresent(policies::add);
            if (offersLess(candidate.current().policies().find(id), now)) {
                lessened.add(id);
            }
        }
        // What was blocked counted as there; now that it is not blocked any more, its referrers must be looked at
        // again.
        candidate.current().quarantined().keySet().stream()
                .filter(id -> !candidate.quarantined().containsKey(id))
                .forEach(lessened::add);
        if (!lessened.isEmpty()) {
            candidate.policies().stream()
                    .filter(policy -> !candidate.changed().contains(policy.id()) && refersTo(policy, lessened))
                    .forEach(policies::add);
        }
        return policies;
    }

    /** Whether others may have referred to something in {@code before} that {@code now} does not offer. */
    private static boolean offersLess(Optional<Policy> before, Optional<Policy> now) {
        if (before.isEmpty() || now.isEmpty()) {
            return before.isPresent();
        }
        return before.get().content() instanceof DerivedRoles rolesBefore
                && now.get().content() instanceof DerivedRoles rolesNow
                && !References.namesOf(rolesNow).containsAll(References.namesOf(rolesBefore));
    }

    private static boolean refersTo(Policy policy, Set<PolicyId> ids) {
        return policy.content().imports().ids().stream().anyMatch(ids::contains)
                || ScopeChain.parents(policy).stream().anyMatch(ids::contains);
    }
}
