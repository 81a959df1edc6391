package io.authzengine.storage.server.view;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.authzengine.storage.diff.PolicyDiff;
import io.authzengine.storage.diff.VersionDiff;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What leads from one version to another.
 *
 * @param from the number of the one
 * @param to the number of the other, which may be older
 * @param added what only {@code to} has
 * @param modified what both have and differs
 * @param deleted what only {@code from} has
 */
public record DiffView(long from, long to, List<Entry> added, List<Modified> modified, List<Entry> deleted) {
    private static final int MOST_TEXTS = 200;

    /**
     * A policy that one of them has.
     *
     * @param policyId which one
     * @param kind such as {@code resourcePolicy}
     * @param source the place it was read from
     */
    public record Entry(String policyId, String kind, String source) {
        private static Entry of(Policy policy) {
            return new Entry(
                    policy.id().value(), policy.kind().name(), policy.metadata().source());
        }
    }

    /**
     * A policy that differs.
     *
     * @param policyId which one
     * @param kind such as {@code resourcePolicy}
     * @param source the place it was read from
     * @param patch the steps of RFC 6902 from its document to the other; null for those beyond the first 200
     * @param text the same as {@code diff -u} shows it; null for those beyond the first 200
     */
    public record Modified(
            String policyId,
            String kind,
            String source,
            @JsonRawValue @Nullable String patch,
            @Nullable String text) {
        private static Modified of(PolicyDiff diff, boolean whole) {
            Entry entry = Entry.of(diff.after());
            return new Modified(
                    entry.policyId,
                    entry.kind,
                    entry.source,
                    whole ? diff.patch().toString() : null,
                    whole ? diff.text() : null);
        }
    }

    /** Returns the view of {@code diff}, of all policies or of {@code one}. */
    public static DiffView of(VersionDiff diff, Optional<PolicyId> one) {
        List<Modified> modified = new ArrayList<>();
        for (PolicyDiff policy : diff.modified()) {
            if (one.isEmpty() || one.get().equals(policy.id())) {
                modified.add(Modified.of(policy, modified.size() < MOST_TEXTS));
            }
        }
        return new DiffView(
                diff.from().number(),
                diff.to().number(),
                entries(diff.added(), one),
                modified,
                entries(diff.deleted(), one));
    }

    private static List<Entry> entries(List<Policy> policies, Optional<PolicyId> one) {
        return policies.stream()
                .filter(policy -> one.isEmpty() || one.get().equals(policy.id()))
                .map(Entry::of)
                .toList();
    }
}
