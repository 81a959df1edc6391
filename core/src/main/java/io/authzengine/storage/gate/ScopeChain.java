package io.authzengine.storage.gate;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import java.util.ArrayList;
import java.util.List;

/** The policies a scoped policy builds on: the same name and version, in each scope above its own. */
final class ScopeChain {
    private ScopeChain() {}

    /** Returns the ids of all scopes above, nearest first; empty for policies without a scope and kinds that need none above. */
    static List<PolicyId> parents(Policy policy) {
        PolicyContent content = policy.content();
        boolean chained = policy.kind().equals(PolicyKind.RESOURCE_POLICY)
                || policy.kind().equals(PolicyKind.PRINCIPAL_POLICY);
        if (!chained || content.scope().isEmpty()) {
            return List.of();
        }
        List<PolicyId> parents = new ArrayList<>();
        for (String scope = above(content.scope()); ; scope = above(scope)) {
            parents.add(
                    policy.kind().equals(PolicyKind.RESOURCE_POLICY)
                            ? PolicyId.ofResource(content.name(), content.version(), scope)
                            : PolicyId.ofPrincipal(content.name(), content.version(), scope));
            if (scope.isEmpty()) {
                return parents;
            }
        }
    }

    private static String above(String scope) {
        int dot = scope.lastIndexOf('.');
        return dot < 0 ? "" : scope.substring(0, dot);
    }
}
