package io.authzengine.storage.faults;

import io.authzengine.storage.faults.decision.Outcome;
import io.authzengine.storage.faults.decision.Verdict;

/** What calls read in verdicts. */
final class Verdicts {
    private Verdicts() {}

    static boolean isStall(Verdict verdict) {
        return verdict.outcome() == Outcome.STALL;
    }

    /** Returns the verdict on a call that was let through and is not over at its deadline. */
    static Verdict timeout(Verdict passed) {
        return new Verdict(
                Outcome.TIMEOUT,
                passed.deadline().orElseThrow(),
                passed.error(),
                passed.deadline(),
                passed.mutation(),
                passed.copies(),
                passed.heldBack());
    }
}
