package io.authzengine.storage.error;

import org.jspecify.annotations.Nullable;

/** A document cannot be read as a policy. */
public final class ParseException extends StorageException {
    private static final long serialVersionUID = 1L;

    public ParseException(Problem problem) {
        this(problem, null);
    }

    public ParseException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.PARSE_ERROR, problem, cause);
    }
}
