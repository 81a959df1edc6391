package io.authzengine.storage.server;

import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Guesses which policy was meant by an id that is not known. */
final class NearestId {
    private static final int MOST_CHANGES = 3;

    private NearestId() {}

    /** Returns the id in {@code snapshot} that is few letters away from {@code wanted}, or else holds it; empty if none does. */
    static Optional<String> to(String wanted, PolicySnapshot snapshot) {
        return ids(snapshot)
                .filter(id -> distance(wanted, id) <= MOST_CHANGES)
                .min(Comparator.comparingInt(id -> distance(wanted, id)))
                .or(() -> ids(snapshot).filter(id -> id.contains(wanted)).min(Comparator.comparingInt(String::length)));
    }

    private static Stream<String> ids(PolicySnapshot snapshot) {
        return snapshot.all().stream().map(policy -> policy.id().value());
    }

    /** Returns how many letters must be added, left out or changed. */
    private static int distance(String from, String to) {
        int[] last = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + change, 1 + Math.min(last[j], row[j - 1]));
            }
            last = row;
        }
        return last[to.length()];
    }
}
