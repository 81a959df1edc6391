package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.RolePolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules of a role policy say all that the role may do, so what two of them deny together is what they do not both allow. */
final class RoleRules {
    private static final String ALL = "*";

    private RoleRules() {}

    /** Returns rules that allow what rules of both allow; less than that where two patterns overlap in a way no pattern describes. */
    static List<RolePolicy.Rule> allowedByBoth(List<RolePolicy.Rule> higher, List<RolePolicy.Rule> lower) {
        Set<RolePolicy.Rule> both = new LinkedHashSet<>();
        for (RolePolicy.Rule upper : higher) {
            for (RolePolicy.Rule under : lower) {
                Optional<String> resource = common(upper.resource(), under.resource());
                List<String> actions = common(upper.allowActions(), under.allowActions());
                if (resource.isPresent() && !actions.isEmpty()) {
                    both.add(new RolePolicy.Rule(
                            resource.get(), actions, bothHold(upper.condition(), under.condition())));
                }
            }
        }
        return List.copyOf(both);
    }

    private static List<String> common(List<String> higher, List<String> lower) {
        Set<String> actions = new LinkedHashSet<>();
        higher.forEach(upper -> lower.forEach(under -> common(upper, under).ifPresent(actions::add)));
        return List.copyOf(actions);
    }

    /** Returns the pattern of what both patterns match: only where one is all, or both are the same, or one is no pattern. */
    private static Optional<String> common(String left, String right) {
        if (left.equals(right) || right.equals(ALL)) {
            return Optional.of(left);
        }
        return left.equals(ALL) ? Optional.of(right) : Optional.empty();
    }

    private static Optional<Condition> bothHold(Optional<Condition> higher, Optional<Condition> lower) {
        if (higher.isEmpty() || lower.isEmpty() || higher.equals(lower)) {
            return higher.or(() -> lower);
        }
        List<Condition> all = new ArrayList<>(flat(higher.get()));
        flat(lower.get()).stream().filter(condition -> !all.contains(condition)).forEach(all::add);
        return Optional.of(new Condition.All(all));
    }

    private static List<Condition> flat(Condition condition) {
        return condition instanceof Condition.All all ? all.of() : List.of(condition);
    }
}
