package io.authzengine.storage.snapshot;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of policies, at most one per id. A changed copy shares all that did not change, so that a long history of
 * small changes costs little more than one set. Finding is a hash look-up without allocation; safe for any number of readers.
 *
 * <p>A table of small buckets: a change copies the table of references and the buckets it touches. Persistent trees were
 * rejected, as their look-up costs several times that of a {@code HashMap} and every decision of an engine pays it.
 */
public final class PolicySet {
    /** The set that holds nothing. */
    public static final PolicySet EMPTY = new PolicySet(new Bucket[] {Bucket.EMPTY}, 0);

    private static final int TARGET_BUCKET_SIZE = 4;
    private static final Comparator<Policy> BY_ID = Comparator.comparing(Policy::id);

    private final Bucket[] buckets;
    private final int size;
    // Both are computed on demand by any reader; computing them twice gives the same.
    private volatile @Nullable List<Policy> sorted;
    private volatile @Nullable String digest;

    private PolicySet(Bucket[] buckets, int size) {
        this.buckets = buckets;
        this.size = size;
    }

    /** Policies whose ids fall into one slot of the table, with the hashes of their ids beside them. */
    private static final class Bucket {
        static final Bucket EMPTY = new Bucket(new int[0], new Policy[0]);

        final int[] hashes;
        final Policy[] policies;

        Bucket(int[] hashes, Policy[] policies) {
            this.hashes = hashes;
            this.policies = policies;
        }

        int indexOf(PolicyId id, int hash) {
            for (int i = 0; i < hashes.length; i++) {
                if (hashes[i] == hash && policies[i].id().equals(id)) {
                    return i;
                }
            }
            return -1;
        }

        Bucket with(Policy policy, int hash) {
            int at = indexOf(policy.id(), hash);
            int length = at < 0 ? hashes.length + 1 : hashes.length;
            int slot = at < 0 ? hashes.length : at;
            int[] newHashes = Arrays.copyOf(hashes, length);
            Policy[] newPolicies = Arrays.copyOf(policies, length);
            newHashes[slot] = hash;
            newPolicies[slot] = policy;
            return new Bucket(newHashes, newPolicies);
        }

        Bucket without(int at) {
            int last = hashes.length - 1;
            int[] newHashes = Arrays.copyOf(hashes, last);
            Policy[] newPolicies = Arrays.copyOf(policies, last);
            if (at < last) {
                newHashes[at] = hashes[last];
                newPolicies[at] = policies[last];
            }
            return new Bucket(newHashes, newPolicies);
        }
    }

    /**
     * Returns the set of {@code policies}.
     *
     * @throws IllegalArgumentException if two have the same id
     */
    public static PolicySet of(Collection<Policy> policies) {
        Map<PolicyId, Optional<Policy>> changes = new HashMap<>(policies.size() * 2);
        for (Policy policy : policies) {
            if (changes.put(policy.id(), Optional.of(policy)) != null) {
                throw new IllegalArgumentException("two policies are called " + policy.id());
            }
        }
        return EMPTY.with(changes);
    }

    /** Returns the policy called {@code id}, if there is one. */
    public Optional<Policy> find(PolicyId id) {
        return Optional.ofNullable(findOrNull(id));
    }

    private @Nullable Policy findOrNull(PolicyId id) {
        int hash = spread(id);
        Bucket bucket = buckets[hash & (buckets.length - 1)];
        int at = bucket.indexOf(id, hash);
        return at < 0 ? null : bucket.policies[at];
    }

    /** Returns whether a policy is called {@code id}. */
    public boolean contains(PolicyId id) {
        return findOrNull(id) != null;
    }

    /** Returns how many policies it holds. */
    public int size() {
        return size;
    }

