package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.Output;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.ScopePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code principalPolicy}. */
final class PrincipalPolicyDecoder implements KindDecoder {
    private static final List<String> FIELDS =
            List.of("principal", "version", "scope", "scopePermissions", "variables", "constants", "rules");
    private static final List<String> RULE = List.of("resource", "actions");
    private static final List<String> ACTION = List.of("name", "action", "effect", "condition", "output");

    private final DocumentReader in;
    private final RuleFields parts;
    private final ConditionDecoder conditions;
    private final PolicyFields fields;
    private boolean complete;
    private @Nullable String principal;
    private List<PrincipalPolicy.Rule> rules = List.of();

    PrincipalPolicyDecoder(DocumentReader in) {
        this.in = in;
        this.parts = new RuleFields(in);
        this.conditions = new ConditionDecoder(in);
        this.fields = new PolicyFields(in, NameRule.VERSION, List.of(ScopePermissions.values()));
    }

    @Override
    public void read(Event kind) {
        if (!in.enterMapping("principalPolicy")) {
            return;
        }
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "principal" -> principal = in.name("principal", NameRule.SUBJECT);
                case "rules" -> rules = rules();
                default -> {
                    if (!fields.read(key)) {
                        in.unknown(key, "principalPolicy", FIELDS);
                    }
                }
            }
        }
        if (principal == null) {
            in.missing(kind.position(), "principalPolicy", "principal", "add the principal it is about");
        }
        fields.requireVersion(kind.position(), "principalPolicy");
        complete = true;
    }

    private List<PrincipalPolicy.Rule> rules() {
        if (!in.enterSequence("rules")) {
            return List.of();
        }
        List<PrincipalPolicy.Rule> read = new ArrayList<>();
        UniqueNames resources = new UniqueNames(in, "rule's resource");
        while (in.nextItem()) {
            rule(resources).ifPresent(read::add);
        }
        return read;
    }

    private Optional<PrincipalPolicy.Rule> rule(UniqueNames resources) {
        long position = in.position();
        if (!in.enterMapping("each of rules")) {
            return Optional.empty();
        }
        @Nullable String resource = null;
        @Nullable List<PrincipalPolicy.Action> actions = null;
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "resource" -> resource = resources.next(NameRule.LABEL);
                case "actions" -> actions = actions();
                default -> in.unknown(key, "a rule of principalPolicy", RULE);
            }
        }
        if (resource == null) {
            in.missing(position, "the rule", "resource", "add the kind of resource, or '*' for all");
        }
        if (actions == null) {
            in.missing(position, "the rule", "actions", "add what may or may not be done");
        }
        return resource == null || actions == null
                ? Optional.empty()
                : Optional.of(new PrincipalPolicy.Rule(resource, actions));
    }

    private List<PrincipalPolicy.Action> actions() {
        long position = in.position();
        if (!in.enterSequence("actions")) {
            return List.of();
        }
        int errors = in.problems().errors();
        List<PrincipalPolicy.Action> actions = new ArrayList<>();
        UniqueNames names = new UniqueNames(in, "rule");
        while (in.nextItem()) {
            action(names).ifPresent(actions::add);
        }
        if (actions.isEmpty() && errors == in.problems().errors()) {
            in.problems().invalid(position, "actions must not be empty, expected at least one");
        }
        return actions;
    }

    private Optional<PrincipalPolicy.Action> action(UniqueNames names) {
        long position = in.position();
        if (!in.enterMapping("each of actions")) {
            return Optional.empty();
        }
        String name = "";
        @Nullable String action = null;
        @Nullable Effect effect = null;
        Optional<Condition> condition = Optional.empty();
        Optional<Output> output = Optional.empty();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "name" -> name = names.next();
                case "action" -> action = in.name("action", NameRule.LABEL);
                case "effect" -> effect = parts.effect();
                case "condition" -> condition = conditions.condition();
                case "output" -> output = parts.output();
                default -> in.unknown(key, "an action of principalPolicy", ACTION);
            }
        }
        if (action == null) {
            in.missing(position, "the action", "action", "add the action, or '*' for all");
        }
        if (effect == null) {
            in.missing(position, "the action", "effect", "add 'effect: EFFECT_ALLOW' or 'effect: EFFECT_DENY'");
        }
        return action == null || effect == null
                ? Optional.empty()
                : Optional.of(new PrincipalPolicy.Action(name, action, effect, condition, output));
    }

    @Override
    public PolicyContent content(DocumentHeader header) {
        return new PrincipalPolicy(
                header,
                principal == null ? "" : principal,
                fields.version(),
                fields.scope(),
                fields.scopePermissions(),
                fields.variables(),
                fields.constants(),
                rules);
    }

    @Override
    public Set<String> localVariables() {
        return fields.variables().local().keySet();
    }

    @Override
    public Optional<PolicyId> id() {
        return complete && principal != null && NameRule.SUBJECT.fullyAccepts(principal) && fields.canIdentify()
                ? Optional.of(PolicyId.ofPrincipal(principal, fields.version(), fields.scope()))
                : Optional.empty();
    }
}
