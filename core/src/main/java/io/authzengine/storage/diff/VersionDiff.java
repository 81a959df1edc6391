package io.authzengine.storage.diff;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What leads from one version to another, which may be the older of the two. Immutable.
 *
 * @param from where it starts
 * @param to where it leads
 * @param changes one for each policy that differs, ordered by id
 */
public record VersionDiff(PolicyVersion from, PolicyVersion to, PolicyChangeSet changes) {
    public VersionDiff {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(changes, "changes");
    }

    /** Returns the policies that only {@link #to} has, ordered by id. */
    public List<Policy> added() {
        return policies(PolicyChangeEvent.Type.ADDED, PolicyChangeEvent::policy);
    }

    /** Returns the policies that only {@link #from} has, ordered by id. */
    public List<Policy> deleted() {
        return policies(PolicyChangeEvent.Type.DELETED, PolicyChangeEvent::previousPolicy);
    }

    private List<Policy> policies(PolicyChangeEvent.Type type, Function<PolicyChangeEvent, Optional<Policy>> which) {
        return changes.events().stream()
                .filter(event -> event.type() == type)
                .map(which)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the policies that both have and that differ, ordered by id. */
    public List<PolicyDiff> modified() {
        return changes.events().stream()
                .filter(event -> event.type() == PolicyChangeEvent.Type.MODIFIED)
                .map(event -> new PolicyDiff(
                        event.previousPolicy().orElseThrow(), event.policy().orElseThrow()))
                .toList();
    }
}
