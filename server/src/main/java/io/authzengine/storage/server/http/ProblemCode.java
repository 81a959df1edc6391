package io.authzengine.storage.server.http;

import io.javalin.http.HttpStatus;
import java.util.EnumSet;

/** What programs tell problems apart by. The names are a promise: some may be added, none changes its meaning. */
enum ProblemCode {
    POLICY_NOT_FOUND(HttpStatus.NOT_FOUND),
    POLICY_BLOCKED(HttpStatus.LOCKED),
    VERSION_NOT_FOUND(HttpStatus.NOT_FOUND),
    DRIVER_NOT_FOUND(HttpStatus.NOT_FOUND),
    INVALID_JSON(HttpStatus.BAD_REQUEST),
    VALIDATION_FAILED(HttpStatus.BAD_REQUEST),
    RELOAD_FAILED(HttpStatus.INTERNAL_SERVER_ERROR),
    NOTHING_SERVED(HttpStatus.SERVICE_UNAVAILABLE),
    CROSS_SITE(HttpStatus.FORBIDDEN),
    // What a status alone says.
    INVALID_REQUEST(HttpStatus.BAD_REQUEST),
    UNAUTHORIZED(HttpStatus.UNAUTHORIZED),
    FORBIDDEN(HttpStatus.FORBIDDEN),
    NOT_FOUND(HttpStatus.NOT_FOUND),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED),
    CONFLICT(HttpStatus.CONFLICT),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),
    BODY_TOO_SLOW(HttpStatus.REQUEST_TIMEOUT),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE),
    WRONG_HOST(HttpStatus.MISDIRECTED_REQUEST),
    TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS),
    NOT_AVAILABLE(HttpStatus.SERVICE_UNAVAILABLE),
    REQUEST_FAILED(HttpStatus.INTERNAL_SERVER_ERROR);

    private final HttpStatus status;

    ProblemCode(HttpStatus status) {
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }

    /** Returns what there is to say if nothing but {@code status} is known. */
    static ProblemCode of(int status) {
        return EnumSet.range(INVALID_REQUEST, REQUEST_FAILED).stream()
                .filter(code -> code.status.getCode() == status)
                .findFirst()
                .orElse(status < HttpStatus.INTERNAL_SERVER_ERROR.getCode() ? INVALID_REQUEST : REQUEST_FAILED);
    }
}
