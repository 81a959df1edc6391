package io.authzengine.storage.driver;

/** What becomes of a set that could not be compared with its backend for {@code hardAge}. */
public enum OnHardAge {
    /** It is served on; health says how old it is. */
    SERVE,
    /** It is blocked: every lookup answers {@code Quarantined}, until a look at the backend comes back. */
    FAIL_CLOSED
}
