package io.authzengine.storage.server.http;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.server.view.FindingView;
import io.authzengine.storage.server.view.Json;
import io.authzengine.storage.server.view.ProblemView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.MethodNotAllowedResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is refused. */
final class Problems {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /** Makes all that handlers throw into answers. */
    static void register(RoutesConfig routes) {
        routes.exception(RefusedException.class, (e, context) -> reply(context, e.code(), text(e), null));
        routes.exception(HttpResponseException.class, Problems::refused);
        routes.exception(
                ValidationException.class,
                (e, context) -> reply(
                        context,
                        ProblemCode.VALIDATION_FAILED,
                        text(e),
                        e.findings().stream().map(FindingView::of).toList()));
        routes.exception(
                StorageException.class, (e, context) -> reply(context, ProblemCode.RELOAD_FAILED, text(e), null));
        routes.exception(
                IllegalArgumentException.class,
                (e, context) -> reply(context, ProblemCode.INVALID_REQUEST, text(e), null));
        routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            reply(context, ProblemCode.REQUEST_FAILED, "It is our fault; the log of policyd has the details", null);
        });
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static void refused(HttpResponseException e, Context context) {
        HttpStatus status = HttpStatus.forStatus(e.getStatus());
        String message = text(e);
        if (e instanceof MethodNotAllowedResponse) {
            boolean post = context.path().startsWith("/hooks/") || ChangeEndpoints.PATHS.contains(context.path());
            context.header("Allow", post ? "POST" : "GET, HEAD");
            message = post ? "This is told by POST" : "This is read-only; use GET";
        } else if (status == HttpStatus.NOT_FOUND) {
            message = "There is nothing at " + context.path() + "; GET /openapi.json lists what there is";
        }
        reply(context, status, message, null);
    }

    static void reply(Context context, HttpStatus status, String detail, @Nullable List<FindingView> findings) {
        reply(context, status, ProblemCode.of(status.getCode()), detail, findings);
    }

    static void reply(Context context, ProblemCode code, String detail, @Nullable List<FindingView> findings) {
        reply(context, code.status(), code, detail, findings);
    }

    private static void reply(
            Context context, HttpStatus status, ProblemCode code, String detail, @Nullable List<FindingView> findings) {
        context.status(status)
                .contentType(CONTENT_TYPE)
                .result(Json.utf8(new ProblemView(
                        "about:blank",
                        status.getMessage(),
                        status.getCode(),
                        detail,
                        context.path(),
                        findings,
                        code.name())));
    }

    /** Returns the answer to what no handler has seen. */
    static byte[] body(int status, String title, String detail, String instance) {
        return Json.utf8(new ProblemView(
                "about:blank",
                title,
                status,
                detail,
                instance,
                null,
                ProblemCode.of(status).name()));
    }
}
