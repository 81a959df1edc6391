package io.authzengine.storage.server.http;

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
        routes.exception(HttpResponseException.class, Problems::refused);
        routes.exception(
                IllegalArgumentException.class,
                (e, context) -> reply(context, HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()), null));
        routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            reply(
                    context,
                    HttpStatus.INTERNAL_SERVER_ERROR,
                    "It is our fault; the log of policyd has the details",
                    null);
        });
    }

    private static void refused(HttpResponseException e, Context context) {
        HttpStatus status = HttpStatus.forStatus(e.getStatus());
        String message = String.valueOf(e.getMessage());
        if (e instanceof MethodNotAllowedResponse) {
            boolean hook = context.path().startsWith("/hooks/");
            context.header("Allow", hook ? "POST" : "GET, HEAD");
            message = hook ? "Hooks are told by POST" : "Everything here is read-only; use GET";
        } else if (status == HttpStatus.NOT_FOUND) {
            message = "There is nothing at " + context.path() + "; GET / lists what there is";
        }
        reply(context, status, message, null);
    }

    static void reply(Context context, HttpStatus status, String detail, @Nullable List<FindingView> findings) {
        context.status(status)
                .contentType(CONTENT_TYPE)
                .result(body(status.getCode(), status.getMessage(), detail, context.path(), findings));
    }

    static byte[] body(int status, String title, String detail, String instance, @Nullable List<FindingView> findings) {
        return Json.utf8(new ProblemView("about:blank", title, status, detail, instance, findings));
    }
}
