package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** The backend cannot be reached, or a call to it broke off. */
public final class ConnectionFailedException extends StorageException {
    private static final long serialVersionUID = 1L;

    public ConnectionFailedException(Problem problem) {
        this(problem, null);
    }

    public ConnectionFailedException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.CONNECTION_FAILED, problem, cause);
    }
}
