package io.authzengine.storage.driver;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.PolicyId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Why one location of a backend could not be taken as it is now.
 *
 * @param source the location
 * @param findings what is wrong with it; never empty, all of them errors
 * @param affected the ids known to be concerned: those it last held, and those its new content states; empty if nothing is known
 * @param since when it was first found so, without having been right in between
 * @param mayStateMore whether it may state policies that are not among the affected, as not all of it could be read
 * @sdd 9.3
 */
public record LoadError(
        String source, List<Finding> findings, Set<PolicyId> affected, Instant since, boolean mayStateMore) {
    public LoadError {
        Objects.requireNonNull(source, "source");
        findings = List.copyOf(findings);
        affected = Set.copyOf(affected);
        Objects.requireNonNull(since, "since");
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("an error says what is wrong");
        }
    }

    /** Returns the code of the first finding. */
    public ErrorCode code() {
        return findings.get(0).code();
    }

    /** Returns whether it may heal without anybody acting. */
    public boolean recoverable() {
        return code().retryable();
    }
}
