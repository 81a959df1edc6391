package io.authzengine.storage.faults.policy;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Deadlines of the policy itself: what is not over by then, with all that was added to it, has timed out.
 *
 * @param connect how long connecting may take
 * @param receive how long any other operation may take
 * @param mode whether only what is late times out
 */
public record Timeouts(Optional<Duration> connect, Optional<Duration> receive, Mode mode) {
    /** Which operations time out. */
    public enum Mode {
        /** Those that are not over in time. */
        DEADLINE,
        /** All, at their deadline. */
        ALWAYS
    }

    /** No deadline. */
    public static final Timeouts NONE = new Timeouts(Optional.empty(), Optional.empty(), Mode.DEADLINE);

    public Timeouts {
        connect.ifPresent(time -> Limits.checkPositive("timeout.connect", time));
        receive.ifPresent(time -> Limits.checkPositive("timeout.recv", time));
        Objects.requireNonNull(mode, "mode");
    }

    /** Returns whether there is no deadline. */
    public boolean isNone() {
        return connect.isEmpty() && receive.isEmpty();
    }
}
