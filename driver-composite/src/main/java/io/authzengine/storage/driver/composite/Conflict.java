package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import java.util.List;

/**
 * Policies of several drivers of which one is to be served.
 *
 * @param claims what each driver has, in order of precedence; of at least two drivers. All are of one kind, and of one id unless {@link
 *     ConflictKey#NAME} is the key
 */
public record Conflict(List<Claim> claims) {
    /**
     * A policy with the driver that has it.
     *
     * @param driverId the child of the composite; the policy's provenance names the driver that read it, which may be a child's child
     * @param policy what it has
     */
    public record Claim(String driverId, Policy policy) {}

    public Conflict {
        claims = List.copyOf(claims);
    }

    /** Returns the id of the policy that the driver of highest precedence has. */
    public PolicyId policyId() {
        return claims.get(0).policy().id();
    }

    /** Returns what sort of policies they are. */
    public PolicyKind kind() {
        return claims.get(0).policy().kind();
    }

    /** Returns the policies, in order of precedence. */
    public List<Policy> policies() {
        return claims.stream().map(Claim::policy).toList();
    }
}
