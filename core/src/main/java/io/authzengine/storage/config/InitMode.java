package io.authzengine.storage.config;

/** What a store does whose backend cannot be reached at the start. Refused credentials always make it fail. */
public enum InitMode {
    /** Fails. */
    FAIL_FAST,
    /** Serves the offline copy, if there is one, and keeps trying. */
    DEGRADED
}
