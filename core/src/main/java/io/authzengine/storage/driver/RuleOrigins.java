package io.authzengine.storage.driver;

import io.authzengine.storage.parser.PolicyLines;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.ExportVariables;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.RolePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the documents that the rules of a policy were read from. */
final class RuleOrigins {
    private final List<Item> items = new ArrayList<>();
    private final PolicyContent content;

    /**
     * A rule or definition.
     *
     * @param says what it says, name and all
     * @param body the same without its name, which merging may take from it
     * @param path where it stands in the document
     */
    private record Item(String label, Object says, Object body, List<String> path) {}

    private RuleOrigins(PolicyContent content) {
        this.content = content;
    }

    /** Returns each rule or definition of {@code policy} with where it was read. */
    static List<Explanation.Rule> of(Policy policy) {
        Map<Policy, List<Item>> parts = new java.util.LinkedHashMap<>();
        policy.parts().forEach(part -> parts.put(part, items(part.content())));
        Map<Policy, PolicyLines> lines = new java.util.HashMap<>();
        return items(policy.content()).stream()
                .map(item -> new Explanation.Rule(item.label(), origins(item, parts, lines)))
                .toList();
    }

    private static List<Provenance> origins(Item item, Map<Policy, List<Item>> parts, Map<Policy, PolicyLines> lines) {
        return find(item, parts, lines, true)
                .or(() -> find(item, parts, lines, false))
                .map(List::of)
                .orElseGet(() -> parts.keySet().stream()
                        .map(part -> part.metadata().provenance())
                        .toList());
    }

    private static Optional<Provenance> find(
            Item item, Map<Policy, List<Item>> parts, Map<Policy, PolicyLines> lines, boolean wholly) {
        for (Map.Entry<Policy, List<Item>> part : parts.entrySet()) {
            for (Item other : part.getValue()) {
                if (wholly ? other.says().equals(item.says()) : other.body().equals(item.body())) {
                    Provenance document = part.getKey().metadata().provenance();
                    int line = lines.computeIfAbsent(part.getKey(), PolicyLines::of)
                            .line(other.path());
                    return Optional.of(
                            new Provenance(document.driverId(), document.location(), line, document.revision()));
                }
            }
        }
        return Optional.empty();
    }

    private static List<Item> items(PolicyContent content) {
        RuleOrigins found = new RuleOrigins(content);
        if (content instanceof ResourcePolicy policy) {
            found.resource(policy.rules());
        } else if (content instanceof PrincipalPolicy policy) {
            found.principal(policy.rules());
        } else if (content instanceof RolePolicy policy) {
            for (int i = 0; i < policy.rules().size(); i++) {
                found.add(
                        "rules[" + i + "]",
                        policy.rules().get(i),
                        policy.rules().get(i),
                        "rules",
                        "" + i);
            }
        } else if (content instanceof DerivedRoles roles) {
            for (int i = 0; i < roles.definitions().size(); i++) {
                DerivedRoles.Definition one = roles.definitions().get(i);
                found.add("definitions[" + i + "] " + one.name(), one, one, "definitions", "" + i);
            }
        } else if (content instanceof ExportVariables variables) {
            found.exports(variables.definitions());
        } else if (content instanceof ExportConstants constants) {
            found.exports(constants.definitions());
        }
        return found.items;
    }

    private void resource(List<ResourcePolicy.Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            ResourcePolicy.Rule rule = rules.get(i);
            List<Object> body = List.of(
                    rule.actions(), rule.effect(), rule.roles(), rule.derivedRoles(), rule.condition(), rule.output());
            add(("rules[" + i + "] " + rule.name()).strip(), rule, body, "rules", "" + i);
        }
    }

    private void principal(List<PrincipalPolicy.Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            PrincipalPolicy.Rule rule = rules.get(i);
            for (int j = 0; j < rule.actions().size(); j++) {
                PrincipalPolicy.Action action = rule.actions().get(j);
                List<Object> says = List.of(rule.resource(), action);
                List<Object> body =
                        List.of(rule.resource(), action.action(), action.effect(), action.condition(), action.output());
                String label = "rules[" + i + "].actions[" + j + "] " + action.name();
                add(label.strip(), says, body, "rules", "" + i, "actions", "" + j);
            }
        }
    }

    private void exports(Map<String, ?> definitions) {
        new TreeMap<>(definitions).forEach((name, value) -> {
            List<Object> says = List.of(name, value);
            add("definitions." + name, says, says, "definitions", name);
        });
    }

    private void add(String label, Object says, Object body, String... path) {
        List<String> whole = new ArrayList<>(List.of(path));
        whole.add(0, content.kind().name());
        items.add(new Item(label, says, body, List.copyOf(whole)));
    }
}
