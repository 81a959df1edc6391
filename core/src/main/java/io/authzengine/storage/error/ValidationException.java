package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** A document or set must not be served. */
public final class ValidationException extends StorageException {
    private static final long serialVersionUID = 1L;

    public ValidationException(Problem problem) {
        this(problem, null);
    }

    public ValidationException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.VALIDATION_ERROR, problem, cause);
    }
}
