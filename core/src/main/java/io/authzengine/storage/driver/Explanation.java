package io.authzengine.storage.driver;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Provenance;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a policy says what it says: who spoke, who was heard, and where each rule comes from. Immutable.
 *
 * @param id the policy
 * @param policy what the driver has under this id; empty if it has nothing
 * @param sources all that speak about it, in order of precedence
 * @param rules each rule or definition of {@code policy}, with its origin
 * @param findings what is wrong with documents that concern it, or with what they say together
 */
public record Explanation(
        PolicyId id, Optional<Policy> policy, List<Source> sources, List<Rule> rules, List<Finding> findings) {
    /** What became of what a source says. */
    public enum Standing {
        /** It is what is to be seen. */
        WON,
        /** It is a part of what is to be seen. */
        MERGED,
        /** It is not to be seen, as another comes before it. */
        SHADOWED,
        /** Nobody could decide, so it is not taken up; what was there before stays. */
        CONTESTED
    }

    /**
     * A document that speaks.
     *
     * @param policy what it says; its provenance names driver, location, line and revision. Its id may be another one, if policies of
     *     several versions compete
     * @param standing what became of it
     * @param reason why, in part of a sentence
     */
    public record Source(Policy policy, Standing standing, String reason) {}

    /**
     * A rule or definition.
     *
     * @param label where it stands in the policy, such as {@code rules[0] owner-edit}
     * @param origins where it was read, with the line it begins on; several only if it says what several documents say together
     */
    public record Rule(String label, List<Provenance> origins) {
        public Rule {
            origins = List.copyOf(origins);
        }
    }

    public Explanation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(policy, "policy");
        sources = List.copyOf(sources);
        rules = List.copyOf(rules);
        findings = List.copyOf(findings);
    }

    /** Returns the explanation of a driver that is not made of others. */
    static Explanation of(PolicyId id, LoadResult loaded) {
        Optional<Policy> policy = loaded.policies().find(id);
        List<Source> sources = policy.map(one -> new Source(one, Standing.WON, "the only source")).stream()
                .toList();
        return of(id, loaded, sources);
    }

    /** Returns the explanation of a driver made of others, for {@code sources}. */
    public static Explanation of(PolicyId id, LoadResult loaded, List<Source> sources) {
        Optional<Policy> policy = loaded.policies().find(id);
        List<Finding> findings = loaded.errors().stream()
                .filter(error -> error.affected().contains(id))
                .flatMap(error -> error.findings().stream())
                .toList();
        return new Explanation(id, policy, sources, policy.map(RuleOrigins::of).orElse(List.of()), findings);
    }
}
