package io.authzengine.storage.server.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.net.URI;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What each request passes first: headers that keep browsers from doing more than show what they got, limits, and the question who it is.
 * Requests that were meant for another host are refused, as a page of a stranger whose name resolves to this machine must not read policies
 * through its visitor's browser; so are changes that a page of another site asks for.
 */
final class RequestGuard implements Handler {
    /** Addresses alone: a name may begin like one, and lead anywhere. */
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    private final ServerSettings settings;
    private final Entrance entrance;
    private final RateLimit requests;

    RequestGuard(ServerSettings settings, LongSupplier ticker) {
        this.settings = settings;
        this.entrance = new Entrance(settings.access(), ticker);
        double rate = settings.access().requestsPerSecond();
        this.requests = new RateLimit(rate, 2 * rate, ticker);
    }

    @Override
    public void handle(Context context) {
        context.header("X-Content-Type-Options", "nosniff");
        context.header("X-Frame-Options", "DENY");
        context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Cache-Control", "no-store");
        if (!requests.take(context.ip())) {
            context.header("Retry-After", "1");
            throw new RefusedException(
                    ProblemCode.TOO_MANY_REQUESTS,
                    "More than server.requestsPerSecond requests came from this address; come again in a second");
        }
        if (isForLoopbackOnly() && !isThisMachine(context.req().getServerName())) {
            throw new RefusedException(
                    ProblemCode.WRONG_HOST,
                    "This server answers for 127.0.0.1 and localhost only; the Host header named another host");
        }
        if (answersOtherSite(context)) {
            context.status(HttpStatus.NO_CONTENT).skipRemainingHandlers();
            return;
        }
        entrance.admit(context);
    }

    private boolean isForLoopbackOnly() {
        return settings.address().getAddress().isLoopbackAddress() && !settings.allowRemote();
    }

    private boolean isThisMachine(@Nullable String host) {
        if (host == null) {
            return true; // HTTP/1.0, which no browser speaks.
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || LOOPBACK.matcher(name).matches()
                || name.equals("[::1]")
                || name.equals("::1")
                || name.equals("[0:0:0:0:0:0:0:1]")
                || name.equals(settings.address().getAddress().getHostAddress());
    }

    /** Returns whether all that was asked is what a page of another site may do. */
    private boolean answersOtherSite(Context context) {
        String origin = context.header("Origin");
        if (origin == null || isOwn(context, origin)) {
            return false;
        }
        boolean welcome = settings.access().origins().contains(origin);
        if (!welcome && !isReading(context)) {
            throw new RefusedException(
                    ProblemCode.CROSS_SITE,
                    "Pages of other sites change nothing here; server.cors lists those that may");
        }
        if (welcome) {
            context.header("Access-Control-Allow-Origin", origin);
            context.header("Access-Control-Expose-Headers", "ETag, Policy-Version");
            context.header("Cross-Origin-Resource-Policy", "cross-origin");
            context.header("Vary", "Origin");
        }
        boolean asks =
                context.method().equals(HandlerType.OPTIONS) && context.header("Access-Control-Request-Method") != null;
        if (welcome && asks) {
            context.header("Access-Control-Allow-Methods", "GET, HEAD, POST");
            context.header("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match, Last-Event-ID");
            context.header("Access-Control-Max-Age", "600");
        }
        return welcome && asks;
    }

    private static boolean isReading(Context context) {
        return context.method().equals(HandlerType.GET)
                || context.method().equals(HandlerType.HEAD)
                || context.method().equals(HandlerType.OPTIONS);
    }

    /** The page at / is ours: its origin names the host that was asked for. */
    private static boolean isOwn(Context context, String origin) {
        try {
            return String.valueOf(URI.create(origin).getRawAuthority()).equalsIgnoreCase(context.header("Host"));
        } catch (IllegalArgumentException e) {
            return false; // No origin that a browser would send.
        }
    }
}
