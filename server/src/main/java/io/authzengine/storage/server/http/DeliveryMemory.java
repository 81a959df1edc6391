package io.authzengine.storage.server.http;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Remembers for a while what was delivered, so that it is not taken twice. Thread-safe. */
final class DeliveryMemory {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final int MOST = 10_000;

    private final LongSupplier ticker;
    private final Map<String, Long> seen = new LinkedHashMap<>(); // Guarded by this; the oldest first.

    DeliveryMemory(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Notes all of {@code marks} unless one of them is known; returns whether none was. */
    synchronized boolean isNew(List<String> marks) {
        long now = ticker.getAsLong();
        forget(now);
        if (marks.stream().anyMatch(seen::containsKey)) {
            return false;
        }
        marks.forEach(mark -> seen.put(mark, now));
        return true;
    }

    private void forget(long now) {
        Iterator<Long> times = seen.values().iterator();
        while (times.hasNext() && (now - times.next() > LIFE.toNanos() || seen.size() > MOST)) {
            times.remove();
        }
    }
}
