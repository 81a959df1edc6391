package io.authzengine.storage.server.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two versions, as one unit.
 *
 * @param version the number of the set it leads to
 * @param digest the digest of that set; null if the set is forgotten already
 * @param at when that set was first served
 * @param cause why the look was taken that found it; {@code resync} if it puts together what was missed
 * @param changes one for each policy, ordered by id
 */
public record ChangeSetView(long version, @Nullable String digest, Instant at, String cause, List<Change> changes) {
    /**
     * One policy of it.
     *
     * @param type {@code added}, {@code modified} or {@code deleted}
     * @param policyId which one
     * @param kind such as {@code resourcePolicy}
     * @param source the place it was read from; for a deleted one, where it had been
     * @param contentHash SHA-256 of its text; null if deleted
     * @param raw its text; left out unless asked for, and if deleted
     */
    public record Change(
            String type,
            String policyId,
            String kind,
            String source,
            @Nullable String contentHash,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String raw) {
        private static Change withBody(PolicyChangeEvent event) {
            return of(
                    event, event.policy().map(policy -> policy.raw().toString()).orElse(null));
        }

        private static Change of(PolicyChangeEvent event) {
            return of(event, null);
        }

        private static Change of(PolicyChangeEvent event, @Nullable String raw) {
            Policy known = event.policy().or(event::previousPolicy).orElseThrow();
            return new Change(
                    event.type().name().toLowerCase(Locale.ROOT),
                    event.policyId().value(),
                    known.kind().name(),
                    known.metadata().source(),
                    event.policy()
                            .map(policy -> policy.metadata().contentHash())
                            .orElse(null),
                    raw);
        }
    }

    /** Returns the view of {@code changes}, which lead to the set of {@code digest}. */
    public static ChangeSetView of(PolicyChangeSet changes, Instant at, @Nullable String digest) {
        return of(changes, at, digest, Change::of);
    }

    /** Returns the same with the text of each policy. */
    public static ChangeSetView withBodies(PolicyChangeSet changes, Instant at, @Nullable String digest) {
        return of(changes, at, digest, Change::withBody);
    }

    private static ChangeSetView of(
            PolicyChangeSet changes, Instant at, @Nullable String digest, Function<PolicyChangeEvent, Change> each) {
        return new ChangeSetView(
                changes.sequence(),
                digest,
                at,
                changes.cause(),
                changes.events().stream().map(each).toList());
    }
}
