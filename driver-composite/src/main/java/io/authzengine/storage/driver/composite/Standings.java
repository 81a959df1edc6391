package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.Explanation.Source;
import io.authzengine.storage.driver.Explanation.Standing;
import io.authzengine.storage.driver.composite.Conflict.Claim;
import io.authzengine.storage.driver.composite.Ruling.Basis;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Tells in words what an arbiter decides. Immutable. */
final class Standings {
    private final Arbiter arbiter;

    Standings(Arbiter arbiter) {
        this.arbiter = arbiter;
    }

    /**
     * Returns what becomes of each of {@code claims}, in order of precedence.
     *
     * @param within what a driver itself says of a policy it has: if it is made of drivers, these have spoken
     */
    List<Source> of(List<Claim> claims, Function<Claim, List<Source>> within) {
        if (claims.isEmpty()) {
            return List.of();
        }
        Ruling ruling = arbiter.decide(claims);
        MergeStrategy strategy = arbiter.strategy(claims.get(0).policy().kind());
        List<Claim> inPrecedence = Arbiter.inPrecedence(claims, strategy);
        List<Source> sources = new ArrayList<>();
        for (Claim claim : inPrecedence) {
            Source own = source(claim, ruling, strategy, inPrecedence.get(0));
            List<Source> inner = within.apply(claim);
            if (inner.size() <= 1) {
                sources.add(own);
            } else {
                inner.forEach(one -> sources.add(combined(own, one)));
            }
        }
        return sources;
    }

    /** What a driver does not hand on stays unheard; what it hands on is heard as the driver is. */
    private static Source combined(Source outer, Source inner) {
        boolean handedOn = inner.standing() == Standing.WON || inner.standing() == Standing.MERGED;
        if (!handedOn || outer.standing() == Standing.WON) {
            return inner;
        }
        return new Source(inner.policy(), outer.standing(), outer.reason());
    }

    private static Source source(Claim claim, Ruling ruling, MergeStrategy strategy, Claim first) {
        Policy policy = claim.policy();
        String name = strategy.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Optional<Finding> said = Stream.concat(ruling.contest().stream(), ruling.warnings().stream())
                .filter(finding -> isAt(finding, policy))
                .findFirst();
        if (ruling.isContested()) {
            return new Source(
                    policy,
                    Standing.CONTESTED,
                    said.map(Finding::message).orElse(name + " could not decide between it and others"));
        }
        if (ruling.served().contains(policy)) {
            return new Source(policy, Standing.WON, won(ruling.basis(), name));
        }
        if (ruling.served().stream().anyMatch(one -> one.mergedFrom().containsAll(policy.parts()))) {
            return new Source(policy, Standing.MERGED, name + ": what it says is a part of what is to be seen");
        }
        return new Source(
                policy, Standing.SHADOWED, said.map(Finding::message).orElse(shadowed(ruling, strategy, name, first)));
    }

    private static boolean isAt(Finding finding, Policy policy) {
        return policy.parts().stream()
                .map(part -> part.metadata().provenance())
                .anyMatch(from -> finding.place().location().equals(from.document())
                        && finding.place().line() == from.line());
    }

    private static String won(Basis basis, String strategy) {
        return switch (basis) {
            case RESOLVER -> "the conflict resolver chose it";
            case STRATEGY -> strategy + ": it comes first";
            case ONLY_SOURCE, NOBODY -> "the only source";
        };
    }

    private static String shadowed(Ruling ruling, MergeStrategy strategy, String name, Claim first) {
        if (ruling.basis() == Basis.RESOLVER) {
            return "the conflict resolver chose another";
        }
        return strategy.merges()
                ? name + ": it says nothing that is not said already"
                : name + ": " + first.driverId() + " comes before it";
    }
}
