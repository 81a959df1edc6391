package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.ResourcePolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Adds the rules of a lower driver to those of a higher one. A rule that is there already is left out; so is one whose name is taken,
 * unless it denies and denials must not be lost: then it loses its name.
 *
 * @param <R> the rules, which know their name and effect
 */
final class RuleMerge<R> {
    private final boolean keepDenials;
    private final Function<R, String> name;
    private final Function<R, Effect> effect;
    private final UnaryOperator<R> unnamed;

    private RuleMerge(
            boolean keepDenials, Function<R, String> name, Function<R, Effect> effect, UnaryOperator<R> unnamed) {
        this.keepDenials = keepDenials;
        this.name = name;
        this.effect = effect;
        this.unnamed = unnamed;
    }

    static RuleMerge<ResourcePolicy.Rule> ofResources(boolean keepDenials) {
        return new RuleMerge<>(
                keepDenials,
                ResourcePolicy.Rule::name,
                ResourcePolicy.Rule::effect,
                rule -> new ResourcePolicy.Rule(
                        "",
                        rule.actions(),
                        rule.effect(),
                        rule.roles(),
                        rule.derivedRoles(),
                        rule.condition(),
                        rule.output()));
    }

    static RuleMerge<PrincipalPolicy.Action> ofPrincipals(boolean keepDenials) {
        return new RuleMerge<>(
                keepDenials,
                PrincipalPolicy.Action::name,
                PrincipalPolicy.Action::effect,
                rule -> new PrincipalPolicy.Action("", rule.action(), rule.effect(), rule.condition(), rule.output()));
    }

    List<R> merge(List<R> higher, List<R> lower) {
        Set<R> known = new HashSet<>(higher);
        Set<String> taken = new HashSet<>();
        higher.stream().map(name).filter(text -> !text.isEmpty()).forEach(taken::add);
        List<R> all = new ArrayList<>(higher);
        for (R rule : lower) {
            if (!taken.contains(name.apply(rule))) {
                add(rule, known, all);
            } else if (keepDenials && effect.apply(rule) == Effect.DENY && !known.contains(rule)) {
                add(unnamed.apply(rule), known, all);
            }
        }
        return List.copyOf(all);
    }

    private void add(R rule, Set<R> known, List<R> all) {
        if (known.add(rule)) {
            all.add(rule);
        }
    }
}
