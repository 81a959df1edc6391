package io.authzengine.storage.server.view;

import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.List;
import java.util.Map;

/**
 * A policy that is known but blocked.
 *
 * @param id its name
 * @param findings why
 */
public record QuarantinedView(String id, List<FindingView> findings) {
    /** Returns the views of all that {@code snapshot} blocks, ordered by id. */
    public static List<QuarantinedView> allOf(PolicySnapshot snapshot) {
        return snapshot.quarantined().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new QuarantinedView(
                        entry.getKey().value(),
                        entry.getValue().stream().map(FindingView::of).toList()))
                .toList();
    }
}
