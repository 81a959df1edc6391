package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.FaultPolicy;
import java.time.Duration;
import java.util.Objects;

/**
 * A policy that is in force.
 *
 * @param name what messages and logs call it
 * @param policy the policy
 * @param since when its clock started, in nanoseconds of the ticker
 */
public record ActivePolicy(String name, FaultPolicy policy, long since) {
    public ActivePolicy {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(policy, "policy");
    }

    /** Returns how strongly it holds at {@code now}, from 0 to 1. */
    double intensity(long now) {
        return policy.intensity(Duration.ofNanos(Math.max(0, now - since)));
    }
}
