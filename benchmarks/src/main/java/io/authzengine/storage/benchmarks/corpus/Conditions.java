package io.authzengine.storage.benchmarks.corpus;

import java.util.ArrayList;
import java.util.List;

/** When a rule holds: expressions, alone or several combined. */
final class Conditions {
    private static final List<String> COMBINED =
            List.of("all", "all", "all", "all", "all", "any", "any", "any", "any", "none");

    private final Dice dice;

    Conditions(Dice dice) {
        this.dice = dice;
    }

    /**
     * Adds a condition, {@code depth} blanks from the margin.
     *
     * @param imported expressions over what the document imports, some of which are used
     */
    void add(Lines lines, int depth, List<String> imported) {
        lines.add(depth, "condition:").add(depth + 2, "match:");
        if (dice.percent(55)) {
            lines.add(depth + 4, "expr: " + scalar(imported));
            return;
        }
        lines.add(depth + 4, dice.one(COMBINED) + ":").add(depth + 6, "of:");
        int terms = dice.between(2, 3);
        for (int i = 0; i < terms; i++) {
            if (dice.percent(15)) {
                lines.add(depth + 8, dice.percent(50) ? "- all:" : "- any:").add(depth + 12, "of:");
                lines.add(depth + 14, "- expr: " + scalar(imported)).add(depth + 14, "- expr: " + scalar(imported));
            } else {
                lines.add(depth + 8, "- expr: " + scalar(imported));
            }
        }
    }

    /** Returns an expression as YAML has it: plain where that is safe. */
    String scalar(List<String> imported) {
        String expression = !imported.isEmpty() && dice.percent(35) ? dice.one(imported) : expression();
        boolean plain = expression.chars().noneMatch(c -> "\"'{}[]#&*!|>%@`".indexOf(c) >= 0);
        return plain ? expression : "'" + expression + "'";
    }

    private String expression() {
        List<String> expressions = new ArrayList<>(List.of(
                "request.resource.attr.author == request.principal.id",
                "request.resource.attr.team == request.principal.attr.team",
                "request.resource.attr.country in request.principal.attr.countries_in_charge_of",
                "request.principal.attr.trust_level >= request.resource.attr.trust_needed",
                "!(request.resource.attr.frozen == true)",
                "request.principal.attr.groups.exists(g, g == request.resource.attr.group)",
                "hierarchy(request.principal.attr.unit).ancestorOf(hierarchy(request.resource.attr.unit))",
                "\"hardware_key\" in request.principal.attr.signed_in_with"));
        expressions.add("request.resource.attr.state == " + Lines.quoted(dice.one(Vocabulary.STATES)));
        expressions.add("request.resource.attr.state in " + Lines.listed(dice.some(Vocabulary.STATES, 2)));
        expressions.add("request.principal.attr.country == " + Lines.quoted(dice.one(Vocabulary.COUNTRIES)));
        expressions.add("request.resource.attr.sum < " + dice.between(1, 200) * 500);
        expressions.add("size(request.resource.attr.signatures) >= " + dice.between(1, 4));
        expressions.add("timestamp(request.resource.attr.opened_at).timeSince() < duration(\""
                + dice.between(1, 90) * 24 + "h\")");
        expressions.add(
                "request.resource.attr.labels.exists(l, l.startsWith(\"" + dice.one(Vocabulary.TEAMS) + ":\"))");
        expressions.add("request.resource.attr.number.matches(\"^" + dice.one(Vocabulary.COUNTRIES) + "-[0-9]{"
                + dice.between(4, 8) + "}$\")");
        return dice.one(expressions);
    }
}
