package io.authzengine.storage.gate;

import io.authzengine.storage.error.Finding;
import java.util.List;

/**
 * Judges a set before it is served. Asked by one thread at a time, for each candidate, before anything of it is visible. A gate that
 * throws refuses the candidate.
 */
@FunctionalInterface
public interface PolicyGate {
    /**
     * Returns what is to be said of {@code candidate}; one error keeps all of it from being served. Should look at what changed only,
     * where that is enough.
     */
    List<Finding> review(Candidate candidate);

    /** Returns the name under which its findings are told. */
    default String name() {
        return getClass().getSimpleName();
    }
}
