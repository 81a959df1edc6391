package io.authzengine.storage.driver.composite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What becomes of a policy that several drivers have. The drivers come in the order of their priority; written in lower case with dashes.
 *
 * @sdd 7.2
 */
public enum MergeStrategy {
    /** That of the first driver is served: overrides, then base. */
    FIRST_WINS,
    /** That of the last driver is served: base, then overlays. */
    LAST_WINS,
    /** The rules of all are served; where two contradict each other, the first driver's. */
    MERGE_RULES,
    /** It is an error: what was served stays until only one driver has it. */
    REJECT,
    /** What any of them denies is denied. Where they contradict each other in anything but rules it is an error. */
    DENY_OVERRIDES;

    /** Returns {@code drivers}, given in the order of their priority, with the one first that decides. */
    <T> List<T> inPrecedence(List<T> drivers) {
        if (this != LAST_WINS) {
            return drivers;
        }
        List<T> reversed = new ArrayList<>(drivers);
        Collections.reverse(reversed);
        return reversed;
    }

    /** Returns whether the policies of several drivers become one. */
    boolean merges() {
        return this == MERGE_RULES || this == DENY_OVERRIDES;
    }
}
