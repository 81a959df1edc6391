package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.Output;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the smaller parts of rules. */
final class RuleFields {
    private static final List<String> OUTPUT = List.of("when", "expr");
    private static final List<String> WHEN = List.of("ruleActivated", "conditionNotMet");
    private static final List<String> EFFECTS = List.of("EFFECT_ALLOW", "EFFECT_DENY");

    private record When(Optional<String> ruleActivated, Optional<String> conditionNotMet) {
        static final When NEVER = new When(Optional.empty(), Optional.empty());
    }

    private final DocumentReader in;

    RuleFields(DocumentReader in) {
        this.in = in;
    }

    Effect effect() {
        long position = in.position();
        int errors = in.problems().errors();
        String written = in.text("effect");
        return switch (written) {
            case "EFFECT_ALLOW" -> Effect.ALLOW;
            case "EFFECT_DENY" -> Effect.DENY;
            default -> {
                if (errors == in.problems().errors()) {
                    unknownEffect(position, written);
                }
                yield Effect.DENY;
            }
        };
    }

    private void unknownEffect(long position, String written) {
        String message = "effect " + Shown.quoted(written) + " is not known, expected EFFECT_ALLOW or EFFECT_DENY";
        String upper = written.toUpperCase(Locale.ROOT);
        Suggestions.nearest(upper.startsWith("EFFECT") ? upper : "EFFECT_" + upper, EFFECTS)
                .ifPresentOrElse(
                        meant -> in.problems().invalid(position, message, "write " + meant),
                        () -> in.problems().invalid(position, message));
    }

    Optional<Output> output() {
        if (!in.enterMapping("output")) {
            return Optional.empty();
        }
        Optional<String> expression = Optional.empty();
        When when = When.NEVER;
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "expr" -> expression = Optional.of(in.expression("output.expr"));
                case "when" -> when = when();
                default -> in.unknown(key, "output", OUTPUT);
            }
        }
        return Optional.of(new Output(expression, when.ruleActivated(), when.conditionNotMet()));
    }

    private When when() {
        if (!in.enterMapping("output.when")) {
            return When.NEVER;
        }
        Optional<String> ruleActivated = Optional.empty();
        Optional<String> conditionNotMet = Optional.empty();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "ruleActivated" -> ruleActivated = Optional.of(in.expression("ruleActivated"));
                case "conditionNotMet" -> conditionNotMet = Optional.of(in.expression("conditionNotMet"));
                default -> in.unknown(key, "output.when", WHEN);
            }
        }
        return new When(ruleActivated, conditionNotMet);
    }
}
