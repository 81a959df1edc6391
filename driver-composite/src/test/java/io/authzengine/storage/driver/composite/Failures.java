package io.authzengine.storage.driver.composite;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.ParseException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.error.WatchException;

/** A failure of each code. */
final class Failures {
    private static final Problem PROBLEM = Problem.in("child", "it does not work");

    private Failures() {}

    static StorageException of(ErrorCode code) {
        return switch (code) {
            case UNEXPECTED -> new UnexpectedFailureException(PROBLEM);
            case CONNECTION_FAILED -> new ConnectionFailedException(PROBLEM);
            case AUTHENTICATION_FAILED -> new AuthenticationFailedException(PROBLEM);
            case PARSE_ERROR -> new ParseException(PROBLEM);
            case VALIDATION_ERROR -> new ValidationException(PROBLEM);
            case WATCH_ERROR -> new WatchException(PROBLEM);
            case TIMEOUT -> new StorageTimeoutException(PROBLEM);
            case NOT_FOUND -> new NotFoundException(PROBLEM);
        };
    }
}
