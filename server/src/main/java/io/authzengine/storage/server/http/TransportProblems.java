package io.authzengine.storage.server.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what is refused before any handler sees it, such as a malformed path, in the same form as everything else. */
final class TransportProblems extends ErrorHandler {
    private static final HttpField NOSNIFF = new HttpField("X-Content-Type-Options", "nosniff");

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.CONTENT_TYPE);
        response.getHeaders().put(NOSNIFF);
        String detail = message == null ? "The request could not be understood" : message;
        String path = request.getHttpURI().getPath();
        byte[] body = Problems.body(code, HttpStatus.getMessage(code), detail, path == null ? "" : path);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
