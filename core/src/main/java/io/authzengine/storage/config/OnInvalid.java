package io.authzengine.storage.config;

/** What becomes of a change set that holds something invalid. */
public enum OnInvalid {
    /** None of it is served; what was served stays until the repair. */
    HOLD,
    /** Held back is only what the broken document is linked to by imports and scopes; the rest is served. */
    ISOLATE,
    /** The broken policies are blocked, and engines fail closed on them; the rest is served. */
    QUARANTINE
}
