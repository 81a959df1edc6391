package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code condition}: an expression, or all, any or none of several. Nesting is bounded by the depth of events. */
final class ConditionDecoder {
    private static final List<String> CONDITION = List.of("match");
    private static final List<String> MATCH = List.of("all", "any", "none", "expr");
    private static final List<String> LIST = List.of("of");
    /** Stands for what could not be read, in a document that will not be built. */
    private static final Condition UNREADABLE = new Condition.Expression("");

    private final DocumentReader in;

    ConditionDecoder(DocumentReader in) {
        this.in = in;
    }

    Optional<Condition> condition() {
        long position = in.position();
        if (!in.enterMapping("condition")) {
            return Optional.empty();
        }
        Optional<Condition> condition = Optional.empty();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "match" -> condition = Optional.of(match("match"));
                case "script" -> {
                    in.problems()
                            .invalid(key.position(), "scripts in conditions are no longer supported", "use 'match'");
                    in.skip();
                    condition = Optional.of(UNREADABLE);
                }
                default -> {
                    in.unknown(key, "condition", CONDITION);
                    condition = Optional.of(UNREADABLE);
                }
            }
        }
        if (condition.isEmpty()) {
            in.missing(position, "condition", "match", "add it, or remove the condition if it always holds");
        }
        return condition;
    }

    private Condition match(String what) {
        long position = in.position();
        if (!in.enterMapping(what)) {
            return UNREADABLE;
        }
        @Nullable Condition match = null;
        long first = 0;
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            if (match != null && MATCH.contains(key.text())) {
                in.problems()
                        .invalid(
                                key.position(),
                                what + " has one of all, any, none and expr, found " + key.text()
                                        + " beside the one at " + Shown.position(first),
                                "put both into the list of an 'all'");
            }
            first = key.position();
            match = operator(key, what);
        }
        if (match == null) {
            in.problems().invalid(position, what + " is empty, expected one of all, any, none and expr");
            return UNREADABLE;
        }
        return match;
    }

    private Condition operator(Event key, String what) {
        return switch (key.text()) {
            case "expr" -> new Condition.Expression(in.expression("expr"));
            case "all" -> new Condition.All(list("all"));
            case "any" -> new Condition.AnyOf(list("any"));
            case "none" -> new Condition.NoneOf(list("none"));
            default -> {
                in.unknown(key, what, MATCH);
                yield UNREADABLE;
            }
        };
    }

    private List<Condition> list(String what) {
        long position = in.position();
        if (!in.enterMapping(what)) {
            return List.of();
        }
        boolean found = false;
        List<Condition> conditions = List.of();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            if (key.text().equals("of")) {
                found = true;
                conditions = of(what + ".of");
            } else {
                in.unknown(key, what, LIST);
            }
        }
        if (!found) {
            in.missing(position, what, "of", "add it, with a list of conditions");
        }
        return conditions;
    }

    private List<Condition> of(String what) {
        long position = in.position();
        if (!in.enterSequence(what)) {
            return List.of();
        }
        List<Condition> conditions = new ArrayList<>();
        while (in.nextItem()) {
            conditions.add(match("each of " + what));
        }
        if (conditions.isEmpty()) {
            in.problems().invalid(position, what + " must not be empty, expected at least one condition");
        }
        return conditions;
    }
}
