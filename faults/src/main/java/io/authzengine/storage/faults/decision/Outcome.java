package io.authzengine.storage.faults.decision;

/** What becomes of an operation. */
public enum Outcome {
    /** It goes on, once its delay is over. */
    PASS,
    /** It is lost. */
    DROP,
    /** It goes on once its delay is over, as a lost packet does that is sent again. */
    RESENT,
    /** It times out once its delay is over. */
    TIMEOUT,
    /** The connection breaks. */
    ERROR,
    /** Nothing happens any more. */
    STALL,
    /** The name does not exist. */
    NXDOMAIN;

    /** Returns whether the operation goes on. */
    public boolean goesOn() {
        return this == PASS || this == RESENT;
    }
}
