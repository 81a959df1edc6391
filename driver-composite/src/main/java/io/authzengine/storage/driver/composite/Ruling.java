package io.authzengine.storage.driver.composite;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import java.util.List;

/**
 * What is served of the policies that drivers have under one key.
 *
 * @param basis who decided
 * @param served the policies to serve; meaningless if contested
 * @param warnings what is to be said although it was decided
 * @param contest why nothing was decided, with the place in each source; empty if it was
 */
record Ruling(Basis basis, List<Policy> served, List<Finding> warnings, List<Finding> contest) {
    /** Who decided. */
    enum Basis {
        NOBODY,
        ONLY_SOURCE,
        RESOLVER,
        STRATEGY
    }

    Ruling {
        served = List.copyOf(served);
        warnings = List.copyOf(warnings);
        contest = List.copyOf(contest);
    }

    boolean isContested() {
        return !contest.isEmpty();
    }
}
