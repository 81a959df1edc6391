package io.authzengine.storage.benchmarks.corpus;

import io.authzengine.storage.benchmarks.corpus.Exports.Exported;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sets of derived roles; a few of them are imported by many, so that one edit concerns many policies. */
final class DerivedRoleSets {
    private static final int POPULAR = 3;

    private final Dice dice;
    private final PolicyText text;
    private final Conditions conditions;
    private final List<Exported> variables;
    private final List<RoleSet> made = new ArrayList<>();

    /** A set of roles by its name. */
    record RoleSet(String name, List<String> roles) {}

    DerivedRoleSets(Dice dice, List<Exported> variables) {
        this.dice = dice;
        this.text = new PolicyText(dice);
        this.conditions = new Conditions(dice);
        this.variables = variables;
    }

    Document next() {
        String number = String.format(Locale.ROOT, "%05d", made.size());
        String name = "roles_" + dice.one(Vocabulary.AREAS) + "_" + number;
        Lines begin = new Lines().add(0, "derivedRoles:").add(2, "name: " + name);
        List<String> imported = List.of();
        if (dice.percent(30)) {
            Exported exported = dice.one(variables);
            imported = exported.expressions();
            begin.add(2, "variables:").names(4, "import", List.of(exported.name()));
        }
        begin.add(2, "definitions:");
        List<String> roles = new ArrayList<>();
        List<String> definitions = new ArrayList<>();
        for (String role : dice.some(Vocabulary.FURTHER_ROLES, dice.between(2, 5))) {
            roles.add(role + "_" + number);
            definitions.add(definition(role + "_" + number, imported));
        }
        made.add(new RoleSet(name, roles));
        return new Document(
                "derived_roles/" + name + ".yaml", text.of(begin.toString(), definitions, definitions.size()));
    }

    private String definition(String role, List<String> imported) {
        Lines lines = new Lines()
                .add(4, "- name: " + role)
                .add(6, "parentRoles: " + Lines.listed(dice.some(Vocabulary.ROLES, dice.between(1, 3))));
        conditions.add(lines, 6, imported);
        return lines.toString();
    }

    /** Returns any of those made, the popular ones far more often. */
    RoleSet any() {
        return dice.percent(10) ? made.get(dice.between(0, Math.min(POPULAR, made.size()) - 1)) : dice.one(made);
    }
}
