package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.Output;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.Schemas;
import io.authzengine.storage.policy.ScopePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code resourcePolicy}. */
final class ResourcePolicyDecoder implements KindDecoder {
    private static final List<String> FIELDS = List.of(
            "resource",
            "version",
            "scope",
            "scopePermissions",
            "importDerivedRoles",
            "variables",
            "constants",
            "schemas",
            "rules");
    private static final List<String> RULE =
            List.of("name", "actions", "effect", "roles", "derivedRoles", "condition", "output");

    private final DocumentReader in;
    private final RuleFields parts;
    private final ConditionDecoder conditions;
    private final PolicyFields fields;
    private boolean complete;
    private @Nullable String resource;
    private List<String> importDerivedRoles = List.of();
    private Schemas schemas = Schemas.NONE;
    private List<ResourcePolicy.Rule> rules = List.of();

    ResourcePolicyDecoder(DocumentReader in) {
        this.in = in;
        this.parts = new RuleFields(in);
        this.conditions = new ConditionDecoder(in);
        this.fields = new PolicyFields(in, NameRule.VERSION, List.of(ScopePermissions.values()));
    }

    @Override
    public void read(Event kind) {
        if (!in.enterMapping("resourcePolicy")) {
            return;
        }
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "resource" -> resource = in.name("resource", NameRule.SUBJECT);
                case "importDerivedRoles" -> importDerivedRoles = in.names("importDerivedRoles", NameRule.EXPORT);
                case "schemas" -> schemas = new SchemasDecoder(in).schemas();
                case "rules" -> rules = rules();
                default -> {
                    if (!fields.read(key)) {
                        in.unknown(key, "resourcePolicy", FIELDS);
                    }
                }
            }
        }
        if (resource == null) {
            in.missing(kind.position(), "resourcePolicy", "resource", "add the kind of resource it is about");
        }
        fields.requireVersion(kind.position(), "resourcePolicy");
        complete = true;
    }

    private List<ResourcePolicy.Rule> rules() {
        if (!in.enterSequence("rules")) {
            return List.of();
        }
        List<ResourcePolicy.Rule> read = new ArrayList<>();
        UniqueNames names = new UniqueNames(in, "rule");
        while (in.nextItem()) {
            rule(names).ifPresent(read::add);
        }
        return read;
    }

    private Optional<ResourcePolicy.Rule> rule(UniqueNames names) {
        long position = in.position();
        if (!in.enterMapping("each of rules")) {
            return Optional.empty();
        }
        String name = "";
        @Nullable List<String> actions = null;
        @Nullable Effect effect = null;
        List<String> roles = List.of();
        List<String> derivedRoles = List.of();
        Optional<Condition> condition = Optional.empty();
        Optional<Output> output = Optional.empty();
        int errors = in.problems().errors();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "name" -> name = names.next();
                case "actions" -> actions = in.someNames("actions", NameRule.LABEL);
                case "effect" -> effect = parts.effect();
                case "roles" -> roles = in.names("roles", NameRule.LABEL);
                case "derivedRoles" -> derivedRoles = in.names("derivedRoles", NameRule.EXPORT);
                case "condition" -> condition = conditions.condition();
                case "output" -> output = parts.output();
                default -> in.unknown(key, "a rule of resourcePolicy", RULE);
            }
        }
        if (actions == null) {
            in.missing(position, "the rule", "actions", "add the actions it is about");
        }
        if (effect == null) {
            in.missing(position, "the rule", "effect", "add 'effect: EFFECT_ALLOW' or 'effect: EFFECT_DENY'");
        }
        if (roles.isEmpty() && derivedRoles.isEmpty() && errors == in.problems().errors()) {
            in.problems()
                    .invalid(
                            position,
                            "the rule has neither roles nor derivedRoles, so it would apply to nobody",
                            "add 'roles' or 'derivedRoles'");
        }
        return actions == null || effect == null
                ? Optional.empty()
                : Optional.of(new ResourcePolicy.Rule(name, actions, effect, roles, derivedRoles, condition, output));
    }

    @Override
    public PolicyContent content(DocumentHeader header) {
        return new ResourcePolicy(
                header,
                resource == null ? "" : resource,
                fields.version(),
                fields.scope(),
                fields.scopePermissions(),
                importDerivedRoles,
                fields.variables(),
                fields.constants(),
                schemas,
                rules);
    }

    @Override
    public Set<String> localVariables() {
        return fields.variables().local().keySet();
    }

    @Override
    public Optional<PolicyId> id() {
        return complete && resource != null && NameRule.SUBJECT.fullyAccepts(resource) && fields.canIdentify()
                ? Optional.of(PolicyId.ofResource(resource, fields.version(), fields.scope()))
                : Optional.empty();
    }
}
