package io.authzengine.storage;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.List;
import java.util.Objects;

/**
 * What a change would come to: the same gates judged the same candidate, and nothing was served. Immutable.
 *
 * @param base the version it was compared with
 * @param changes what would change; empty of events if nothing
 * @param findings what the gates say; one error among them, and the change is refused
 * @param policies how many policies would be served
 * @param digest the digest of the set that would be served
 * @param needsConfirmation whether all that keeps it from being served is how much would disappear, so that {@link PolicyStore#confirm}
 *     with this digest lets it pass
 */
public record ChangePlan(
        PolicyVersion base,
        PolicyChangeSet changes,
        List<Finding> findings,
        int policies,
        String digest,
        boolean needsConfirmation) {
    public ChangePlan {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(changes, "changes");
        findings = List.copyOf(findings);
        Objects.requireNonNull(digest, "digest");
    }

    /** Returns whether the gates let it pass. */
    public boolean passes() {
        return findings.stream().noneMatch(Finding::isError);
    }
}
