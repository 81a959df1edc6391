package io.authzengine.storage.snapshot;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A whole set of policies that passed the gates together, at one version. Immutable and safe for any number of readers: pin one
 * for a request, and the request sees one moment only.
 */
public final class PolicySnapshot {
    /** Before anything was loaded: holds nothing, so an engine denies everything. */
    public static final PolicySnapshot NONE = new PolicySnapshot(PolicyVersion.NONE, PolicySet.EMPTY, Map.of());

    private final PolicyVersion version;
    private final PolicySet policies;
    private final Map<PolicyId, List<Finding>> quarantined;
    private final List<Finding> leftOut;
    private final List<Finding> blocked;

    /**
     * Makes one that leaves out nothing but what is quarantined.
     *
     * @param version the name of this set
     * @param policies what is served
     * @param quarantined the ids that are blocked, with the reasons; none of them is in {@code policies}
     */
    public PolicySnapshot(PolicyVersion version, PolicySet policies, Map<PolicyId, List<Finding>> quarantined) {
        this(version, policies, quarantined, List.of());
    }

    /** @param leftOut what is wrong with documents that may state more than is quarantined, see {@link #leftOut()} */
    public PolicySnapshot(
            PolicyVersion version,
            PolicySet policies,
            Map<PolicyId, List<Finding>> quarantined,
            List<Finding> leftOut) {
        this.version = Objects.requireNonNull(version, "version");
        this.policies = Objects.requireNonNull(policies, "policies");
        this.quarantined = Map.copyOf(quarantined);
        this.leftOut = List.copyOf(leftOut);
        this.blocked = List.of();
        for (PolicyId id : quarantined.keySet()) {
            if (policies.contains(id)) {
                throw new IllegalArgumentException(id + " is both served and quarantined");
            }
        }
    }

    private PolicySnapshot(PolicyVersion version, List<Finding> blocked) {
        this.version = version;
        this.policies = PolicySet.EMPTY;
        this.quarantined = Map.of();
        this.leftOut = List.of();
        this.blocked = List.copyOf(blocked);
    }

    /**
     * Returns this version with everything blocked: nothing is found, and every id, known or not, is {@link Lookup.Quarantined} for
     * {@code reasons}, so that an engine denies whatever it is asked.
     *
     * @throws IllegalArgumentException if there is no reason
     */
    public PolicySnapshot blocked(List<Finding> reasons) {
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("a set is blocked for a reason");
        }
        return new PolicySnapshot(version, reasons);
    }

    /** Returns whether everything is blocked. */
    public boolean isBlocked() {
        return !blocked.isEmpty();
    }

    /** Returns the policy called {@code id}; empty if there is none or it is quarantined. Does not allocate but the result. */
    public Optional<Policy> find(PolicyId id) {
        return policies.find(id);
    }

    /** Returns the full answer for {@code id}, which tells "blocked" from "not there". */
    public Lookup lookup(PolicyId id) {
        List<Finding> reasons = isBlocked() ? blocked : quarantined.get(id);
        if (reasons != null) {
            return new Lookup.Quarantined(id, reasons);
        }
        Optional<Policy> policy = policies.find(id);
        return policy.isPresent() ? new Lookup.Active(policy.get()) : new Lookup.Absent(id);
    }

    /** Returns the policies of {@code kind}, ordered by id. */
    public Stream<Policy> ofKind(PolicyKind kind) {
        return policies.sorted().stream().filter(policy -> policy.kind().equals(kind));
    }

    /** Returns all policies, ordered by id. */
    public List<Policy> all() {
        return policies.sorted();
    }

    /** Returns the name of this set. */
    public PolicyVersion version() {
        return version;
    }

    /** Returns the set itself. */
    public PolicySet policies() {
        return policies;
    }

    /** Returns the ids that are blocked, with the reasons. */
    public Map<PolicyId, List<Finding>> quarantined() {
        return quarantined;
    }

    /**
     * Returns what is wrong with the documents that are left out and of which nobody knows all policies they state; empty if there are
     * none. What was known before and may be stated by them is quarantined; what never was known is {@link Lookup.Absent}.
     */
    public List<Finding> leftOut() {
        return leftOut;
    }

    /**
     * Returns whether nothing is left out: not blocked, nothing quarantined, and no document of which nobody knows what it states. Only
     * then does it mean that a policy was deleted if it is not there.
     */
    public boolean isWhole() {
        return !isBlocked() && quarantined.isEmpty() && leftOut.isEmpty();
    }

    /** Returns SHA-256 over the sorted {@code id:hash} lines; computed at the first call. */
    public String digest() {
        return policies.digest();
    }

    /** Returns how many policies are served. */
    public int size() {
        return policies.size();
    }

    /**
     * Returns whether both serve policies of the same ids with the same text, wherever these come from, and block and leave out the same for
     * the same reasons.
     */
    public boolean sameContentAs(PolicySnapshot other) {
        return policies.sameContentAs(other.policies)
                && quarantined.equals(other.quarantined)
                && leftOut.equals(other.leftOut);
    }

    @Override
    public String toString() {
        return "version " + version.number() + ", " + (isBlocked() ? "blocked" : policies);
    }
}
