package io.authzengine.storage.gate;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import java.util.List;

/**
 * Refuses a set that lost a suspicious share of its policies, or all: an unmounted volume or a wrong prefix looks just like that. The
 * store lets it pass once it was confirmed, or once a second complete look a cycle later says the same.
 */
final class ShrinkGuard implements PolicyGate {
    private final double maxRemovedShare;
    private final int minRemoved;

    ShrinkGuard(double maxRemovedShare, int minRemoved) {
        this.maxRemovedShare = maxRemovedShare;
        this.minRemoved = minRemoved;
    }

    @Override
    public List<Finding> review(Candidate candidate) {
        int before = candidate.current().size();
        long removed = candidate.changed().stream()
                .filter(id -> candidate.current().policies().contains(id) && !candidate.knows(id))
                .count();
        boolean empties = before > 0 && candidate.policies().isEmpty() && removed > 0;
        if (!empties && (removed <= minRemoved || removed <= before * maxRemovedShare)) {
            return List.of();
        }
        return List.of(
                Finding.error(
                                ErrorCode.VALIDATION_ERROR,
                                Place.of("the set"),
                                removed + " of " + before + " policies would disappear at once")
                        .fix(
                                "put them back if this is not meant; otherwise confirm it, or wait: it is served once a look after guard.agreeAfter still says the same"));
    }

    @Override
    public String name() {
        return NAME;
    }

    static final String NAME = "guard";
}
