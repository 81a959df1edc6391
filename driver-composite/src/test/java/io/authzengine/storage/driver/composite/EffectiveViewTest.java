package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.composite.Conflict.Claim;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.snapshot.PolicySet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The view that is kept up step by step is the one that a look at everything gives, and does not depend on who answered first. */
class EffectiveViewTest {
    private static final long SEED = 20_260_102;
    private static final int STEPS = 6_000;
    private static final List<String> DRIVERS = List.of("a", "b", "c");
    private static final List<String> NAMES = List.of("album", "photo", "film", "book");
    private static final List<String> VERSIONS = List.of("1", "2", "1.10");

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final GeneratedPolicies policies = new GeneratedPolicies(SEED);

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Policy policy(String driver) {
        ResourcePolicy like = policies.resource();
        PolicyContent content = new ResourcePolicy(
                like.header(),
                any(NAMES),
                any(VERSIONS),
                "",
                like.scopePermissions(),
                like.importDerivedRoles(),
                like.variables(),
                like.constants(),
                like.schemas(),
                like.rules());
        return GeneratedPolicies.policy(driver, content);
    }

    @ParameterizedTest
    @CsvSource({
        "FIRST_WINS,ID,false",
        "LAST_WINS,ID,false",
        "MERGE_RULES,ID,false",
        "DENY_OVERRIDES,ID,false",
        "FIRST_WINS,NAME,false",
        "LAST_WINS,NAME,false",
        "MERGE_RULES,NAME,false",
        "FIRST_WINS,NAME,true",
        "FIRST_WINS,ID,true"
    })
    void isTheSameAsALookAtEverything(MergeStrategy strategy, ConflictKey key, boolean highestVersion) {
        CompositeConfig config = CompositeConfig.of(strategy).withKey(key);
        if (highestVersion) {
            config = config.withResolver(ConflictResolver.highestVersion());
        }
        Arbiter arbiter = new Arbiter("composite", config);
        List<List<Policy>> made = made();
        EffectiveView view = new EffectiveView(DRIVERS, arbiter, key);
        List<PolicySet> sets = new ArrayList<>(List.of(PolicySet.EMPTY, PolicySet.EMPTY, PolicySet.EMPTY));
        for (int step = 0; step < STEPS; step++) {
            change(sets, made);
            PolicySet before = view.effective();
            Set<PolicyId> touched = view.update(sets, Instant.EPOCH);
            assertThat(touched).as("step %s of seed %s", step, SEED).containsAll(before.differences(view.effective()));
            if (step % 20 == 0) {
                assertThat(contents(view.effective()))
                        .as("step %s of seed %s", step, SEED)
                        .isEqualTo(naive(sets, arbiter, key));
                assertThat(contents(arrivedInAnyOrder(sets, arbiter, key)))
                        .as("step %s of seed %s", step, SEED)
                        .isEqualTo(contents(view.effective()));
            }
        }
    }

    private List<List<Policy>> made() {
        return DRIVERS.stream()
                .map(driver ->
                        IntStream.range(0, 60).mapToObj(i -> policy(driver)).toList())
                .toList();
    }

    private void change(List<PolicySet> sets, List<List<Policy>> made) {
        for (int i = 0; i < sets.size(); i++) {
            if (random.nextBoolean()) {
                Policy policy = any(made.get(i));
                boolean put = random.nextInt(3) > 0;
                sets.set(i, sets.get(i).with(Map.of(policy.id(), put ? Optional.of(policy) : Optional.empty())));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"REJECT,ID", "REJECT,NAME", "DENY_OVERRIDES,NAME"})
    void whatNobodyCanDecideOnStaysAsItWasUntilSomebodyCan(MergeStrategy strategy, ConflictKey key) {
        Arbiter arbiter = new Arbiter("composite", CompositeConfig.of(strategy).withKey(key));
        List<List<Policy>> made = made();
        EffectiveView view = new EffectiveView(DRIVERS, arbiter, key);
        List<PolicySet> sets = new ArrayList<>(List.of(PolicySet.EMPTY, PolicySet.EMPTY, PolicySet.EMPTY));
        Map<String, List<Policy>> served = new TreeMap<>();
        int contests = 0;
        for (int step = 0; step < STEPS / 10; step++) {
            change(sets, made);
            view.update(sets, Instant.EPOCH);
            Map<String, List<Claim>> claims = claims(sets, key);
            served.keySet().retainAll(claims.keySet());
            for (Map.Entry<String, List<Claim>> each : claims.entrySet()) {
                Ruling ruling = arbiter.decide(each.getValue());
                if (ruling.isContested()) {
                    contests++;
                } else {
                    served.put(each.getKey(), ruling.served());
                }
            }
            Map<PolicyId, Policy> expected = new TreeMap<>();
            served.values().forEach(policies -> policies.forEach(policy -> expected.put(policy.id(), policy)));
            assertThat(contents(view.effective()))
                    .as("step %s of seed %s", step, SEED)
                    .isEqualTo(expected);
        }
        assertThat(contests).as("times somebody else spoke").isGreaterThan(STEPS / 10);
    }

    /** Returns what is seen once the drivers have answered one after the other. */
    private PolicySet arrivedInAnyOrder(List<PolicySet> sets, Arbiter arbiter, ConflictKey key) {
        EffectiveView fresh = new EffectiveView(DRIVERS, arbiter, key);
        List<PolicySet> arrived = new ArrayList<>(List.of(PolicySet.EMPTY, PolicySet.EMPTY, PolicySet.EMPTY));
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
        while (!order.isEmpty()) {
            int next = order.remove(random.nextInt(order.size()));
            arrived.set(next, sets.get(next));
            fresh.update(arrived, Instant.EPOCH);
        }
        return fresh.effective();
    }

    private static Map<PolicyId, Policy> contents(PolicySet set) {
        Map<PolicyId, Policy> contents = new TreeMap<>();
        set.stream().forEach(policy -> contents.put(policy.id(), policy));
        return contents;
    }

    private static Map<PolicyId, Policy> naive(List<PolicySet> sets, Arbiter arbiter, ConflictKey key) {
        Map<PolicyId, Policy> all = new TreeMap<>();
        claims(sets, key)
                .values()
                .forEach(of -> arbiter.decide(of).served().forEach(policy -> all.put(policy.id(), policy)));
        return all;
    }

    private static Map<String, List<Claim>> claims(List<PolicySet> sets, ConflictKey key) {
        Map<String, List<Claim>> claims = new LinkedHashMap<>();
        for (int i = 0; i < sets.size(); i++) {
            for (Policy policy : sets.get(i).sorted()) {
                claims.computeIfAbsent(key.of(policy), k -> new ArrayList<>()).add(new Claim(DRIVERS.get(i), policy));
            }
        }
        return claims;
    }
}
