package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.RolePolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a policy decides, in the fewest words: rules, roles, actions, and conditions of which it is known which atoms hold. */
final class Decisions {
    /** A request. */
    record Request(String resource, String action, String role, Set<String> holding) {}

    private Decisions() {}

    /** Returns whether {@code content} denies {@code request} in so many words; a role policy denies all it does not allow. */
    static boolean denies(PolicyContent content, Request request) {
        return content instanceof RolePolicy ? !allowedByRole(content, request) : says(content, request, Effect.DENY);
    }

    /** Returns whether {@code content} allows {@code request}. */
    static boolean allows(PolicyContent content, Request request) {
        return content instanceof RolePolicy
                ? allowedByRole(content, request)
                : says(content, request, Effect.ALLOW) && !says(content, request, Effect.DENY);
    }

    private static boolean says(PolicyContent content, Request request, Effect effect) {
        if (content instanceof ResourcePolicy policy) {
            return policy.rules().stream()
                    .anyMatch(rule -> rule.effect() == effect
                            && rule.roles().contains(request.role())
                            && rule.actions().contains(request.action())
                            && holds(rule.condition(), request.holding()));
        }
        return content instanceof PrincipalPolicy policy
                && policy.rules().stream()
                        .filter(rule -> matches(rule.resource(), request.resource()))
                        .flatMap(rule -> rule.actions().stream())
                        .anyMatch(action -> action.effect() == effect
                                && action.action().equals(request.action())
                                && holds(action.condition(), request.holding()));
    }

    private static boolean allowedByRole(PolicyContent content, Request request) {
        return content instanceof RolePolicy policy
                && policy.rules().stream()
                        .anyMatch(rule -> matches(rule.resource(), request.resource())
                                && rule.allowActions().stream().anyMatch(action -> matches(action, request.action()))
                                && holds(rule.condition(), request.holding()));
    }

    private static boolean matches(String pattern, String text) {
        return pattern.equals("*") || pattern.equals(text);
    }

    private static boolean holds(Optional<Condition> condition, Set<String> holding) {
        return condition.isEmpty() || holds(condition.get(), holding);
    }

    private static boolean holds(Condition condition, Set<String> holding) {
        if (condition instanceof Condition.All all) {
            return all.of().stream().allMatch(one -> holds(one, holding));
        }
        if (condition instanceof Condition.AnyOf any) {
            return any.of().stream().anyMatch(one -> holds(one, holding));
        }
        if (condition instanceof Condition.NoneOf none) {
            return none.of().stream().noneMatch(one -> holds(one, holding));
        }
        return condition instanceof Condition.Expression atom && holding.contains(atom.expression());
    }

    /** Returns all requests there are. */
    static List<Request> all() {
        return List.of(Set.<String>of(), Set.of("a"), Set.of("b"), Set.of("a", "b")).stream()
                .flatMap(holding -> List.of("album", "photo").stream()
                        .flatMap(resource -> GeneratedPolicies.ACTIONS.stream()
                                .flatMap(action -> GeneratedPolicies.ROLES.stream()
                                        .map(role -> new Request(resource, action, role, holding)))))
                .toList();
    }
}
