package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;

/** When a rule applies: an expression, or all, any or none of several conditions. */
public sealed interface Condition {
    /** @param expression a CEL expression, kept as written */
    record Expression(String expression) implements Condition {
        public Expression {
            Objects.requireNonNull(expression, "expression");
        }
    }

    /** @param of conditions that must all hold; never empty */
    record All(List<Condition> of) implements Condition {
        public All {
            of = List.copyOf(of);
        }
    }

    /** @param of conditions of which at least one must hold; never empty */
    record AnyOf(List<Condition> of) implements Condition {
        public AnyOf {
            of = List.copyOf(of);
        }
    }

    /** @param of conditions of which not one may hold; never empty */
    record NoneOf(List<Condition> of) implements Condition {
        public NoneOf {
            of = List.copyOf(of);
        }
    }
}
