package io.authzengine.storage.server.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;

/** Says what there is. */
final class IndexPage implements Handler {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>policyd</title></head>
            <body>
            <h1>policyd</h1>
            <ul>
            <li><a href="/api/policies">/api/policies</a>: what is served; <code>?kind= &amp;name= &amp;scope= &amp;limit= &amp;offset=</code></li>
            <li>/api/policies/{id}: one policy with its text</li>
            <li><a href="/api/policies/stream">/api/policies/stream</a>: changes as they come (server-sent events)</li>
            <li><a href="/api/bundle">/api/bundle</a>: all that is served, as an archive another policyd can follow</li>
            <li><a href="/health">/health</a>, <a href="/health/live">/health/live</a>, <a href="/health/ready">/health/ready</a></li>
            </ul>
            </body>
            </html>
            """;

    @Override
    public void handle(Context context) {
        context.html(PAGE);
    }
}
