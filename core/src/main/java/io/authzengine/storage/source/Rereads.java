package io.authzengine.storage.source;

import java.util.HashMap;
import java.util.Map;

/**
 * When documents that would not do are read again although the backend says they are the same: what was damaged on its way has the token of
 * what is right. At the next look, then after two more, four more and so on, so it costs little and heals within as long again as the damage
 * lasted. Only the loop touches it.
 */
final class Rereads {
    private static final long MOST_LOOKS = 64;

    private final Map<String, Next> byLocation = new HashMap<>();

    /** The look at which a document is read again, and how many there were since it was read last. */
    private record Next(String token, long gap, long look) {}

    boolean isAnyDue(long look) {
        return byLocation.values().stream().anyMatch(next -> next.look() <= look);
    }

    boolean isDue(String location, long look) {
        Next next = byLocation.get(location);
        return next != null && next.look() <= look;
    }

    /** What {@code look} read of {@code entry} would not do. */
    void rejected(SourceEntry entry, long look) {
        Next before = byLocation.get(entry.location());
        long gap = before != null && before.token().equals(entry.token()) ? Math.min(2 * before.gap(), MOST_LOOKS) : 1;
        byLocation.put(entry.location(), new Next(entry.token(), gap, look + gap));
    }

    /** There is nothing wrong at {@code location} any more, or nothing at all. */
    void settled(String location) {
        byLocation.remove(location);
    }
}
