package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.Layer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What sessions share: the clock, the seed of policies that give none, the log, the counters, and the links that have a rate. Thread-safe. */
public final class FaultEngine {
    private record LinkKey(String policy, long since, Direction direction) {}

    private final LongSupplier ticker;
    private final long seed;
    private final DecisionLog log;
    private final FaultCounters counters = new FaultCounters();
    private final Map<LinkKey, Pacer> links = new ConcurrentHashMap<>();
    private final Map<Layer, AtomicLong> sessions = new EnumMap<>(Layer.class);

    /**
     * Makes an engine.
     *
     * @param ticker monotonic nanoseconds
     * @param seed for policies that give none
     * @param log takes or gives the decisions
     */
    public FaultEngine(LongSupplier ticker, long seed, DecisionLog log) {
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.seed = seed;
        this.log = Objects.requireNonNull(log, "log");
        for (Layer layer : Layer.values()) {
            sessions.put(layer, new AtomicLong());
        }
    }

    /** Begins a session: a connection, or the life of a driver. Sessions of a layer are numbered in the order of their beginning. */
    public FaultSession session(Layer layer) {
        return new FaultSession(
                this, layer, Objects.requireNonNull(sessions.get(layer)).incrementAndGet());
    }

    /** Returns monotonic nanoseconds. */
    public long now() {
        return ticker.getAsLong();
    }

    /** Returns how often what was decided. */
    public FaultCounters counters() {
        return counters;
    }

    /** Returns the log. */
    public DecisionLog log() {
        return log;
    }

    long seed() {
        return seed;
    }

    /** Returns the link that all connections under that policy share; one that was put in force later has a link of its own. */
    Pacer link(ActivePolicy active, Direction direction) {
        return links.computeIfAbsent(new LinkKey(active.name(), active.since(), direction), key -> new Pacer());
    }
}
