package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.Layer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A connection, or the life of a driver, as far as faults remember it: what it has used up, and how each policy has drawn so far. The
 * same seed and the same operations give the same verdicts, whatever other sessions do. Thread-safe.
 */
public final class FaultSession {
    private record StreamKey(String policy, Direction direction) {}

    private final FaultEngine engine;
    private final Layer layer;
    private final long number;
    private final Usage usage = new Usage();
    private final Map<StreamKey, FaultStream> streams = new HashMap<>(); // Guarded by this, as is the usage.

    FaultSession(FaultEngine engine, Layer layer, long number) {
        this.engine = engine;
        this.layer = layer;
        this.number = number;
    }

    /** Returns its number among the sessions of its layer, from 1. */
    public long number() {
        return number;
    }

    /**
     * Decides what becomes of {@code operation}, and takes it as done if it goes on.
     *
     * @param active the policy in force; without one, and where its targets do not hold, everything passes and nothing is logged
     * @throws IllegalStateException if a log is replayed and has something else here, or nothing more
     */
    public Verdict decide(Optional<ActivePolicy> active, Operation operation) {
        Verdict verdict = Verdict.CLEAR;
        if (active.isPresent() && active.get().policy().holdsFor(operation.endpoint())) {
            verdict = decide(active.get(), operation);
        }
        if (verdict.outcome().goesOn()) {
            synchronized (this) {
                usage.add(operation, engine.now());
            }
        }
        return verdict;
    }

    private Verdict decide(ActivePolicy active, Operation operation) {
        String site = layer.name().toLowerCase(Locale.ROOT) + ":" + operation.place() + "#" + number;
        Verdict verdict = engine.log().replayed(site).orElseGet(() -> draw(active, operation));
        engine.counters().add(verdict);
        engine.log().record(site, active.name(), verdict);
        return verdict;
    }

    private synchronized Verdict draw(ActivePolicy active, Operation operation) {
        long now = engine.now();
        double intensity = active.intensity(now);
        if (intensity <= 0) {
            return Verdict.CLEAR;
        }
        FaultStream stream = streams.computeIfAbsent(
                new StreamKey(active.name(), operation.direction()), key -> newStream(active, key.direction()));
        return new Decider(active.policy(), layer, intensity, stream, usage, now)
                .decide(operation, () -> engine.link(active, operation.direction()));
    }

    private FaultStream newStream(ActivePolicy active, Direction direction) {
        long seed = active.policy().seed().orElse(engine.seed());
        for (long part : new long[] {
            active.name().hashCode(),
            layer.name().hashCode(),
            number,
            direction.name().hashCode()
        }) {
            seed = (seed ^ part) * 0x9E3779B97F4A7C15L;
            seed ^= seed >>> 32;
        }
        return new FaultStream(seed);
    }
}
