package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.RolePolicy;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the documentation page promises of merging, with generated policies. */
class MergeLawsTest {
    private static final long SEED = 20_260_101;
    private static final int CASES = 100_000;
    private static final int KINDS = 6;
    private static final List<Decisions.Request> REQUESTS = Decisions.all();

    private final GeneratedPolicies policies = new GeneratedPolicies(SEED);
    private final SplittableRandom random = new SplittableRandom(SEED);

    private static Policy merged(MergeStrategy strategy, Policy... parts) {
        PolicyMerge.Outcome outcome = new PolicyMerge("composite", strategy).merge(List.of(parts));
        if (!outcome.refused().isEmpty()) {
            throw new AssertionError("seed " + SEED + ": " + outcome.refused());
        }
        return outcome.policy();
    }

    private Policy any(String driverId, int kind) {
        return GeneratedPolicies.policy(driverId, policies.agreeing(kind));
    }

    @Test
    void mergingAPolicyWithItselfIsThatPolicy() {
        for (int i = 0; i < CASES; i++) {
            Policy one = any("a", i % KINDS);
            Policy again = GeneratedPolicies.policy("b", one.content());
            MergeStrategy strategy = i % 2 == 0 ? MergeStrategy.MERGE_RULES : MergeStrategy.DENY_OVERRIDES;
            assertThat(merged(strategy, one, again, again))
                    .as("case %s of seed %s", i, SEED)
                    .isSameAs(one);
        }
    }

    @Test
    void nestingMakesNoDifference() throws Contradiction {
        for (int i = 0; i < CASES; i++) {
            MergeStrategy strategy = random.nextBoolean() ? MergeStrategy.MERGE_RULES : MergeStrategy.DENY_OVERRIDES;
            ContentMerge merge = ContentMerge.of(strategy);
            PolicyContent a = policies.agreeing(i % KINDS);
            PolicyContent b = policies.agreeing(i % KINDS);
            PolicyContent c = policies.agreeing(i % KINDS);
            PolicyContent left = merge.merge(merge.merge(a, b), c);
            PolicyContent right = merge.merge(a, merge.merge(b, c));
            if (strategy == MergeStrategy.DENY_OVERRIDES && left instanceof RolePolicy) {
                assertThat(REQUESTS)
                        .as("case %s of seed %s", i, SEED)
                        .allMatch(request -> Decisions.allows(left, request) == Decisions.allows(right, request));
            } else if (!left.equals(right)) {
                assertThat(left).as("case %s of seed %s", i, SEED).isEqualTo(right);
            }
        }
    }

    @Test
    void nestedAndFlatHaveTheSameHash() {
        for (int i = 0; i < CASES / 40; i++) {
            Policy a = any("a", i % KINDS);
            Policy b = any("b", i % KINDS);
            Policy c = any("c", i % KINDS);
            Policy flat = merged(MergeStrategy.MERGE_RULES, a, b, c);
            Policy nested = merged(MergeStrategy.MERGE_RULES, a, merged(MergeStrategy.MERGE_RULES, b, c));
            assertThat(nested.metadata().contentHash())
                    .as("case %s of seed %s", i, SEED)
                    .isEqualTo(flat.metadata().contentHash());
        }
    }

    @Test
    void whatOneDeniesIsDeniedAndNothingIsAllowedThatNoneAllows() throws Contradiction {
        ContentMerge merge = ContentMerge.of(MergeStrategy.DENY_OVERRIDES);
        for (int i = 0; i < CASES; i++) {
            List<PolicyContent> parts =
                    List.of(policies.agreeing(i % 3), policies.agreeing(i % 3), policies.agreeing(i % 3));
            PolicyContent all = merge.merge(merge.merge(parts.get(0), parts.get(1)), parts.get(2));
            for (int j = 0; j < 4; j++) {
                Decisions.Request request = REQUESTS.get(random.nextInt(REQUESTS.size()));
                boolean denied = parts.stream().anyMatch(part -> Decisions.denies(part, request));
                boolean allowed = parts.stream().anyMatch(part -> Decisions.allows(part, request));
                if ((denied && !Decisions.denies(all, request)) || (!allowed && Decisions.allows(all, request))) {
                    throw new AssertionError(
                            "case " + i + " of seed " + SEED + ": " + request + " on " + parts + " merged to " + all);
                }
            }
        }
    }

    @Test
    void theTextOfAPolicySaysWhatThePolicySays() {
        for (int i = 0; i < CASES / 20; i++) {
            int kind = i % KINDS;
            Policy merged = merged(MergeStrategy.MERGE_RULES, any("a", kind), any("b", kind), any("c", kind));
            if (merged.mergedFrom().isEmpty()) {
                continue; // It has the text it was read with.
            }
            Policy read = Documents.policy("x", "x.yaml", merged.raw().toString());
            assertThat(read.content())
                    .as("case %s of seed %s:\n%s", i, SEED, merged.raw())
                    .isEqualTo(merged.content());
            assertThat(read.metadata().contentHash())
                    .isEqualTo(merged.metadata().contentHash());
        }
    }
}
