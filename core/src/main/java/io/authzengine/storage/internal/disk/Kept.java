package io.authzengine.storage.internal.disk;

import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.List;

/**
 * What is to be on the disk, as one: a set never gets there without the decision that made it.
 *
 * @param versions all sets that are to be kept, oldest first, the one being served last
 * @param decisions what was decided against the source by then
 */
public record Kept(List<PolicySnapshot> versions, Decisions decisions) {
    static final Kept NOTHING = new Kept(List.of(), Decisions.NONE);

    /** Returns the number of the last set; 0 if there is none. */
    long last() {
        return versions.isEmpty()
                ? 0
                : versions.get(versions.size() - 1).version().number();
    }

    /** Returns whether {@code other} was kept after this. */
    boolean isBehind(Kept other) {
        return last() < other.last()
                || (last() == other.last()
                        && decisions.number() < other.decisions().number());
    }

    /** Returns whether the disk may lack what this says, if it has {@code other}. */
    boolean isNewerThan(Kept other) {
        return last() != other.last() || decisions.number() != other.decisions().number();
    }
}
