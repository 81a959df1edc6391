package io.authzengine.storage.faults.policy;

/** What carries a connection. */
public enum Protocol {
    ANY,
    TCP,
    UDP;

    /** Returns whether a rule for this protocol holds for a connection of {@code other}. */
    boolean covers(Protocol other) {
        return this == ANY || this == other;
    }
}
