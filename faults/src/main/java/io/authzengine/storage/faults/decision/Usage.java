package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.SessionBudget;

/** What a session has used up. */
final class Usage {
    private long sent;
    private long received;
    private long operations;
    private long begin;

    void add(Operation operation, long now) {
        if (operation.kind() == Operation.Kind.CONNECT || operation.kind() == Operation.Kind.LOOKUP) {
            return;
        }
        if (operations == 0) {
            begin = now;
        }
        if (operation.kind() != Operation.Kind.RESULT) {
            operations++;
        }
        if (operation.direction() == Direction.UPLINK) {
            sent += operation.size();
        } else {
            received += operation.size();
        }
    }

    /** Returns whether {@code operation} would go beyond {@code budget}. */
    boolean exceeds(SessionBudget budget, Operation operation, long now) {
        boolean up = operation.direction() == Direction.UPLINK;
        boolean counted = operation.kind() != Operation.Kind.RESULT;
        return (budget.maxDuration().isPresent()
                        && operations > 0
                        && now - begin >= budget.maxDuration().get().toNanos())
                || (counted
                        && budget.maxOps().isPresent()
                        && operations >= budget.maxOps().getAsLong())
                || (up
                        && budget.maxTx().isPresent()
                        && sent + operation.size() > budget.maxTx().getAsLong())
                || (!up
                        && budget.maxRx().isPresent()
                        && received + operation.size() > budget.maxRx().getAsLong());
    }

    long bytes() {
        return sent + received;
    }
}
