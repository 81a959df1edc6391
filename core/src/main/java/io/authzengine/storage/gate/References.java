package io.authzengine.storage.gate;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.Imports;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.ResourcePolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Follows the references of policies within one candidate. Many policies import the same few sets, so each list of imports is looked up
 * once.
 */
final class References {
    private final Candidate candidate;
    private final Map<Imports, List<PolicyId>> missing = new HashMap<>();
    private final Map<List<String>, Optional<Set<String>>> offered = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    References(Candidate candidate) {
        this.candidate = candidate;
    }

    /** Returns what was wrong with the policies that were checked. */
    List<Finding> findings() {
        return findings;
    }

    void check(Policy policy) {
        checkImports(policy);
        if (policy.content() instanceof ResourcePolicy resource) {
            checkDerivedRoles(policy, resource);
        }
        checkScope(policy);
    }

    private void checkImports(Policy policy) {
        for (PolicyId imported : missing.computeIfAbsent(policy.content().imports(), this::missing)) {
            Policy source = part(policy, content -> content.imports().ids().contains(imported));
            findings.add(finding(source, policy.id() + " imports " + imported + ", which does not exist")
                    .fix("add it, or remove the import"));
        }
    }

    private List<PolicyId> missing(Imports imports) {
        return imports.ids().stream().filter(id -> !candidate.knows(id)).toList();
    }

    private void checkDerivedRoles(Policy policy, ResourcePolicy resource) {
        Set<String> used = new LinkedHashSet<>();
        for (ResourcePolicy.Rule rule : resource.rules()) {
            used.addAll(rule.derivedRoles());
        }
        if (used.isEmpty()) {
            return;
        }
        Optional<Set<String>> roles = offered.computeIfAbsent(resource.importDerivedRoles(), this::offered);
        if (roles.isEmpty()) {
            return;
        }
        used.removeAll(roles.get());
        for (String role : used) {
            Policy source = part(policy, content -> uses(content, role));
            findings.add(finding(
                            source,
                            policy.id() + " uses the derived role '" + role + "', which none of its imports defines")
                    .fix("import the derived roles that define it, or correct the name"));
        }
    }

    /** Returns the roles that these sets define; empty if one of them is missing, which is told by the check of imports, or blocked. */
    private Optional<Set<String>> offered(List<String> imports) {
        Set<String> roles = new HashSet<>();
        for (String name : imports) {
            Optional<Policy> imported = candidate.policies().find(PolicyId.ofDerivedRoles(name));
            if (imported.isEmpty()) {
                return Optional.empty();
            }
            if (imported.get().content() instanceof DerivedRoles definitions) {
                roles.addAll(namesOf(definitions));
            }
        }
        return Optional.of(roles);
    }

    private void checkScope(Policy policy) {
        for (PolicyId parent : ScopeChain.parents(policy)) {
            if (!candidate.knows(parent)) {
                findings.add(finding(
                                policy,
                                policy.id() + " needs " + parent + " for its parent scope, which does not exist")
                        .fix("add a policy for the parent scope"));
            }
        }
    }

    static Set<String> namesOf(DerivedRoles roles) {
        Set<String> names = new HashSet<>();
        roles.definitions().forEach(definition -> names.add(definition.name()));
        return names;
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
