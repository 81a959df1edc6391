package io.authzengine.storage.driver;

/** How a check treats what is known already. */
public enum CheckMode {
    /** Asks the backend whether there is something new, and takes the whole trip only then. */
    IF_CHANGED,
    /** Reads everything, whatever the validators say, and also while attempts are suppressed after failures. */
    FORCE
}
