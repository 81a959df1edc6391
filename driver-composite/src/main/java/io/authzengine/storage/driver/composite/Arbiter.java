package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.composite.Conflict.Claim;
import io.authzengine.storage.driver.composite.Ruling.Basis;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.policy.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides what is served of the policies that several drivers have under one key. Depends on nothing but these; thread-safe. */
final class Arbiter {
    private final CompositeConfig config;
    private final PolicyMerge mergeRules;
    private final PolicyMerge denyOverrides;

    Arbiter(String driverId, CompositeConfig config) {
        this.config = config;
        this.mergeRules = new PolicyMerge(driverId, MergeStrategy.MERGE_RULES);
        this.denyOverrides = new PolicyMerge(driverId, MergeStrategy.DENY_OVERRIDES);
    }

    /** Returns the strategy for policies of {@code kind}. */
    MergeStrategy strategy(PolicyKind kind) {
        return config.strategyOf(kind);
    }

    /**
     * Decides.
     *
     * @param claims all that drivers have under one key, in the order of the drivers' priority
     */
    Ruling decide(List<Claim> claims) {
        if (claims.isEmpty()) {
            return new Ruling(Basis.NOBODY, List.of(), List.of(), List.of());
        }
        if (claims.stream().map(Claim::driverId).distinct().count() == 1) {
            return served(Basis.ONLY_SOURCE, policies(claims), List.of());
        }
        MergeStrategy strategy = strategy(claims.get(0).policy().kind());
        List<Claim> inPrecedence = inPrecedence(claims, strategy);
        List<Finding> warnings = new ArrayList<>();
        Optional<Policy> chosen = config.resolver().flatMap(resolver -> ask(resolver, inPrecedence, warnings));
        return chosen.isPresent()
                ? served(Basis.RESOLVER, List.of(chosen.get()), warnings)
                : byStrategy(strategy, inPrecedence, warnings);
    }

