package io.authzengine.storage.faults.decision;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the decisions of a run, or makes another run decide the same. Thread-safe.
 *
 * <p>A replay follows the log site by site: within a session the order is kept, and how sessions fall between each other does not
 * matter. Where the run differs from the log, it fails for good.
 */
public final class DecisionLog {
    private static final int MOST = 1_000_000;

    private enum Mode {
        OFF,
        LATEST,
        RECORD,
        REPLAY
    }

    private final Mode mode;
    private final int most;
    private final ArrayDeque<FaultDecision> decisions = new ArrayDeque<>(); // Guarded by this, as all below.
    private final Map<String, Queue<FaultDecision>> ahead = new HashMap<>();
    private long sequence;
    private @Nullable String divergence;

    private DecisionLog(Mode mode, int most, List<FaultDecision> ahead) {
        this.mode = mode;
        this.most = most;
        for (FaultDecision decision : ahead) {
            this.ahead
                    .computeIfAbsent(decision.site(), site -> new ArrayDeque<>())
                    .add(decision);
        }
    }

    /** Returns a log that keeps nothing. */
    public static DecisionLog off() {
        return new DecisionLog(Mode.OFF, 0, List.of());
    }

    /** Returns a log that keeps the last decisions alone, {@code most} of them. */
    public static DecisionLog latest(int most) {
        return new DecisionLog(Mode.LATEST, most, List.of());
    }

    /** Returns a log that keeps decisions, the first million of them. */
    public static DecisionLog recording() {
        return new DecisionLog(Mode.RECORD, MOST, List.of());
    }

    /** Returns a log that makes a run decide as {@code earlier} does, and keeps what is decided. */
    public static DecisionLog replaying(List<FaultDecision> earlier) {
        return new DecisionLog(Mode.REPLAY, MOST, earlier);
    }

    /** Returns what was decided so far, in order. */
    public synchronized List<FaultDecision> decisions() {
        return List.copyOf(decisions);
    }

    /** Returns the last decisions, oldest first. */
    public synchronized List<FaultDecision> last(int count) {
        return decisions.stream().skip(Math.max(0, decisions.size() - count)).toList();
    }

    /** Returns the sites of a replay that have decisions left. */
    public synchronized List<String> left() {
        List<String> left = new ArrayList<>(ahead.keySet());
        Collections.sort(left);
        return left;
    }

    synchronized void record(String site, String policy, Verdict verdict) {
        sequence++;
        if (mode == Mode.LATEST && decisions.size() == most) {
            decisions.remove();
        }
        if (decisions.size() < most) {
            decisions.add(new FaultDecision(sequence, site, policy, verdict));
        }
    }

    /** Returns what {@code site} is to decide next; empty if it is free. */
    synchronized Optional<Verdict> replayed(String site) {
        if (mode != Mode.REPLAY) {
            return Optional.empty();
        }
        Queue<FaultDecision> next = ahead.get(site);
        if (divergence == null && next == null) {
            divergence = "the log that is replayed has no further decision for " + site;
        }
        if (divergence != null || next == null) {
            throw new IllegalStateException(divergence + "; the run differs from the one that was recorded");
        }
        FaultDecision decision = next.remove();
        if (next.isEmpty()) {
            ahead.remove(site);
        }
        return Optional.of(decision.verdict());
    }
}
