package io.authzengine.storage.server.http;

import io.authzengine.storage.server.view.Json;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** Answers with views. */
final class Replies {
    private Replies() {}

    static void json(Context context, Object view) {
        context.contentType("application/json").result(Json.utf8(view));
    }

    /**
     * Names what is about to be answered, which is the same for all who ask the same.
     *
     * @return whether whoever asks has it already; it is told so
     */
    static boolean isKnown(Context context, String digest) {
        String etag = "\"" + digest + "\"";
        context.header("ETag", etag);
        context.header("Cache-Control", "no-cache"); // Kept by whoever likes, and asked for each time.
        String known = context.header("If-None-Match");
        boolean same = known != null && (known.contains(etag) || known.strip().equals("*"));
        if (same) {
            context.status(HttpStatus.NOT_MODIFIED);
        }
        return same;
    }
}
