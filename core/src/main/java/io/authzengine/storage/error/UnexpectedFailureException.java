package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** A driver threw what its contract does not allow; the cause tells. */
public final class UnexpectedFailureException extends StorageException {
    private static final long serialVersionUID = 1L;

    public UnexpectedFailureException(Problem problem) {
        this(problem, null);
    }

    public UnexpectedFailureException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.UNEXPECTED, problem, cause);
    }
}
