package io.authzengine.storage.benchmarks.corpus;

import io.authzengine.storage.benchmarks.corpus.DerivedRoleSets.RoleSet;
import io.authzengine.storage.benchmarks.corpus.Exports.Exported;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Policies about resources, most of what a corpus holds. */
final class ResourcePolicies {
    private static final int DIRECTORIES = 256;
    private static final int FEWEST_RULES = 3;
    private static final String LOCAL = "mine";

    private final Dice dice;
    private final PolicyText text;
    private final Conditions conditions;
    private final DerivedRoleSets roleSets;
    private final List<Exported> variables;
    private final List<Exported> constants;
    private final int schemas;

    ResourcePolicies(
            Dice dice, DerivedRoleSets roleSets, List<Exported> variables, List<Exported> constants, int schemas) {
        this.dice = dice;
        this.text = new PolicyText(dice);
        this.conditions = new Conditions(dice);
        this.roleSets = roleSets;
        this.variables = variables;
        this.constants = constants;
        this.schemas = schemas;
    }

    /** Returns a name of a resource. */
    String name(int number) {
        return String.format(
                Locale.ROOT, "%s:%s_%05d", dice.one(Vocabulary.AREAS), dice.one(Vocabulary.THINGS), number);
    }

    /** Returns a policy about {@code resource} in {@code scope}, which may be empty. */
    Document of(int number, String resource, String scope) {
        Lines begin = new Lines()
                .add(0, "resourcePolicy:")
                .add(2, "resource: " + Lines.quoted(resource))
                .add(2, "version: default");
        if (!scope.isEmpty()) {
            begin.add(2, "scope: " + Lines.quoted(scope));
        }
        List<String> roles = roles(begin);
        List<String> expressions = expressions(begin);
        if (dice.percent(30)) {
            begin.add(2, "schemas:")
                    .add(4, "resourceSchema:")
                    .add(
                            6,
                            String.format(
                                    Locale.ROOT,
                                    "ref: cerbos:///resources/schema_%04d.json",
                                    dice.between(0, schemas - 1)));
        }
        begin.add(2, "rules:");
        List<String> rules = new ArrayList<>();
        int count = dice.between(FEWEST_RULES, 10);
        for (int i = 1; i <= count; i++) {
            rules.add(rule(String.format(Locale.ROOT, "rule_%02d", i), roles, expressions));
        }
        String file = resource.replace(':', '_') + (scope.isEmpty() ? "" : "_" + scope) + ".yaml";
        String directory = String.format(Locale.ROOT, "resource_policies/%03d/", number % DIRECTORIES);
        return new Document(directory + file, text.of(begin.toString(), rules, FEWEST_RULES));
    }

    /** Imports derived roles into some, and returns these. */
    private List<String> roles(Lines begin) {
        List<String> roles = new ArrayList<>();
        if (dice.percent(40)) {
            Set<RoleSet> imported = new LinkedHashSet<>(List.of(roleSets.any()));
            if (dice.percent(15)) {
                imported.add(roleSets.any());
            }
            begin.names(
                    2,
                    "importDerivedRoles",
                    imported.stream().map(RoleSet::name).toList());
            imported.forEach(set -> roles.addAll(set.roles()));
        }
        return roles;
    }

    /** Imports or defines variables and constants in some, and returns what can be asked by means of them. */
    private List<String> expressions(Lines begin) {
        List<String> expressions = new ArrayList<>();
        boolean imports = dice.percent(20);
        boolean defines = dice.percent(25);
        if (imports || defines) {
            begin.add(2, "variables:");
        }
        if (imports) {
            Exported exported = dice.one(variables);
            begin.names(4, "import", List.of(exported.name()));
            expressions.addAll(exported.expressions());
        }
        if (defines) {
            begin.add(4, "local:").add(6, LOCAL + ": request.resource.attr.author == request.principal.id");
            expressions.add("V." + LOCAL);
        }
        if (dice.percent(15)) {
            Exported exported = dice.one(constants);
            begin.add(2, "constants:").names(4, "import", List.of(exported.name()));
            expressions.addAll(exported.expressions());
        }
        return expressions;
    }

    private String rule(String name, List<String> roles, List<String> expressions) {
        Lines lines = new Lines()
                .add(4, "- name: " + name)
                .add(6, "actions: " + Lines.listed(dice.some(Vocabulary.ACTIONS, dice.between(1, 4))))
                .add(6, "effect: " + (dice.percent(18) ? "EFFECT_DENY" : "EFFECT_ALLOW"));
        if (!roles.isEmpty() && dice.percent(45)) {
            lines.names(6, "derivedRoles", dice.some(roles, dice.between(1, 2)));
        } else {
            lines.add(6, "roles: " + Lines.listed(dice.some(Vocabulary.ROLES, dice.between(1, 3))));
        }
        if (dice.percent(40)) {
            conditions.add(lines, 6, expressions);
        }
        if (dice.percent(5)) {
            lines.add(6, "output:")
                    .add(8, "when:")
                    .add(10, "ruleActivated: '\"" + name + " has decided about \" + request.principal.id'");
        }
        return lines.toString();
    }
}
