package io.authzengine.storage.snapshot;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.util.List;

/**
 * The full answer to "is there a policy of that name?". An engine must fail closed on {@link Quarantined}: the policy exists, and
 * nobody can say at present what it allows.
 */
public sealed interface Lookup {
    /** Returns the name that was asked for. */
    PolicyId id();

    /** @param policy the policy being served */
    record Active(Policy policy) implements Lookup {
        @Override
        public PolicyId id() {
            return policy.id();
        }
    }

    /**
     * Known but blocked.
     *
     * @param id the name that was asked for
     * @param reasons why it is blocked
     */
    record Quarantined(PolicyId id, List<Finding> reasons) implements Lookup {
        public Quarantined {
            reasons = List.copyOf(reasons);
        }
    }

    /** @param id the name that was asked for, under which there is nothing */
    record Absent(PolicyId id) implements Lookup {}
}
