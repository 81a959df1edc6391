package io.authzengine.storage.error;

/**
 * What went wrong, told by who acts next.
 *
 * @sdd 9.1
 */
public enum ErrorCode {
    /** A failure nobody foresaw; wraps what a driver threw against its contract. */
    UNEXPECTED("SD-000", false),
    /** The backend cannot be reached; tried again with back-off. */
    CONNECTION_FAILED("SD-001", true),
    /** The backend refuses the credentials; whoever holds them acts. */
    AUTHENTICATION_FAILED("SD-002", false),
    /** A document cannot be read as a policy; whoever wrote it acts. */
    PARSE_ERROR("SD-003", false),
    /** A document or a set can be read and must not be served; whoever wrote it acts. */
    VALIDATION_ERROR("SD-004", false),
    /** The backend's signals are lost; polling goes on while the watch is started again. */
    WATCH_ERROR("SD-005", true),
    /** The backend did not answer in time; tried again with back-off. */
    TIMEOUT("SD-006", true),
    /** A directory, branch, table or bucket that is configured does not exist; never read as "empty". */
    NOT_FOUND("SD-007", false);

    private final String code;
    private final boolean retryable;

    ErrorCode(String code, boolean retryable) {
        this.code = code;
        this.retryable = retryable;
    }

    /** Returns the code as printed, such as {@code SD-001}. */
    public String code() {
        return code;
    }

    /** Returns whether the same call may succeed a moment later without anybody acting. */
    public boolean retryable() {
        return retryable;
    }

    @Override
    public String toString() {
        return code;
    }
}
