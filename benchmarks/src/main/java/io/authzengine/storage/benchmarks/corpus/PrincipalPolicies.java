package io.authzengine.storage.benchmarks.corpus;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Policies about people. */
final class PrincipalPolicies {
    private static final int DIRECTORIES = 64;

    private final Dice dice;
    private final PolicyText text;
    private final Conditions conditions;
    private final List<String> resources;

    /** @param resources what they are allowed and denied something of */
    PrincipalPolicies(Dice dice, List<String> resources) {
        this.dice = dice;
        this.text = new PolicyText(dice);
        this.conditions = new Conditions(dice);
        this.resources = resources;
    }

    /** Returns a name of somebody. */
    String name(int number) {
        return String.format(Locale.ROOT, "%s_%05d", dice.one(Vocabulary.PEOPLE), number);
    }

    /** Returns a policy about {@code principal} in {@code scope}, which may be empty. */
    Document of(int number, String principal, String scope) {
        Lines begin = new Lines()
                .add(0, "principalPolicy:")
                .add(2, "principal: " + Lines.quoted(principal))
                .add(2, "version: default");
        if (!scope.isEmpty()) {
            begin.add(2, "scope: " + Lines.quoted(scope));
        }
        begin.add(2, "rules:");
        List<String> rules = new ArrayList<>();
        Set<String> concerned = new LinkedHashSet<>();
        int count = dice.between(1, 4);
        for (int i = 0; i < count; i++) {
            concerned.add(dice.one(resources));
        }
        concerned.forEach(resource -> rules.add(rule(resource)));
        String file = principal + (scope.isEmpty() ? "" : "_" + scope) + ".yaml";
        String directory = String.format(Locale.ROOT, "principal_policies/%03d/", number % DIRECTORIES);
        return new Document(directory + file, text.of(begin.toString(), rules, 1));
    }

    private String rule(String resource) {
        Lines lines =
                new Lines().add(4, "- resource: " + Lines.quoted(resource)).add(6, "actions:");
        int number = 0;
        for (String action : dice.some(Vocabulary.ACTIONS, dice.between(1, 4))) {
            lines.add(8, "- action: " + Lines.quoted(action))
                    .add(10, String.format(Locale.ROOT, "name: override_%02d", ++number))
                    .add(10, "effect: " + (dice.percent(30) ? "EFFECT_DENY" : "EFFECT_ALLOW"));
            if (dice.percent(40)) {
                conditions.add(lines, 10, List.of());
            }
        }
        return lines.toString();
    }
}
