package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** The backend's signals are lost; polling goes on. */
public final class WatchException extends StorageException {
    private static final long serialVersionUID = 1L;

    public WatchException(Problem problem) {
        this(problem, null);
    }

    public WatchException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.WATCH_ERROR, problem, cause);
    }
}
