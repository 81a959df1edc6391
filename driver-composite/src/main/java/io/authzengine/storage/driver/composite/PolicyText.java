package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.Constants;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.ExportVariables;
import io.authzengine.storage.policy.Output;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.RolePolicy;
import io.authzengine.storage.policy.Schemas;
import io.authzengine.storage.policy.ScopePermissions;
import io.authzengine.storage.policy.Value;
import io.authzengine.storage.policy.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes what a policy says as a document that says just that: the text of a policy that was merged. The same content always gives the
 * same text.
 */
final class PolicyText {
    private static final String API_VERSION = "api.cerbos.dev/v1";

    private PolicyText() {}

    static String of(PolicyContent content) {
        DocumentHeader header = content.header();
        YamlNode document = new YamlNode().text("apiVersion", API_VERSION).text("description", header.description());
        if (!header.annotations().isEmpty()) {
            document.put("metadata", new YamlNode().put("annotations", texts(header.annotations())));
        }
        document.put("variables", texts(header.variables()));
        document.put(content.kind().name(), body(content));
        return document.toString();
    }

    private static YamlNode body(PolicyContent content) {
        if (content instanceof ResourcePolicy policy) {
            return resource(policy);
        }
        if (content instanceof PrincipalPolicy policy) {
            return principal(policy);
        }
        if (content instanceof RolePolicy policy) {
            return role(policy);
        }
        if (content instanceof DerivedRoles roles) {
            return derivedRoles(roles);
        }
        YamlNode export = new YamlNode().text("name", content.name());
        return content instanceof ExportVariables variables
                ? export.put("definitions", texts(variables.definitions()))
                : export.put("definitions", values(((ExportConstants) content).definitions()));
    }

    private static YamlNode resource(ResourcePolicy policy) {
        YamlNode body = new YamlNode().text("resource", policy.resource());
        common(body, policy, policy.scopePermissions());
        return body.put("importDerivedRoles", policy.importDerivedRoles())
                .put("variables", variables(policy.variables()))
                .put("constants", constants(policy.constants()))
                .put("schemas", schemas(policy.schemas()))
                .put("rules", policy.rules().stream().map(PolicyText::rule).toList());
    }

    private static YamlNode rule(ResourcePolicy.Rule rule) {
        return new YamlNode()
                .text("name", rule.name())
                .put("actions", rule.actions())
                .text("effect", "EFFECT_" + rule.effect())
                .put("roles", rule.roles())
                .put("derivedRoles", rule.derivedRoles())
                .put("condition", condition(rule.condition()))
                .put("output", output(rule.output()));
    }

    private static YamlNode principal(PrincipalPolicy policy) {
        YamlNode body = new YamlNode().text("principal", policy.principal());
        common(body, policy, policy.scopePermissions());
        return body.put("variables", variables(policy.variables()))
                .put("constants", constants(policy.constants()))
                .put(
                        "rules",
                        policy.rules().stream()
                                .map(rule -> new YamlNode()
                                        .text("resource", rule.resource())
                                        .put(
                                                "actions",
                                                rule.actions().stream()
                                                        .map(PolicyText::action)
                                                        .toList()))
                                .toList());
    }

    private static YamlNode action(PrincipalPolicy.Action action) {
        return new YamlNode()
                .text("name", action.name())
                .text("action", action.action())
                .text("effect", "EFFECT_" + action.effect())
                .put("condition", condition(action.condition()))
                .put("output", output(action.output()));
    }

    private static YamlNode role(RolePolicy policy) {
        YamlNode body = new YamlNode().text("role", policy.role());
        common(body, policy, policy.scopePermissions());
        return body.put("parentRoles", policy.parentRoles())
                .put(
                        "rules",
                        policy.rules().stream()
                                .map(rule -> new YamlNode()
                                        .text("resource", rule.resource())
                                        .put("allowActions", rule.allowActions())
                                        .put("condition", condition(rule.condition())))
                                .toList());
    }

    private static YamlNode derivedRoles(DerivedRoles roles) {
        return new YamlNode()
                .text("name", roles.name())
                .put("variables", variables(roles.variables()))
                .put("constants", constants(roles.constants()))
                .put(
                        "definitions",
                        roles.definitions().stream()
                                .map(definition -> new YamlNode()
                                        .text("name", definition.name())
                                        .put("parentRoles", definition.parentRoles())
                                        .put("condition", condition(definition.condition())))
                                .toList());
    }

    private static void common(YamlNode body, PolicyContent content, ScopePermissions permissions) {
        body.text("version", content.version()).text("scope", content.scope());
        if (permissions != ScopePermissions.UNSPECIFIED) {
            body.text("scopePermissions", "SCOPE_PERMISSIONS_" + permissions);
        }
    }

    private static YamlNode variables(Variables variables) {
        return new YamlNode().put("import", variables.imports()).put("local", texts(variables.local()));
    }

    private static YamlNode constants(Constants constants) {
        return new YamlNode().put("import", constants.imports()).put("local", values(constants.local()));
    }

    private static YamlNode texts(Map<String, String> texts) {
        YamlNode node = new YamlNode();
        new TreeMap<>(texts).forEach(node::entry);
        return node;
    }

    private static YamlNode values(Map<String, Value> values) {
        YamlNode node = new YamlNode();
        new TreeMap<>(values).forEach((name, value) -> node.entry(name, value(value)));
        return node;
    }

    private static Object value(Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        if (value instanceof Value.Bool truth) {
            return truth.value();
        }
        if (value instanceof Value.Num number) {
            return number.value();
        }
        if (value instanceof Value.Array array) {
            List<Object> items = new ArrayList<>();
            array.items().forEach(item -> items.add(value(item)));
            return items;
        }
        return value instanceof Value.Struct struct ? values(struct.fields()) : YamlNode.NULL;
    }

    private static YamlNode schemas(Schemas schemas) {
        return new YamlNode()
                .put("principalSchema", schema(schemas.principal()))
                .put("resourceSchema", schema(schemas.resource()));
    }

    private static YamlNode schema(Optional<Schemas.Ref> schema) {
        YamlNode node = new YamlNode();
        schema.ifPresent(ref ->
                node.text("ref", ref.ref()).put("ignoreWhen", new YamlNode().put("actions", ref.ignoredActions())));
        return node;
    }

    private static YamlNode condition(Optional<Condition> condition) {
        YamlNode node = new YamlNode();
        condition.ifPresent(match -> node.put("match", match(match)));
        return node;
    }

    private static YamlNode match(Condition condition) {
        if (condition instanceof Condition.All all) {
            return new YamlNode().put("all", list(all.of()));
        }
        if (condition instanceof Condition.AnyOf any) {
            return new YamlNode().put("any", list(any.of()));
        }
        if (condition instanceof Condition.NoneOf none) {
            return new YamlNode().put("none", list(none.of()));
        }
        return new YamlNode().text("expr", ((Condition.Expression) condition).expression());
    }

    private static YamlNode list(List<Condition> conditions) {
        return new YamlNode()
                .put("of", conditions.stream().map(PolicyText::match).toList());
    }

    private static YamlNode output(Optional<Output> output) {
        YamlNode node = new YamlNode();
        output.ifPresent(what -> {
            YamlNode when = new YamlNode()
                    .text("ruleActivated", what.ruleActivated().orElse(""))
                    .text("conditionNotMet", what.conditionNotMet().orElse(""));
            node.text("expr", what.expression().orElse("")).put("when", when);
            if (node.isEmpty()) {
                node.entry("when", when); // An output that says nothing is still there.
            }
        });
        return node;
    }
}
