package io.authzengine.storage.parser;

import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.NativePolicy;
import io.authzengine.storage.policy.NativePolicy.Algorithm;
import io.authzengine.storage.policy.NativePolicy.Resource;
import io.authzengine.storage.policy.NativePolicy.Rule;
import io.authzengine.storage.policy.NativePolicy.RuleSet;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code rules} or {@code policies}, and the {@code algorithm} beside them. */
final class NativeDecoder implements KindDecoder {
    private static final List<String> SET = List.of("algorithm", "rules");
    private static final List<String> RULE =
            List.of("id", "effect", "actions", "resource", "roles", "condition", "obligations");
    private static final List<String> EFFECTS = List.of("permit", "deny");
    private static final Map<String, Algorithm> ALGORITHMS = Map.of(
            "deny-overrides", Algorithm.DENY_OVERRIDES,
            "permit-overrides", Algorithm.PERMIT_OVERRIDES,
            "first-applicable", Algorithm.FIRST_APPLICABLE);

    private final DocumentReader in;
    private String name = NativePolicy.DEFAULT_NAME;
    private Algorithm algorithm = Algorithm.DENY_OVERRIDES;
    private @Nullable List<Rule> rules;
    private List<RuleSet> policies = List.of();
    private boolean complete;

    NativeDecoder(DocumentReader in) {
        this.in = in;
    }

    @Override
    public void read(Event kind) {
        if (kind.text().equals("rules")) {
            rules = rules();
        } else {
            policies = policies();
        }
        complete = true;
    }

    void algorithm() {
        algorithm = readAlgorithm();
    }

    void name(String id) {
        name = id.isEmpty() ? NativePolicy.DEFAULT_NAME : id;
    }

    private List<RuleSet> policies() {
        List<RuleSet> read = new ArrayList<>();
        if (in.enterSequence("policies")) {
            while (in.nextItem()) {
                set().ifPresent(read::add);
            }
        }
        return read;
    }

    private Optional<RuleSet> set() {
        long position = in.position();
        if (!in.enterMapping("each of policies")) {
            return Optional.empty();
        }
        Algorithm own = Algorithm.DENY_OVERRIDES;
        @Nullable List<Rule> read = null;
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "algorithm" -> own = readAlgorithm();
                case "rules" -> read = rules();
                default -> in.unknown(key, "each of policies", SET);
            }
        }
        if (read == null) {
            in.missing(position, "each of policies", "rules", "add its rules, or [] for none");
            return Optional.empty();
        }
        return Optional.of(new RuleSet(own, read));
    }

    private Algorithm readAlgorithm() {
        return oneOf("algorithm", List.copyOf(ALGORITHMS.keySet()))
                .map(ALGORITHMS::get)
                .orElse(Algorithm.DENY_OVERRIDES);
    }

    /** Reads a text that is one of {@code choices}; anything else is noted. */
    private Optional<String> oneOf(String what, List<String> choices) {
        long position = in.position();
        int errors = in.problems().errors();
        String written = in.text(what);
        if (choices.contains(written)) {
            return Optional.of(written);
        }
        if (errors == in.problems().errors()) {
            String message = what + " " + Shown.quoted(written) + " is not known, expected "
                    + String.join(" or ", choices.stream().sorted().toList());
            Suggestions.nearest(written, choices)
                    .ifPresentOrElse(
                            meant -> in.problems().invalid(position, message, "write " + meant),
                            () -> in.problems().invalid(position, message));
        }
        return Optional.empty();
    }

    private List<Rule> rules() {
        List<Rule> read = new ArrayList<>();
        if (!in.enterSequence("rules")) {
            return read;
        }
        MappingKeys ids = new MappingKeys();
        while (in.nextItem()) {
            rule(ids).ifPresent(read::add);
        }
        return read;
    }

    private Optional<Rule> rule(MappingKeys ids) {
        long position = in.position();
        if (!in.enterMapping("each of rules")) {
            return Optional.empty();
        }
        @Nullable String id = null;
        @Nullable Effect effect = null;
        @Nullable List<String> actions = null;
        @Nullable Resource resource = null;
        List<String> roles = List.of();
        Optional<Value> condition = Optional.empty();
        List<Value> obligations = List.of();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "id" -> id = id(ids);
                case "effect" -> effect = effect();
                case "actions" -> actions = in.someNames("actions", NameRule.LABEL);
                case "resource" -> resource = resource();
                case "roles" -> roles = in.someNames("roles", NameRule.LABEL);
                case "condition" -> condition = Optional.of(in.value());
                case "obligations" -> obligations = obligations();
                default -> in.unknown(key, "a rule", RULE);
            }
        }
        require(position, id, "id", "add a name that no other rule of the set has");
        require(position, effect, "effect", "add 'effect: permit' or 'effect: deny'");
        require(position, actions, "actions", "add the actions it is about");
        require(position, resource, "resource", "add 'resource: {type: …}'");
        return id == null || effect == null || actions == null || resource == null
                ? Optional.empty()
                : Optional.of(new Rule(id, effect, actions, resource, roles, condition, obligations));
    }

    private void require(long position, @Nullable Object value, String field, String fix) {
        if (value == null) {
            in.missing(position, "the rule", field, fix);
        }
    }

    private String id(MappingKeys ids) {
        long position = in.position();
        String id = in.name("id", NameRule.LABEL);
        long first = ids.add(id, position);
        if (first != 0) {
            in.problems()
                    .invalid(
                            position,
                            "the rule " + Shown.quoted(id) + " is already given at " + Shown.position(first),
                            "give it another id");
        }
        return id;
    }

    private Effect effect() {
        return oneOf("effect", EFFECTS).filter("permit"::equals).isPresent() ? Effect.ALLOW : Effect.DENY;
    }

    private Resource resource() {
        long position = in.position();
        if (!in.enterMapping("resource")) {
            return new Resource(List.of(), Map.of());
        }
        @Nullable List<String> types = null;
        Map<String, Value> fields = new LinkedHashMap<>();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            if (key.text().equals("type")) {
                types = in.isAtSequence()
                        ? in.someNames("resource.type", NameRule.LABEL)
                        : List.of(in.name("resource.type", NameRule.LABEL));
            } else {
                fields.put(key.text(), in.value());
            }
        }
        require(position, types, "resource.type", "add the kind of resource it is about");
        return new Resource(types == null ? List.of() : types, fields);
    }

    private List<Value> obligations() {
        List<Value> read = new ArrayList<>();
        if (in.enterSequence("obligations")) {
            while (in.nextItem()) {
                read.add(in.value());
            }
        }
        return read;
    }

    @Override
    public PolicyContent content(DocumentHeader header) {
        List<RuleSet> sets = rules == null ? policies : List.of(new RuleSet(algorithm, rules));
        return new NativePolicy(header, name, algorithm, sets);
    }

    @Override
    public Optional<PolicyId> id() {
        return complete ? Optional.of(PolicyId.ofNative(name)) : Optional.empty();
    }
}
