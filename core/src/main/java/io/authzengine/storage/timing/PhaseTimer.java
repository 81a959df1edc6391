package io.authzengine.storage.timing;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Measures the phases of one trip, and tells the flight recorder of each. Thread-safe: phases may run side by side. */
public final class PhaseTimer {
    private final String driverId;
    private final LongSupplier ticker;
    private final long begun;
    private final Map<Phase.Kind, Phase> phases = new EnumMap<>(Phase.Kind.class); // Guarded by itself.

    /**
     * Begins a trip now.
     *
     * @param driverId whose trip it is
     * @param ticker monotonic nanoseconds
     */
    public PhaseTimer(String driverId, LongSupplier ticker) {
        this.driverId = Objects.requireNonNull(driverId, "driverId");
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.begun = ticker.getAsLong();
    }

    /** Does {@code work} as a phase in which nothing is counted. It is measured also if it throws. */
    public <T> T time(Phase.Kind kind, Supplier<T> work) {
        return time(kind, made -> 0, work);
    }

    /** Does {@code work} as a phase that makes nothing. It is measured also if it throws. */
    public void run(Phase.Kind kind, Runnable work) {
        run(kind, 0, work);
    }

    /** Does {@code work}, which is about {@code items} things, as a phase that makes nothing. It is measured also if it throws. */
    public void run(Phase.Kind kind, long items, Runnable work) {
        time(kind, done -> items, () -> {
            work.run();
            return true;
        });
    }

    /** Does {@code work} as a phase; {@code items} says how many things it was about. It is measured also if it throws. */
    public <T> T time(Phase.Kind kind, ToLongFunction<? super T> items, Supplier<T> work) {
        FlightRecord record = FlightRecord.begin();
        long from = ticker.getAsLong();
        long count = 0;
        try {
            T made = work.get();
            count = items.applyAsLong(made);
            return made;
        } finally {
            add(kind, Duration.ofNanos(ticker.getAsLong() - from), count);
            record.end(kind, driverId, count);
        }
    }

    private void add(Phase.Kind kind, Duration took, long items) {
        synchronized (phases) {
            phases.merge(kind, new Phase(kind, took, items), (before, more) -> before.plus(more.took(), more.items()));
        }
    }

    /** Returns the phases so far, in their order. */
    public List<Phase> phases() {
        synchronized (phases) {
            Collection<Phase> sorted = phases.values();
            return List.copyOf(sorted);
        }
    }

    /** Returns when the trip began, in nanoseconds of the ticker. */
    public long begun() {
        return begun;
    }

    /** Returns the times of the trip, which is over now. */
    public LookTimes ended(String cause) {
        return new LookTimes(driverId, cause, begun, Duration.ofNanos(ticker.getAsLong() - begun), phases());
    }
}
