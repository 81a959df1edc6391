package io.authzengine.storage.snapshot;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.util.Arrays;

/** Policies whose ids fall into one slot of the table, with the hashes of their ids beside them. */
final class Bucket {
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

    /** Returns one that is made by filling each of its places once, before anybody else sees it. */
    static Bucket ofSize(int size) {
        return size == 0 ? EMPTY : new Bucket(new int[size], new Policy[size]);
    }

    /**
     * Fills a place of a new one; to be called from the last place to the first.
     *
     * @throws IllegalArgumentException if a place after it has a policy of the same id
     */
    void fill(int at, Policy policy, int hash) {
        for (int i = at + 1; i < hashes.length; i++) {
            if (hashes[i] == hash && policies[i].id().equals(policy.id())) {
                throw new IllegalArgumentException("two policies are called " + policy.id());
            }
        }
        hashes[at] = hash;
        policies[at] = policy;
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
