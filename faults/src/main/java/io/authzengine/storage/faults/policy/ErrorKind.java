package io.authzengine.storage.faults.policy;

/** How a connection breaks. */
public enum ErrorKind {
    /** The other side reset it. */
    RESET,
    /** Nobody listens there. */
    REFUSED,
    /** There is no way there. */
    UNREACHABLE
}
