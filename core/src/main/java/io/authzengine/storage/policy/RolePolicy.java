package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one role may do, at most.
 *
 * @param header what every document may carry
 * @param role the role
 * @param version declared version
 * @param scope scope; empty means none
 * @param scopePermissions how it relates to its parent scope
 * @param parentRoles roles it narrows
 * @param rules its rules, in order; may be empty
 */
public record RolePolicy(
        DocumentHeader header,
        String role,
        String version,
        String scope,
        ScopePermissions scopePermissions,
        List<String> parentRoles,
        List<Rule> rules)
        implements PolicyContent {
    public RolePolicy {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(scope, "scope");
        parentRoles = List.copyOf(parentRoles);
        rules = List.copyOf(rules);
    }

    /**
     * What may be done to one kind of resource.
     *
     * @param resource the kind of resource
     * @param allowActions the actions allowed; never empty
     * @param condition when it applies; always, if empty
     */
    public record Rule(String resource, List<String> allowActions, Optional<Condition> condition) {
        public Rule {
            allowActions = List.copyOf(allowActions);
        }
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.ROLE_POLICY;
    }

    @Override
    public PolicyId id() {
        return PolicyId.ofRole(role, version, scope);
    }

    @Override
    public String name() {
        return role;
    }
}
