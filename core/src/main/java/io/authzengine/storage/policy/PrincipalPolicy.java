package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one principal may do, whatever its roles say.
 *
 * @param header what every document may carry
 * @param principal the principal
 * @param version declared version
 * @param scope scope; empty means none
 * @param scopePermissions how it relates to its parent scope
 * @param variables variables its conditions may use
 * @param constants constants its conditions may use
 * @param rules its rules, in order; may be empty
 */
public record PrincipalPolicy(
        DocumentHeader header,
        String principal,
        String version,
        String scope,
        ScopePermissions scopePermissions,
        Variables variables,
        Constants constants,
        List<Rule> rules)
        implements PolicyContent {
    public PrincipalPolicy {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(scope, "scope");
        rules = List.copyOf(rules);
    }

    /**
     * What applies to one kind of resource.
     *
     * @param resource the kind of resource
     * @param actions what may or may not be done; never empty
     */
    public record Rule(String resource, List<Action> actions) {
        public Rule {
            actions = List.copyOf(actions);
        }
    }

    /**
     * One action of a rule.
     *
     * @param name its name; empty if none
     * @param action what it is about
     * @param effect what it does
     * @param condition when it applies; always, if empty
     * @param output what it tells the caller
     */
    public record Action(
            String name, String action, Effect effect, Optional<Condition> condition, Optional<Output> output) {}

    @Override
    public PolicyKind kind() {
        return PolicyKind.PRINCIPAL_POLICY;
    }

    @Override
    public PolicyId id() {
        return PolicyId.ofPrincipal(principal, version, scope);
    }

    @Override
    public String name() {
        return principal;
    }

    @Override
    public Imports imports() {
        return new Imports(List.of(), variables.imports(), constants.imports());
    }
}
