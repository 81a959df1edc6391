package io.authzengine.storage.driver.composite;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.ParseException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.error.WatchException;
import java.time.Duration;

/** The one place where what goes wrong with a child becomes a failure of the composite, of the same code. */
final class ChildFailures {
    private ChildFailures() {}

    static StorageException of(String compositeId, Child child, Throwable cause) {
        if (!(cause instanceof StorageException failure)) {
            return new UnexpectedFailureException(
                    Problem.in(compositeId, "the driver " + child.id() + " failed with " + cause + held(child))
                            .remedy("this is a defect of that driver; report it"),
                    cause);
        }
        Problem summary = Problem.in(compositeId, "the driver " + child.id() + ": " + failure.summary() + held(child));
        Problem placed = failure.location().map(summary::at).orElse(summary);
        Problem problem = failure.remedy().map(placed::remedy).orElse(placed);
        return switch (failure.code()) {
            case UNEXPECTED -> new UnexpectedFailureException(problem, failure);
            case CONNECTION_FAILED -> new ConnectionFailedException(problem, failure);
            case AUTHENTICATION_FAILED -> new AuthenticationFailedException(problem, failure);
            case PARSE_ERROR -> new ParseException(problem, failure);
            case VALIDATION_ERROR -> new ValidationException(problem, failure);
            case WATCH_ERROR -> new WatchException(problem, failure);
            case TIMEOUT -> new StorageTimeoutException(problem, failure);
            case NOT_FOUND -> new NotFoundException(problem, failure);
        };
    }

    static StorageException late(String compositeId, Child child, Duration limit) {
        return new StorageTimeoutException(Problem.in(
                        compositeId,
                        "the driver " + child.id() + " has not answered within " + limit.toMillis()
                                + " ms; its look goes on" + held(child))
                .remedy("see what keeps its backend, or raise its loadTimeout"));
    }

    private static String held(Child child) {
        return child.latest().isLoaded() ? " (what it had stays)" : "";
    }
}
