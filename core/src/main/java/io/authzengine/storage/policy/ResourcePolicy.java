package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What may be done to one kind of resource.
 *
 * @param header what every document may carry
 * @param resource the kind of resource
 * @param version declared version
 * @param scope scope; empty means none
 * @param scopePermissions how it relates to its parent scope
 * @param importDerivedRoles names of the {@link DerivedRoles} its rules may use
 * @param variables variables its conditions may use
 * @param constants constants its conditions may use
 * @param schemas schemas of the attributes
 * @param rules its rules, in order; may be empty
 */
public record ResourcePolicy(
        DocumentHeader header,
        String resource,
        String version,
        String scope,
        ScopePermissions scopePermissions,
        List<String> importDerivedRoles,
        Variables variables,
        Constants constants,
        Schemas schemas,
        List<Rule> rules)
        implements PolicyContent {
    public ResourcePolicy {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(scope, "scope");
        importDerivedRoles = List.copyOf(importDerivedRoles);
        rules = List.copyOf(rules);
    }

    /**
     * A rule: who may do what.
     *
     * @param name its name; empty if none
     * @param actions what it is about; never empty
     * @param effect what it does
     * @param roles roles it applies to
     * @param derivedRoles derived roles it applies to
     * @param condition when it applies; always, if empty
     * @param output what it tells the caller
     */
    public record Rule(
            String name,
            List<String> actions,
            Effect effect,
            List<String> roles,
            List<String> derivedRoles,
            Optional<Condition> condition,
            Optional<Output> output) {
        public Rule {
            actions = List.copyOf(actions);
            roles = List.copyOf(roles);
            derivedRoles = List.copyOf(derivedRoles);
        }
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.RESOURCE_POLICY;
    }

    @Override
    public PolicyId id() {
        return PolicyId.ofResource(resource, version, scope);
    }

    @Override
    public String name() {
        return resource;
    }

    @Override
    public Imports imports() {
        return new Imports(importDerivedRoles, variables.imports(), constants.imports());
    }
}
