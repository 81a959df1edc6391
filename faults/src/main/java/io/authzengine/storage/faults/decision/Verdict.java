package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.ErrorKind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was decided for one operation.
 *
 * @param outcome what becomes of it
 * @param delay what to wait before that
 * @param error how the connection breaks, with {@link Outcome#ERROR}
 * @param deadline how long the operation may take, waiting included, if the policy says so
 * @param mutation a payload is to be changed, and this decides all that is random in it
 * @param copies how often an event is sent again
 * @param heldBack for how long at most an event waits for later ones; zero for as long as none follows
 */
public record Verdict(
        Outcome outcome,
        Duration delay,
        Optional<ErrorKind> error,
        Optional<Duration> deadline,
        OptionalLong mutation,
        int copies,
        Optional<Duration> heldBack) {
    /** The operation is as if there was no policy. */
    public static final Verdict CLEAR = new Verdict(
            Outcome.PASS, Duration.ZERO, Optional.empty(), Optional.empty(), OptionalLong.empty(), 0, Optional.empty());

    public Verdict {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(mutation, "mutation");
        Objects.requireNonNull(heldBack, "heldBack");
        if ((outcome == Outcome.ERROR) != error.isPresent()) {
            throw new IllegalArgumentException("an error has a kind, and nothing else has");
        }
    }

    /** Returns the verdict that nothing but this happens, after {@code delay}. */
    static Verdict of(Outcome outcome, Duration delay) {
        return new Verdict(
                outcome, delay, Optional.empty(), Optional.empty(), OptionalLong.empty(), 0, Optional.empty());
    }

    /** Returns the verdict that the connection breaks. */
    static Verdict broken(ErrorKind kind) {
        return new Verdict(
                Outcome.ERROR,
                Duration.ZERO,
                Optional.of(kind),
                Optional.empty(),
                OptionalLong.empty(),
                0,
                Optional.empty());
    }

    /** Returns whether the operation is as if there was no policy. */
    public boolean isClear() {
        return equals(CLEAR);
    }
}
