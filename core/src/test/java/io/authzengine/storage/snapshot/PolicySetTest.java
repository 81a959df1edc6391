package io.authzengine.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicySetTest {
    private static final int SEEDS = 40;
    private static final int STEPS = 40;

    @Test
    void behavesAsAMapUnderAnyChanges() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                compareWithAMap(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    private static void compareWithAMap(SplittableRandom random) {
        int names = 1 + random.nextInt(random.nextInt(4) == 0 ? 2000 : 300);
        Map<PolicyId, Policy> model = new HashMap<>();
        List<PolicySet> earlier = new ArrayList<>();
        List<Map<PolicyId, Policy>> earlierModels = new ArrayList<>();
        PolicySet set = PolicySet.EMPTY;
        for (int step = 0; step < STEPS; step++) {
            earlier.add(set);
            earlierModels.add(new HashMap<>(model));
            Map<PolicyId, Optional<Policy>> changes = changes(random, names);
            set = set.with(changes);
            changes.forEach(
                    (id, policy) -> policy.ifPresentOrElse(present -> model.put(id, present), () -> model.remove(id)));
            checkSame(set, model, names);
            int other = random.nextInt(earlier.size());
            checkDifferences(earlier.get(other), earlierModels.get(other), set, model);
        }
        // What was made from it has not touched what it was made from.
        for (int i = 0; i < earlier.size(); i++) {
            checkSame(earlier.get(i), earlierModels.get(i), names);
        }
        assertThat(PolicySet.of(model.values()).sameAs(set)).isTrue();
        assertThat(PolicySet.of(model.values()).sameContentAs(set)).isTrue();
        assertThat(PolicySet.of(model.values()).digest()).isEqualTo(set.digest());
    }

    private static Map<PolicyId, Optional<Policy>> changes(SplittableRandom random, int names) {
        Map<PolicyId, Optional<Policy>> changes = new HashMap<>();
        int count = random.nextInt(random.nextInt(8) == 0 ? names + 1 : 4);
        for (int i = 0; i < count; i++) {
            PolicyId id = id(random.nextInt(names));
            boolean put = random.nextInt(3) > 0;
            changes.put(id, put ? Optional.of(SamplePolicy.of(id, "t" + random.nextInt(5))) : Optional.empty());
        }
        return changes;
    }

    /** Returns an id; some share a hash code, as "Aa" and "BB" do. */
    private static PolicyId id(int number) {
        return new PolicyId(number % 3 == 0 ? "Aa" + number / 3 : number % 3 == 1 ? "BB" + number / 3 : "p" + number);
    }

    private static void checkSame(PolicySet set, Map<PolicyId, Policy> model, int names) {
        assertThat(set.size()).isEqualTo(model.size());
        assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
        for (int i = 0; i < names; i++) {
            PolicyId id = id(i);
            boolean agree = set.find(id).equals(Optional.ofNullable(model.get(id)))
                    && set.contains(id) == model.containsKey(id);
            if (!agree) {
                throw new AssertionError(id + " is " + set.find(id) + " in the set and " + model.get(id));
            }
        }
        assertThat(set.sorted().equals(List.copyOf(new TreeMap<>(model).values())))
                .isTrue();
        assertThat(set.digest()).isEqualTo(naiveDigest(model));
    }

    private static void checkDifferences(
            PolicySet before, Map<PolicyId, Policy> modelBefore, PolicySet after, Map<PolicyId, Policy> modelAfter) {
        Set<PolicyId> expected = new HashSet<>(modelBefore.keySet());
        expected.addAll(modelAfter.keySet());
        expected.removeIf(
                id -> Optional.ofNullable(modelBefore.get(id)).equals(Optional.ofNullable(modelAfter.get(id))));
        assertThat(before.differences(after)).isEqualTo(expected);
        assertThat(after.differences(before)).isEqualTo(expected);
        assertThat(before.sameAs(after)).isEqualTo(expected.isEmpty());
        assertThat(before.digest().equals(after.digest())).isEqualTo(expected.isEmpty());
        PolicyChangeSet changes = PolicyChangeSet.between(before, after, "d", 1, "test", Instant.EPOCH);
        assertThat(changes.ids()).isEqualTo(expected);
        assertThat(changes.events().stream().map(PolicyChangeEvent::policyId).toList())
                .isEqualTo(expected.stream().sorted().toList());
    }

    private static String naiveDigest(Map<PolicyId, Policy> model) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(model)
                .forEach((id, policy) -> lines.append(id)
                        .append(':')
                        .append(policy.metadata().contentHash())
                        .append('\n'));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(lines.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aChangedCopySharesThePoliciesThatDidNotChange() {
        List<Policy> policies = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            policies.add(SamplePolicy.of(id(i), "t"));
        }
        PolicySet before = PolicySet.of(policies);
        PolicySet after = before.with(Map.of(id(7), Optional.empty()));
        assertThat(after.size()).isEqualTo(999);
        assertThat(after.stream())
                .allSatisfy(policy ->
                        assertThat(policy).isSameAs(before.find(policy.id()).orElseThrow()));
        assertThat(before.with(Map.of())).isSameAs(before);
    }

    @Test
    void twoPoliciesOfOneNameAreRefused() {
        Policy one = SamplePolicy.of(id(1), "a");
        Policy other = SamplePolicy.of(id(1), "b");
        assertThatThrownBy(() -> PolicySet.of(List.of(one, other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(id(1).value());
    }

    @Test
    void aPolicyUnderANameThatIsNotItsOwnIsRefused() {
        Map<PolicyId, Optional<Policy>> changes = Map.of(id(1), Optional.of(SamplePolicy.of(id(2), "a")));
        assertThatThrownBy(() -> PolicySet.EMPTY.with(changes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatLeadsFromOneToAnotherMakesItOfTheOne() {
        SplittableRandom random = new SplittableRandom(7);
        PolicySet one = PolicySet.EMPTY.with(changes(random, 50));
        PolicySet other = one.with(changes(random, 50)).with(changes(random, 50));

        assertThat(one.with(one.changesTo(other)).sameAs(other)).isTrue();
        assertThat(one.changesTo(one)).isEmpty();
    }

    @Test
    void contentIsTheSameWhereverItComesFrom() {
        PolicyId id = new PolicyId("a");
        PolicySet here = PolicySet.of(List.of(SamplePolicy.at("here", id, "text")));
        PolicySet there = PolicySet.of(List.of(SamplePolicy.at("there", id, "text")));
        PolicySet changed = PolicySet.of(List.of(SamplePolicy.at("here", id, "other")));
        PolicySet another = PolicySet.of(List.of(SamplePolicy.at("here", new PolicyId("b"), "text")));

        assertThat(here.sameAs(there)).isFalse();
        assertThat(here.sameContentAs(there)).isTrue();
        assertThat(here.digest()).isEqualTo(there.digest());
        assertThat(here.sameContentAs(changed)).isFalse();
        assertThat(here.sameContentAs(another)).isFalse();
        assertThat(here.sameContentAs(PolicySet.EMPTY)).isFalse();
    }

    /** What a changed copy allocates is the most it can retain beside what it shares. */
    @Test
    void aThousandSetsOfTenThousandWithOneChangeEachTakeAboutAKibibyteEach() {
        List<Policy> policies = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            policies.add(SamplePolicy.of(new PolicyId("policy" + i), "text"));
        }
        PolicySet set = PolicySet.of(policies);
        List<Map<PolicyId, Optional<Policy>>> changes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            PolicyId id = new PolicyId("policy" + i * 7);
            changes.add(Map.of(id, Optional.of(SamplePolicy.of(id, "changed"))));
        }
        List<PolicySet> versions = new ArrayList<>(changes.size());
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        for (Map<PolicyId, Optional<Policy>> change : changes) {
            set = set.with(change);
            versions.add(set);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / versions.size();

        assertThat(each).isLessThan(2048);
        assertThat(versions.get(0).differences(set)).hasSize(999);
    }
}
