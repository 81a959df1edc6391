package io.authzengine.storage.server.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sets the headers that keep browsers from doing more than show what they got, and refuses requests that were meant for another host: a
 * page of a stranger whose name resolves to this machine must not read policies through its visitor's browser.
 */
final class RequestGuard implements Handler {
    private final ServerSettings settings;

    RequestGuard(ServerSettings settings) {
        this.settings = settings;
    }

    @Override
    public void handle(Context context) {
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cache-Control", "no-store");
        if (!settings.allowRemote() && !isThisMachine(context.req().getServerName())) {
            throw new HttpResponseException(
                    HttpStatus.MISDIRECTED_REQUEST,
                    "This server answers for 127.0.0.1 and localhost only; the Host header named another host",
                    java.util.Map.of());
        }
    }

    private boolean isThisMachine(@Nullable String host) {
        if (host == null) {
            return true; // HTTP/1.0, which no browser speaks.
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.startsWith("127.")
                || name.equals("[::1]")
                || name.equals("::1")
                || name.equals("[0:0:0:0:0:0:0:1]")
                || name.equals(settings.address().getAddress().getHostAddress());
    }
}
