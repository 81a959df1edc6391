package io.authzengine.storage.internal;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.snapshot.PolicySet;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Cuts sets into groups of policies that belong together: those that import one another, and those of one name in different scopes.
 * Looks at every policy, so it is only asked when something is broken.
 */
final class PolicyGroups {
    private final Map<Object, Set<PolicyId>> membersOf = new HashMap<>();
    private final Map<PolicyId, Set<Object>> tiesOf = new HashMap<>();

    /** What the scopes of one policy have in common. */
    private record Family(PolicyKind kind, String name, String version) {}

    private PolicyGroups() {}

    /** Returns {@code ids} and all that belong together with any of them, now or as they would be. */
    static Set<PolicyId> around(Set<PolicyId> ids, PolicySet now, PolicySet then) {
        PolicyGroups groups = new PolicyGroups();
        Stream.concat(now.stream(), then.stream()).forEach(groups::add);
        return groups.closure(ids);
    }

    private void add(Policy policy) {
        PolicyContent content = policy.content();
        tie(policy.id(), policy.id());
        content.imports().ids().forEach(imported -> tie(policy.id(), imported));
        if (!content.version().isEmpty()) {
            tie(policy.id(), new Family(policy.kind(), content.name(), content.version()));
        }
    }

    private void tie(PolicyId id, Object tie) {
        membersOf.computeIfAbsent(tie, key -> new HashSet<>()).add(id);
        tiesOf.computeIfAbsent(id, key -> new HashSet<>()).add(tie);
    }

    private Set<PolicyId> closure(Set<PolicyId> ids) {
        Set<PolicyId> group = new HashSet<>(ids);
        ArrayDeque<PolicyId> toFollow = new ArrayDeque<>(ids);
        while (!toFollow.isEmpty()) {
            PolicyId id = toFollow.poll();
            Set<Object> ties = new HashSet<>(tiesOf.getOrDefault(id, Set.of()));
            ties.add(id); // Also of one that is not there (any more): those that import it belong to it.
            ties.stream()
                    .flatMap(tie -> membersOf.getOrDefault(tie, Set.of()).stream())
                    .filter(group::add)
                    .forEach(toFollow::add);
            ties.stream()
                    .filter(PolicyId.class::isInstance)
                    .map(PolicyId.class::cast)
                    .filter(group::add)
                    .forEach(toFollow::add);
        }
        return group;
    }
}
