package io.authzengine.storage.server.view;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.List;

/**
 * Policies of one set.
 *
 * @param version the number of the set
 * @param digest SHA-256 over the sorted {@code id:hash} lines of the whole set
 * @param count how many policies were asked for, on all pages
 * @param offset how many of them were skipped
 * @param items this page, ordered by id
 * @param quarantined the ids that are known but blocked, whatever was asked for
 */
public record PolicyListView(
        long version, String digest, int count, int offset, List<PolicyView> items, List<QuarantinedView> quarantined) {
    /** Returns the view of at most {@code limit} of {@code found}, which are policies of {@code snapshot}, from {@code offset} on. */
    public static PolicyListView page(PolicySnapshot snapshot, List<Policy> found, int offset, int limit) {
        List<PolicyView> items = found.stream()
                .skip(offset)
                .limit(limit)
                .map(policy -> PolicyView.of(policy.metadata()))
                .toList();
        return new PolicyListView(
                snapshot.version().number(),
                snapshot.digest(),
                found.size(),
                offset,
                items,
                QuarantinedView.allOf(snapshot));
    }

    /** Returns the view of all of {@code snapshot}. */
    public static PolicyListView of(PolicySnapshot snapshot) {
        return page(snapshot, snapshot.all(), 0, Integer.MAX_VALUE);
    }
}
