package io.authzengine.storage.faults.decision;

import java.util.Objects;

/**
 * One decision, as the log keeps it.
 *
 * @param sequence its number, from 1
 * @param site where it was asked for, such as {@code proxy:up#3}: layer, place, and the session
 * @param policy the policy that decided it
 * @param verdict what was decided
 */
public record FaultDecision(long sequence, String site, String policy, Verdict verdict) {
    public FaultDecision {
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(verdict, "verdict");
    }
}
