package io.authzengine.storage.driver;

/** How fresh the evidence is for what is held or served; from best to worst, so that the worst of several is their maximum. */
public enum Freshness {
    /** Compared with the backend within {@code softAge}. */
    FRESH,
    /** Not compared with the backend for {@code softAge}; still served. */
    STALE,
    /** Not compared with the backend for {@code hardAge}; still served, as the settings say. */
    EXPIRED,
    /** Not compared with the backend for {@code hardAge}; blocked until it is, as the settings say. */
    FAILED_CLOSED;

    /** Returns the worse of the two. */
    public Freshness worst(Freshness other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
