package io.authzengine.storage.gate;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.ResourcePolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Refuses a set in which a policy refers to what is not there: an import, a derived role, the parent of a scope; and one in which
 * parent roles go in a circle. Looks at what changed, and at everything else only if something disappeared that others may refer to.
 */
final class ReferenceGate implements PolicyGate {
    @Override
    public List<Finding> review(Candidate candidate) {
        List<Finding> findings = new ArrayList<>();
        for (Policy policy : toCheck(candidate)) {
            checkImports(policy, candidate, findings);
            checkDerivedRoles(policy, candidate, findings);
            checkScope(policy, candidate, findings);
        }
        findings.addAll(new ParentRoleCycles(candidate).findings());
        findings.sort(null);
        return findings;
    }

    private static Set<Policy> toCheck(Candidate candidate) {
        Set<Policy> policies = new LinkedHashSet<>();
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
                    .filter(policy -> refersTo(policy, lessened))
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
                && !roleNames(rolesNow).containsAll(roleNames(rolesBefore));
    }

    private static boolean refersTo(Policy policy, Set<PolicyId> ids) {
        return policy.content().imports().ids().stream().anyMatch(ids::contains)
                || ScopeChain.parents(policy).stream().anyMatch(ids::contains);
    }

    private static void checkImports(Policy policy, Candidate candidate, List<Finding> findings) {
        for (PolicyId imported : policy.content().imports().ids()) {
            if (!candidate.knows(imported)) {
                Policy source = part(policy, content -> content.imports().ids().contains(imported));
                findings.add(finding(source, policy.id() + " imports " + imported + ", which does not exist")
                        .fix("add it, or remove the import"));
            }
        }
    }

    private static void checkDerivedRoles(Policy policy, Candidate candidate, List<Finding> findings) {
        if (!(policy.content() instanceof ResourcePolicy resource)) {
            return;
        }
        Set<String> offered = new HashSet<>();
        for (String name : resource.importDerivedRoles()) {
            Optional<Policy> imported = candidate.policies().find(PolicyId.ofDerivedRoles(name));
            if (imported.isEmpty()) {
                return; // Already told by the check of imports, or blocked: what it offers cannot be known.
            }
            if (imported.get().content() instanceof DerivedRoles roles) {
                offered.addAll(roleNames(roles));
            }
        }
        for (ResourcePolicy.Rule rule : resource.rules()) {
            for (String role : rule.derivedRoles()) {
                if (!offered.contains(role)) {
                    Policy source = part(policy, content -> uses(content, role));
                    findings.add(finding(
                                    source,
                                    policy.id() + " uses the derived role '" + role
                                            + "', which none of its imports defines")
                            .fix("import the derived roles that define it, or correct the name"));
                }
            }
        }
    }

    private static void checkScope(Policy policy, Candidate candidate, List<Finding> findings) {
        for (PolicyId parent : ScopeChain.parents(policy)) {
            if (!candidate.knows(parent)) {
                findings.add(finding(
                                policy,
                                policy.id() + " needs " + parent + " for its parent scope, which does not exist")
                        .fix("add a policy for the parent scope"));
            }
        }
    }

    private static Set<String> roleNames(DerivedRoles roles) {
        return roles.definitions().stream().map(DerivedRoles.Definition::name).collect(Collectors.toSet());
    }

    private static boolean uses(PolicyContent content, String derivedRole) {
        return content instanceof ResourcePolicy resource
                && resource.rules().stream()
                        .anyMatch(rule -> rule.derivedRoles().contains(derivedRole));
    }

    /** Returns the document that says what is wrong, of those that {@code policy} was merged from. */
    private static Policy part(Policy policy, Predicate<PolicyContent> says) {
        return policy.parts().stream()
                .filter(part -> says.test(part.content()))
                .findFirst()
                .orElse(policy);
    }

    static Finding finding(Policy policy, String message) {
        Provenance provenance = policy.parts().get(0).metadata().provenance();
        Place place = new Place(provenance.document(), provenance.line(), 1);
        return Finding.error(ErrorCode.VALIDATION_ERROR, place, message).about(policy.id());
    }
}
