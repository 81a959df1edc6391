package io.authzengine.storage.faults.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one connection may use up. At least one limit is there. Checked before each operation.
 *
 * @param maxTx bytes to the backend
 * @param maxRx bytes from the backend
 * @param maxOps operations
 * @param maxDuration time since the first operation
 * @param end what becomes of the operations that would exceed it
 */
public record SessionBudget(
        OptionalLong maxTx, OptionalLong maxRx, OptionalLong maxOps, Optional<Duration> maxDuration, End end) {
    /** What becomes of operations once the budget is used up. */
    public sealed interface End permits Drop, TimeOut, Break {}

    /** Each fails as a lost one does. */
    public record Drop() implements End {}

    /**
     * Each times out.
     *
     * @param after how long it takes
     */
    public record TimeOut(Duration after) implements End {
        public TimeOut {
            Limits.checkPositive("session_budget.budget_timeout", after);
        }
    }

    /**
     * Each fails with a broken connection.
     *
     * @param error how it is broken
     */
    public record Break(ErrorKind error) implements End {}

    public SessionBudget {
        Limits.require(
                maxTx.isPresent() || maxRx.isPresent() || maxOps.isPresent() || maxDuration.isPresent(),
                "session_budget has at least one limit: max_tx, max_rx, max_ops or max_duration");
        maxTx.ifPresent(limit -> Limits.require(limit > 0, "session_budget.max_tx is more than nothing"));
        maxRx.ifPresent(limit -> Limits.require(limit > 0, "session_budget.max_rx is more than nothing"));
        maxOps.ifPresent(limit -> Limits.require(limit > 0, "session_budget.max_ops is at least 1"));
        maxDuration.ifPresent(time -> Limits.checkPositive("session_budget.max_duration", time));
    }
}
