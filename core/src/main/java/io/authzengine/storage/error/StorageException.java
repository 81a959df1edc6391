package io.authzengine.storage.error;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures of this library. One final class per code; retry or not is a property of the code. The message
 * holds code, driver, location, what was tried and what to do, and never a credential.
 *
 * @sdd 9.2
 */
public abstract sealed class StorageException extends RuntimeException
        permits AuthenticationFailedException,
                ConnectionFailedException,
                NotFoundException,
                ParseException,
                StorageTimeoutException,
                UnexpectedFailureException,
                ValidationException,
                WatchException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Problem problem;

    StorageException(ErrorCode code, Problem problem, @Nullable Throwable cause) {
        super(code + " " + Objects.requireNonNull(problem, "problem"), cause);
        this.code = code;
        this.problem = problem;
    }

    /** Returns what went wrong, told by who acts next. */
    public ErrorCode code() {
        return code;
    }

    /** Returns the driver that failed. */
    public String driverId() {
        return problem.driverId();
    }

    /** Returns the place in the backend, if the failure has one. */
    public Optional<String> location() {
        return problem.location();
    }

    /** Returns what went wrong, without code, driver and location. */
    public String summary() {
        return problem.summary();
    }

    /** Returns what to do about it, if anything can be said. */
    public Optional<String> remedy() {
        return problem.remedy();
    }

    /** Returns how long the backend asks to be left alone, if it does; retries wait that long, up to their cap. */
    public Optional<Duration> retryAfter() {
        return problem.retryAfter();
    }

    /** Returns whether the same call may succeed a moment later without anybody acting. */
    public boolean recoverable() {
        return code.retryable();
    }
}
