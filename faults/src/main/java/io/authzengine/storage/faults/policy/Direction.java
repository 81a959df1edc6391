package io.authzengine.storage.faults.policy;

/** Which way something passes. */
public enum Direction {
    /** From the client to the backend. */
    UPLINK,
    /** From the backend to the client. */
    DOWNLINK
}
