package io.authzengine.storage.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document or set must not be served. */
public final class ValidationException extends StorageException {
    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    public ValidationException(Problem problem) {
        this(problem, List.of());
    }

    public ValidationException(Problem problem, @Nullable Throwable cause) {
        super(ErrorCode.VALIDATION_ERROR, problem, cause);
        this.findings = List.of();
    }

    /** @param findings all that is wrong, of which the problem tells the first */
    public ValidationException(Problem problem, List<Finding> findings) {
        super(ErrorCode.VALIDATION_ERROR, problem, null);
        this.findings = List.copyOf(findings);
    }

    /** Returns what the gates found; empty if the message says all. */
    public List<Finding> findings() {
        return findings;
    }
}
