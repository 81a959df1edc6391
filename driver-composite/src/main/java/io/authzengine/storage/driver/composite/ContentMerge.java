package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Constants;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.ExportVariables;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.RolePolicy;
import io.authzengine.storage.policy.Schemas;
import io.authzengine.storage.policy.ScopePermissions;
import io.authzengine.storage.policy.Variables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merges what two policies of one id say. Pure. The laws are in {@code docs/drivers/composite.md}, with examples that are its tests.
 */
final class ContentMerge {
    private final boolean denyOverrides;

    private ContentMerge(boolean denyOverrides) {
        this.denyOverrides = denyOverrides;
    }

    static ContentMerge of(MergeStrategy strategy) {
        if (!strategy.merges()) {
            throw new IllegalArgumentException(strategy + " does not merge");
        }
        return new ContentMerge(strategy == MergeStrategy.DENY_OVERRIDES);
    }

    /** Returns what {@code higher} says with what {@code lower} adds to it; {@code higher} itself if that is nothing. */
    PolicyContent merge(PolicyContent higher, PolicyContent lower) throws Contradiction {
        if (!higher.name().equals(lower.name())
                || !higher.version().equals(lower.version())
                || !higher.scope().equals(lower.scope())) {
            throw new Contradiction(
                    "they have one id, but are about '" + higher.name() + "' and '" + lower.name() + "'");
        }
        if (higher.equals(lower)) {
            return higher;
        }
        PolicyContent merged = ofOneKind(higher, lower);
        return merged.equals(higher) ? higher : merged;
    }

    private PolicyContent ofOneKind(PolicyContent higher, PolicyContent lower) throws Contradiction {
        if (higher instanceof ResourcePolicy upper && lower instanceof ResourcePolicy under) {
            return resource(upper, under);
        }
        if (higher instanceof PrincipalPolicy upper && lower instanceof PrincipalPolicy under) {
            return principal(upper, under);
        }
        if (higher instanceof RolePolicy upper && lower instanceof RolePolicy under) {
            return role(upper, under);
        }
        if (higher instanceof DerivedRoles upper && lower instanceof DerivedRoles under) {
            return derivedRoles(upper, under);
        }
        if (higher instanceof ExportVariables upper && lower instanceof ExportVariables under) {
            return new ExportVariables(
                    header(upper.header(), under.header()),
                    upper.name(),
                    exported("variable", upper.definitions(), under.definitions()));
        }
        if (higher instanceof ExportConstants upper && lower instanceof ExportConstants under) {
            return new ExportConstants(
                    header(upper.header(), under.header()),
                    upper.name(),
                    exported("constant", upper.definitions(), under.definitions()));
        }
        throw new Contradiction("they are of different kinds");
    }

    private ResourcePolicy resource(ResourcePolicy higher, ResourcePolicy lower) throws Contradiction {
        return new ResourcePolicy(
                header(higher.header(), lower.header()),
                higher.resource(),
                higher.version(),
                higher.scope(),
                permissions(higher.scopePermissions(), lower.scopePermissions()),
                union(higher.importDerivedRoles(), lower.importDerivedRoles()),
                variables(higher.variables(), lower.variables()),
                constants(higher.constants(), lower.constants()),
                schemas(higher.schemas(), lower.schemas()),
                RuleMerge.ofResources(denyOverrides).merge(higher.rules(), lower.rules()));
    }

    private PrincipalPolicy principal(PrincipalPolicy higher, PrincipalPolicy lower) throws Contradiction {
        Map<String, PrincipalPolicy.Rule> rules = new LinkedHashMap<>();
        higher.rules().forEach(rule -> rules.put(rule.resource(), rule));
        RuleMerge<PrincipalPolicy.Action> actions = RuleMerge.ofPrincipals(denyOverrides);
        for (PrincipalPolicy.Rule rule : lower.rules()) {
            rules.merge(
                    rule.resource(),
                    rule,
                    (upper, under) -> new PrincipalPolicy.Rule(
                            upper.resource(), actions.merge(upper.actions(), under.actions())));
        }
        return new PrincipalPolicy(
                header(higher.header(), lower.header()),
                higher.principal(),
                higher.version(),
                higher.scope(),
                permissions(higher.scopePermissions(), lower.scopePermissions()),
                variables(higher.variables(), lower.variables()),
                constants(higher.constants(), lower.constants()),
                List.copyOf(rules.values()));
    }

