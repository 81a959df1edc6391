package io.authzengine.storage.faults.policy;

/** What a loss means where bytes must not go missing: in a stream. */
public enum LossMode {
    /** The stream stalls as if a packet was sent again: 200 ms, doubled with each further loss in a row, 12.8 s at most. */
    STALL,
    /** The connection is reset. */
    RESET
}
