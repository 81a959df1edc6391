package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.Constants;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.ExportVariables;
import io.authzengine.storage.policy.Output;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.RawText;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.RolePolicy;
import io.authzengine.storage.policy.Schemas;
import io.authzengine.storage.policy.ScopePermissions;
import io.authzengine.storage.policy.Value;
import io.authzengine.storage.policy.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Makes policies of one id at random, of few words so that they have much in common. Those of {@link #agreeing} differ in rules and
 * definitions, but never contradict each other.
 */
final class GeneratedPolicies {
    static final List<String> ACTIONS = List.of("view", "edit", "share");
    static final List<String> ROLES = List.of("user", "admin");
    static final List<String> ATOMS = List.of("a", "b");

    private static final List<String> NAMES = List.of("", "", "one", "two");
    private static final int MOST = 3;
    private static final RawText NO_TEXT = RawText.of("");

    private final SplittableRandom random;

    GeneratedPolicies(long seed) {
        this.random = new SplittableRandom(seed);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private <T> List<T> some(int least, Supplier<T> make) {
        Set<T> made = new LinkedHashSet<>();
        int size = least + random.nextInt(MOST);
        for (int i = 0; i < size; i++) {
            made.add(make.get());
        }
        return List.copyOf(made);
    }

    /** Returns content that does not contradict what else this makes for the same kind. */
    PolicyContent agreeing(int kind) {
        return switch (kind) {
            case 0 -> resource();
            case 1 -> principal();
            case 2 -> role();
            case 3 -> roles();
            case 4 -> new ExportVariables(DocumentHeader.EMPTY, "facts", texts());
            default -> new ExportConstants(DocumentHeader.EMPTY, "limits", constants());
        };
    }

    ResourcePolicy resource() {
        return new ResourcePolicy(
                DocumentHeader.EMPTY,
                "album",
                "default",
                "",
                ScopePermissions.UNSPECIFIED,
                some(0, () -> any(List.of("x_roles", "y_roles"))),
                new Variables(some(0, () -> any(List.of("f", "g"))), texts()),
                new Constants(some(0, () -> any(List.of("h"))), constants()),
                random.nextBoolean()
                        ? Schemas.NONE
                        : new Schemas(
                                Optional.empty(), Optional.of(new Schemas.Ref("cerbos:///a.json", List.of("view")))),
                uniquelyNamed(some(0, this::rule)));
    }

    private static List<ResourcePolicy.Rule> uniquelyNamed(List<ResourcePolicy.Rule> rules) {
        Map<String, ResourcePolicy.Rule> named = new LinkedHashMap<>();
        for (ResourcePolicy.Rule rule : rules) {
            named.putIfAbsent(rule.name().isEmpty() ? "#" + named.size() : rule.name(), rule);
        }
        return List.copyOf(named.values());
    }

    private ResourcePolicy.Rule rule() {
        return new ResourcePolicy.Rule(
                any(NAMES),
                some(1, () -> any(ACTIONS)),
                any(List.of(Effect.values())),
                some(1, () -> any(ROLES)),
                List.of(),
                condition(),
                output());
    }

    PrincipalPolicy principal() {
        List<PrincipalPolicy.Rule> rules = new ArrayList<>();
        for (String resource : some(0, () -> any(List.of("album", "photo", "*")))) {
            Map<String, PrincipalPolicy.Action> named = new LinkedHashMap<>();
            for (PrincipalPolicy.Action action : some(1, this::action)) {
                named.putIfAbsent(action.name().isEmpty() ? "#" + named.size() : action.name(), action);
            }
            rules.add(new PrincipalPolicy.Rule(resource, List.copyOf(named.values())));
        }
        return new PrincipalPolicy(
                DocumentHeader.EMPTY,
                "ines",
                "default",
                "",
                ScopePermissions.UNSPECIFIED,
                new Variables(List.of(), texts()),
                Constants.NONE,
                rules);
    }

    private PrincipalPolicy.Action action() {
        return new PrincipalPolicy.Action(
                any(NAMES), any(ACTIONS), any(List.of(Effect.values())), condition(), output());
    }

    RolePolicy role() {
        return new RolePolicy(
                DocumentHeader.EMPTY,
                "guest",
                "default",
                "",
                ScopePermissions.UNSPECIFIED,
                List.of(),
                some(
                        0,
                        () -> new RolePolicy.Rule(
                                any(List.of("album", "photo", "*")),
                                some(1, () -> any(List.of("view", "edit", "*"))),
                                condition())));
    }

    private DerivedRoles roles() {
        Map<String, DerivedRoles.Definition> named = new LinkedHashMap<>();
        for (String name : some(1, () -> any(List.of("owner", "author", "reader")))) {
            named.put(
                    name,
                    new DerivedRoles.Definition(
                            name, List.of("user"), Optional.of(new Condition.Expression("is_" + name))));
        }
        return new DerivedRoles(
                DocumentHeader.EMPTY,
                "album_roles",
                new Variables(List.of("f"), texts()),
                Constants.NONE,
                List.copyOf(named.values()));
    }

    /** The same name always has the same value. */
    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        some(0, () -> any(List.of("p", "q", "yes")))
                .forEach(name -> texts.put(name, "R.attr." + name + " == \"é\\n\""));
        return texts;
    }

    private Map<String, Value> constants() {
        Map<String, Value> all = Map.of(
                "i", new Value.Num(10),
                "j", new Value.Num(-0.125),
                "k", new Value.Text("true"),
                "l", new Value.Array(List.of(new Value.Bool(true), Value.NULL, new Value.Array(List.of()))),
                "m", new Value.Struct(Map.of("n", new Value.Num(1e300), "", new Value.Text(" \u2028\t\"\\"))));
        Map<String, Value> constants = new LinkedHashMap<>();
        some(0, () -> any(List.copyOf(all.keySet().stream().sorted().toList())))
                .forEach(name -> constants.put(name, java.util.Objects.requireNonNull(all.get(name))));
        return constants;
    }

    private Optional<Condition> condition() {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(condition(2));
    }

    private Condition condition(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        List<Condition> of = kind == 0 ? List.of() : some(1, () -> condition(depth - 1));
        return switch (kind) {
            case 1 -> new Condition.All(of);
            case 2 -> new Condition.AnyOf(of);
            case 3 -> new Condition.NoneOf(of);
            default -> new Condition.Expression(any(ATOMS));
        };
    }

    private Optional<Output> output() {
        return random.nextInt(4) > 0
                ? Optional.empty()
                : Optional.of(new Output(Optional.empty(), Optional.of("\"told\""), Optional.empty()));
    }

    /** Returns a policy that says {@code content}, as {@code driverId} would have read it, but for the text. */
    static Policy policy(String driverId, PolicyContent content) {
        PolicyMetadata metadata = new PolicyMetadata(
                content.id(),
                content.kind(),
                content.name(),
                content.version(),
                content.scope(),
                new Provenance(driverId, content.name() + ".yaml", 1, ""),
                Optional.empty(),
                Integer.toHexString(content.hashCode()));
        return new Policy(metadata, content, NO_TEXT);
    }
}