    /** Returns whether it holds none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * Returns this set with {@code changes} made: put where a policy is given, removed where it is empty.
     *
     * @param changes by id
     * @throws IllegalArgumentException if a policy is given under an id that is not its own
     */
    public PolicySet with(Map<PolicyId, Optional<Policy>> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        Bucket[] next = tableFor(size + changes.size());
        int count = size;
        for (Map.Entry<PolicyId, Optional<Policy>> change : changes.entrySet()) {
            PolicyId id = change.getKey();
            int hash = spread(id);
            int slot = hash & (next.length - 1);
            Bucket bucket = next[slot];
            int at = bucket.indexOf(id, hash);
            if (change.getValue().isPresent()) {
                Policy policy = change.getValue().get();
                if (!policy.id().equals(id)) {
                    throw new IllegalArgumentException(policy.id() + " was given as " + id);
                }
                next[slot] = bucket.with(policy, hash);
                count += at < 0 ? 1 : 0;
            } else if (at >= 0) {
                next[slot] = bucket.without(at);
                count--;
            }
        }
        return new PolicySet(next, count);
    }

    private Bucket[] tableFor(int expected) {
        int wanted = Math.max(1, Integer.highestOneBit(Math.max(1, expected / TARGET_BUCKET_SIZE) * 2 - 1));
        if (wanted <= buckets.length * 2) {
            return buckets.clone();
        }
        Bucket[] wider = new Bucket[wanted];
        Arrays.fill(wider, Bucket.EMPTY);
        for (Bucket bucket : buckets) {
            for (int i = 0; i < bucket.hashes.length; i++) {
                int slot = bucket.hashes[i] & (wanted - 1);
                wider[slot] = wider[slot].with(bucket.policies[i], bucket.hashes[i]);
            }
        }
        return wider;
    }

    private static int spread(PolicyId id) {
        int hash = id.value().hashCode();
        return hash ^ (hash >>> 16);
    }

    /** Returns the policies in no order; cheap. */
    public Stream<Policy> stream() {
        return Arrays.stream(buckets).flatMap(bucket -> Arrays.stream(bucket.policies));
    }

    /** Returns the policies ordered by id. The first call sorts; later ones return the same list. */
    public List<Policy> sorted() {
        List<Policy> known = sorted;
        if (known == null) {
            known = stream().sorted(BY_ID).toList();
            sorted = known;
        }
        return known;
    }

    /**
     * Returns SHA-256, in hexadecimal, over the lines {@code id:hash\n} ordered by id, so that {@code sort | sha256sum} over such
     * lines gives the same. The first call computes it.
     */
    public String digest() {
        String known = digest;
        if (known == null) {
            known = computeDigest();
            digest = known;
        }
        return known;
    }

    private String computeDigest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (Policy policy : sorted()) {
                String line = policy.id() + ":" + policy.metadata().contentHash() + "\n";
                sha256.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Returns the ids under which the two hold policies that are not the {@linkplain Policy#sameAs same}, or only one holds any. Costs next to nothing where one set was made
     * from the other by few changes, as whole buckets are then the same; otherwise it looks at every policy of both.
     */
    public Set<PolicyId> differences(PolicySet other) {
        Set<PolicyId> ids = new HashSet<>();
        if (buckets.length == other.buckets.length) {
            for (int slot = 0; slot < buckets.length; slot++) {
                if (!buckets[slot].equals(other.buckets[slot])) {
                    collectMissing(buckets[slot], other, ids);
                    collectMissing(other.buckets[slot], this, ids);
                }
            }
        } else {
            Arrays.stream(buckets).forEach(bucket -> collectMissing(bucket, other, ids));
            Arrays.stream(other.buckets).forEach(bucket -> collectMissing(bucket, this, ids));
        }
        return ids;
    }

    private static void collectMissing(Bucket bucket, PolicySet from, Set<PolicyId> into) {
        for (Policy policy : bucket.policies) {
            Policy other = from.findOrNull(policy.id());
            if (other == null || !other.sameAs(policy)) {
                into.add(policy.id());
            }
        }
    }

    /** Returns whether both hold the {@linkplain Policy#sameAs same} policies. */
    public boolean sameAs(PolicySet other) {
        return this == other || (size == other.size && differences(other).isEmpty());
    }

    @Override
    public String toString() {
        return size + " policies";
    }
}