    private RolePolicy role(RolePolicy higher, RolePolicy lower) throws Contradiction {
        if (denyOverrides && !new HashSet<>(higher.parentRoles()).equals(new HashSet<>(lower.parentRoles()))) {
            throw new Contradiction("their parentRoles differ");
        }
        return new RolePolicy(
                header(higher.header(), lower.header()),
                higher.role(),
                higher.version(),
                higher.scope(),
                permissions(higher.scopePermissions(), lower.scopePermissions()),
                union(higher.parentRoles(), lower.parentRoles()),
                denyOverrides
                        ? RoleRules.allowedByBoth(higher.rules(), lower.rules())
                        : union(higher.rules(), lower.rules()));
    }

    private DerivedRoles derivedRoles(DerivedRoles higher, DerivedRoles lower) throws Contradiction {
        Map<String, DerivedRoles.Definition> upper = byName(higher);
        Map<String, DerivedRoles.Definition> definitions = new LinkedHashMap<>(byName(lower));
        exported("derived role", upper, definitions);
        definitions.keySet().removeAll(upper.keySet());
        Map<String, DerivedRoles.Definition> all = new LinkedHashMap<>(upper);
        all.putAll(definitions);
        return new DerivedRoles(
                header(higher.header(), lower.header()),
                higher.name(),
                variables(higher.variables(), lower.variables()),
                constants(higher.constants(), lower.constants()),
                List.copyOf(all.values()));
    }

    private static Map<String, DerivedRoles.Definition> byName(DerivedRoles roles) {
        Map<String, DerivedRoles.Definition> definitions = new LinkedHashMap<>();
        roles.definitions().forEach(definition -> definitions.put(definition.name(), definition));
        return definitions;
    }

    /** What others import may be overridden, as that is what layers are for; but not where a denial could hang on it. */
    private <V> Map<String, V> exported(String what, Map<String, V> higher, Map<String, V> lower) throws Contradiction {
        if (denyOverrides) {
            return local(what, higher, lower);
        }
        Map<String, V> all = new LinkedHashMap<>(lower);
        all.putAll(higher);
        return all;
    }

    /** What is a policy's own may not: its rules would silently mean something else. */
    private static <V> Map<String, V> local(String what, Map<String, V> higher, Map<String, V> lower)
            throws Contradiction {
        Map<String, V> all = new LinkedHashMap<>(higher);
        for (Map.Entry<String, V> entry : lower.entrySet()) {
            V other = all.putIfAbsent(entry.getKey(), entry.getValue());
            if (other != null && !other.equals(entry.getValue())) {
                throw new Contradiction("they define the " + what + " '" + entry.getKey() + "' differently");
            }
        }
        return all;
    }

    private static Variables variables(Variables higher, Variables lower) throws Contradiction {
        return new Variables(
                union(higher.imports(), lower.imports()), local("variable", higher.local(), lower.local()));
    }

    private static Constants constants(Constants higher, Constants lower) throws Contradiction {
        return new Constants(
                union(higher.imports(), lower.imports()), local("constant", higher.local(), lower.local()));
    }

    private static DocumentHeader header(DocumentHeader higher, DocumentHeader lower) throws Contradiction {
        return new DocumentHeader(
                higher.description(),
                higher.disabled(),
                higher.annotations(),
                local("variable", higher.variables(), lower.variables()));
    }

    private static ScopePermissions permissions(ScopePermissions higher, ScopePermissions lower) throws Contradiction {
        if (higher != lower) {
            throw new Contradiction("their scopePermissions differ");
        }
        return higher;
    }

    private static Schemas schemas(Schemas higher, Schemas lower) throws Contradiction {
        return new Schemas(
                schema("principal", higher.principal(), lower.principal()),
                schema("resource", higher.resource(), lower.resource()));
    }

    private static Optional<Schemas.Ref> schema(String what, Optional<Schemas.Ref> higher, Optional<Schemas.Ref> lower)
            throws Contradiction {
        if (higher.isPresent() && lower.isPresent() && !higher.equals(lower)) {
            throw new Contradiction("their " + what + " schemas differ");
        }
        return higher.or(() -> lower);
    }

    private static <T> List<T> union(List<T> higher, List<T> lower) {
        Set<T> known = new HashSet<>(higher);
        List<T> all = new ArrayList<>(higher);
        lower.stream().filter(known::add).forEach(all::add);
        return List.copyOf(all);
    }
}
