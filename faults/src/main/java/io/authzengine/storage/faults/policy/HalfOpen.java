package io.authzengine.storage.faults.policy;

import java.util.Objects;

/**
 * A connection that dies half-way: once so many bytes have passed, counting both directions, it is of no use any more.
 *
 * @param after bytes, at least 1
 * @param mode how one notices
 * @param error the error, where one notices by an error
 */
public record HalfOpen(long after, Mode mode, ErrorKind error) {
    /** How one notices a connection that has died. */
    public enum Mode {
        /** Each further operation fails. */
        ERROR,
        /** Nothing happens any more, without an error. */
        STALL
    }

    public HalfOpen {
        Limits.require(after > 0, "half_open.after is at least 1 byte");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(error, "error");
    }
}
