package io.authzengine.storage.source;

import io.authzengine.storage.driver.CheckMode;

/** What a look is to do, from the least to the most: of two that are asked for together, the greater is taken. */
enum LookMode {
    /** Notes what is there without loading it. */
    PRIME,
    /** Loads what is new. */
    IF_CHANGED,
    /** Loads everything, also while attempts are suppressed. */
    FORCE;

    static LookMode of(CheckMode mode) {
        return mode == CheckMode.FORCE ? FORCE : IF_CHANGED;
    }
}
