package io.authzengine.storage.snapshot;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * The name of a set the store has served. One type for cache, history, API, events and metrics.
 *
 * @param number counts the sets a store has served, from 1; never used twice
 * @param revisions the revision of each backend it was made from, by driver id; lacks those that have none
 * @param createdAt when it was first served
 * @param cause why it was made, in a word
 * @param comment what was said about it; empty if nothing
 */
public record PolicyVersion(long number, Map<String, String> revisions, Instant createdAt, String cause, String comment)
        implements Comparable<PolicyVersion> {
    /** The version before anything was loaded: number 0, nothing served. */
    public static final PolicyVersion NONE = new PolicyVersion(0, Map.of(), Instant.EPOCH, "none", "");

    public PolicyVersion {
        revisions = Map.copyOf(revisions);
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(comment, "comment");
    }

    /** Returns whether this is the version before anything was loaded. */
    public boolean isNone() {
        return number == 0;
    }

    @Override
    public int compareTo(PolicyVersion other) {
        return Long.compare(number, other.number);
    }
}
