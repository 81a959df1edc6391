package io.authzengine.storage.faults.decision;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was decided. Thread-safe. */
public final class FaultCounters {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    FaultCounters() {}

    /**
     * Returns how often what was decided: the outcomes in lower case, and {@code delayed}, {@code mutated}, {@code duplicated} and
     * {@code reordered}. What never was is missing.
     */
    public Map<String, Long> counts() {
        Map<String, Long> now = new TreeMap<>();
        counts.forEach((what, count) -> now.put(what, count.sum()));
        return now;
    }

    /** Returns how often {@code what} was decided. */
    public long count(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    void add(Verdict verdict) {
        add(verdict.outcome().name().toLowerCase(java.util.Locale.ROOT));
        if (!verdict.delay().isZero()) {
            add("delayed");
        }
        if (verdict.mutation().isPresent()) {
            add("mutated");
        }
        if (verdict.copies() > 0) {
            add("duplicated");
        }
        if (verdict.heldBack().isPresent()) {
            add("reordered");
        }
    }

    private void add(String what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }
}
