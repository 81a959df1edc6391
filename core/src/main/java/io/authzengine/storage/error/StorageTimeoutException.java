package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** The backend did not answer within the deadline. */
public final class StorageTimeoutException extends StorageException {
    private static final long serialVersionUID = 1L;

    public StorageTimeoutException(Problem problem) {
        this(problem, null);
    }

    public StorageTimeoutException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.TIMEOUT, problem, cause);
    }
}