    /** Returns {@code claims} with those of the driver first that decides; those of one driver stay in their order. */
    static List<Claim> inPrecedence(List<Claim> claims, MergeStrategy strategy) {
        return strategy.inPrecedence(List.copyOf(byDriver(claims).values())).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static Map<String, List<Claim>> byDriver(List<Claim> claims) {
        return claims.stream().collect(Collectors.groupingBy(Claim::driverId, LinkedHashMap::new, Collectors.toList()));
    }

    private static Optional<Policy> ask(ConflictResolver resolver, List<Claim> claims, List<Finding> warnings) {
        Conflict conflict = new Conflict(claims);
        String problem;
        try {
            Optional<Policy> chosen = resolver.resolve(conflict);
            // What an application wrote may return null whatever its type says.
            problem = isNull(chosen)
                    ? "returned null"
                    : chosen.flatMap(policy -> strange(policy, conflict)).orElse("");
            if (problem.isEmpty()) {
                return chosen;
            }
        } catch (RuntimeException | StackOverflowError e) {
            problem = "threw " + e;
        }
        Policy first = claims.get(0).policy();
        warnings.add(warning(first, "the conflict resolver " + problem + ", so the strategy decided on " + first.id())
                .fix("mend the resolver; it must return a policy with an id it was given, or empty"));
        return Optional.empty();
    }

    @SuppressWarnings("ConstantValue")
    private static boolean isNull(Object object) {
        return java.util.Objects.isNull(object);
    }

    private static Optional<String> strange(Policy policy, Conflict conflict) {
        boolean known = conflict.policies().stream().anyMatch(one -> one.id().equals(policy.id()));
        return known ? Optional.empty() : Optional.of("returned " + policy.id() + ", which it was not asked about");
    }

    private Ruling byStrategy(MergeStrategy strategy, List<Claim> claims, List<Finding> warnings) {
        List<Claim> first = byDriver(claims).values().iterator().next();
        return switch (strategy) {
            case FIRST_WINS, LAST_WINS -> served(Basis.STRATEGY, policies(first), warnings);
            case REJECT ->
                contested(claims.stream().map(claim -> overlap(claim, claims)).toList(), warnings);
            case MERGE_RULES -> merged(mergeRules, claims, first).served(warnings);
            case DENY_OVERRIDES -> merged(denyOverrides, claims, first).contested(warnings);
        };
    }

    private static Finding overlap(Claim claim, List<Claim> claims) {
        String others = claims.stream()
                .filter(other -> !other.driverId().equals(claim.driverId()))
                .map(other -> where(other.policy()))
                .collect(Collectors.joining(", "));
        return error(claim.policy(), claim.policy().id() + " is also in " + others + ", and mergeStrategy is reject")
                .fix("remove it from all drivers but one");
    }

    /** What merging brought, and which policies could not be merged with what. */
    private record Merged(List<Policy> policies, Map<Policy, String> refused) {
        /** The rest is served. */
        Ruling served(List<Finding> warnings) {
            refused.forEach((policy, reason) -> warnings.add(warning(policy, reason + "; only the latter is served")));
            return Arbiter.served(Basis.STRATEGY, policies, warnings);
        }

        /** What could not be merged may deny something, so nothing is served without it. */
        Ruling contested(List<Finding> warnings) {
            List<Finding> contest = new ArrayList<>();
            refused.forEach((policy, reason) ->
                    contest.add(error(policy, reason).fix("make them agree, or remove one of them")));
            return contest.isEmpty() ? served(warnings) : Arbiter.contested(contest, warnings);
        }
    }

    /** Merges the policies of each id that the driver of highest precedence has; others have another version than all of these. */
    private static Merged merged(PolicyMerge merge, List<Claim> claims, List<Claim> first) {
        Map<PolicyId, List<Policy>> byId = new LinkedHashMap<>();
        claims.forEach(claim -> byId.computeIfAbsent(claim.policy().id(), id -> new ArrayList<>())
                .add(claim.policy()));
        Set<PolicyId> leading = first.stream().map(claim -> claim.policy().id()).collect(Collectors.toSet());
        List<Policy> merged = new ArrayList<>();
        Map<Policy, String> refused = new LinkedHashMap<>();
        byId.forEach((id, policies) -> {
            if (leading.contains(id)) {
                PolicyMerge.Outcome outcome = merge.merge(policies);
                merged.add(outcome.policy());
                outcome.refused()
                        .forEach((policy, reason) -> refused.put(policy, cannot(policy, policies.get(0), reason)));
            } else {
                Policy leader = first.get(0).policy();
                policies.forEach(policy -> refused.put(policy, cannot(policy, leader, "their versions differ")));
            }
        });
        return new Merged(merged, refused);
    }

    private static String cannot(Policy policy, Policy other, String reason) {
        return policy.id() + " cannot be merged with that in " + where(other) + ": " + reason;
    }

    private static Ruling served(Basis basis, List<Policy> policies, List<Finding> warnings) {
        return new Ruling(basis, policies, warnings, List.of());
    }

    private static Ruling contested(List<Finding> contest, List<Finding> warnings) {
        return new Ruling(Basis.STRATEGY, List.of(), warnings, contest);
    }

    private static List<Policy> policies(List<Claim> claims) {
        return claims.stream().map(Claim::policy).toList();
    }

    private static Finding warning(Policy policy, String message) {
        return Finding.warning(ErrorCode.VALIDATION_ERROR, place(policy), message)
                .about(policy.id());
    }

    private static Finding error(Policy policy, String message) {
        return Finding.error(ErrorCode.VALIDATION_ERROR, place(policy), message).about(policy.id());
    }

    private static Place place(Policy policy) {
        Provenance provenance = policy.parts().get(0).metadata().provenance();
        return new Place(provenance.document(), provenance.line(), 1);
    }

    private static String where(Policy policy) {
        Provenance provenance = policy.parts().get(0).metadata().provenance();
        return provenance.driverId() + ": " + place(policy);
    }
}
