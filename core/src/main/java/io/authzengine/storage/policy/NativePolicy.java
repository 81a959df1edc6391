package io.authzengine.storage.policy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A document of rules that stands for itself: {@code rules: […]}, or several such sets under {@code policies: […]}. Names no other document and is named
 * by none.
 *
 * @param header what every document may carry
 * @param name what {@code metadata.id} says; {@code default} if it says nothing
 * @param algorithm how the answers of its sets become one
 * @param policies its sets of rules, in order; one, with the same algorithm, if the document has {@code rules}
 */
public record NativePolicy(DocumentHeader header, String name, Algorithm algorithm, List<RuleSet> policies)
        implements PolicyContent {
    /** The name of a document that gives itself none. */
    public static final String DEFAULT_NAME = "default";

    public NativePolicy {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(algorithm, "algorithm");
        policies = List.copyOf(policies);
    }

    /** How several answers become one. */
    public enum Algorithm {
        /** One that denies wins; the default. */
        DENY_OVERRIDES,
        /** One that permits wins. */
        PERMIT_OVERRIDES,
        /** The first that applies wins. */
        FIRST_APPLICABLE
    }

    /**
     * Rules that are judged together.
     *
     * @param algorithm how their answers become one
     * @param rules in order; may be empty
     */
    public record RuleSet(Algorithm algorithm, List<Rule> rules) {
        public RuleSet {
            Objects.requireNonNull(algorithm, "algorithm");
            rules = List.copyOf(rules);
        }
    }

    /**
     * A rule.
     *
     * @param id its name in its set
     * @param effect what it does; {@code permit} is {@link Effect#ALLOW}
     * @param actions what it is about; never empty
     * @param resource what it is about
     * @param roles whom it is about; anybody, if empty
     * @param condition when it applies, as it was written; always, if empty
     * @param obligations what the caller is to do besides, as they were written
     */
    public record Rule(
            String id,
            Effect effect,
            List<String> actions,
            Resource resource,
            List<String> roles,
            Optional<Value> condition,
            List<Value> obligations) {
        public Rule {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(effect, "effect");
            actions = List.copyOf(actions);
            Objects.requireNonNull(resource, "resource");
            roles = List.copyOf(roles);
            Objects.requireNonNull(condition, "condition");
            obligations = List.copyOf(obligations);
        }
    }

    /**
     * Which resources a rule is about.
     *
     * @param types kinds of resources; never empty
     * @param fields all else that is asked of them, such as {@code id} and {@code attrs}, as it was written
     */
    public record Resource(List<String> types, Map<String, Value> fields) {
        public Resource {
            types = List.copyOf(types);
            fields = ImmutableMaps.copyOf(fields);
        }
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.NATIVE;
    }

    @Override
    public PolicyId id() {
        return PolicyId.ofNative(name);
    }
}
