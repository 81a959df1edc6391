package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** What is configured does not exist in the backend. Never read as "empty". */
public final class NotFoundException extends StorageException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(Problem problem) {
        this(problem, null);
    }

    public NotFoundException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.NOT_FOUND, problem, cause);
    }
}
