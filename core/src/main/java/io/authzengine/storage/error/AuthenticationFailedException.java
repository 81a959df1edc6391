package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** The backend refuses the credentials. */
public final class AuthenticationFailedException extends StorageException {
    private static final long serialVersionUID = 1L;

    public AuthenticationFailedException(Problem problem) {
        this(problem, null);
    }

    public AuthenticationFailedException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.AUTHENTICATION_FAILED, problem, cause);
    }
}
