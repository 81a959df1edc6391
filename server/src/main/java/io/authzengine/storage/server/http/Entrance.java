package io.authzengine.storage.server.http;

import io.authzengine.storage.policy.Sha256;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks who comes, and whether they may do what they ask for. */
final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
    private static final String BEARER = "Bearer ";
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    /** What holds no secret, or, as hooks do, asks for one of its own. */
    private static final Set<String> OPEN =
            Set.of("/", "/openapi.json", "/health/live", "/health/ready", "/health/fresh");

    private static final double FAILURES_PER_SECOND = 1.0 / 6;
    private static final double FAILURES_AT_ONCE = 10;

    private final AccessSettings settings;
    private final List<Known> known;
    private final RateLimit failures;

    Entrance(AccessSettings settings, LongSupplier ticker) {
        this.settings = settings;
        this.known = settings.tokens().stream()
                .map(token -> new Known(sha256(token.secret()), token))
                .toList();
        this.failures = new RateLimit(FAILURES_PER_SECOND, FAILURES_AT_ONCE, ticker);
    }

    private static final class Known {
        final byte[] hash;
        final AccessToken token;

        Known(byte[] hash, AccessToken token) {
            this.hash = hash;
            this.token = token;
        }
    }

    /** Lets a request in, or refuses it. */
    void admit(Context context) {
        String path = context.path();
        if (!settings.asksWho() || OPEN.contains(path) || path.startsWith("/hooks/")) {
            Caller.anybody(context.ip()).attachTo(context);
            return;
        }
        String address = context.ip();
        Caller caller = caller(context, address).orElseThrow(() -> refusal(context, address));
        boolean changes = context.method().equals(HandlerType.POST);
        if (!caller.rights().contains(changes ? Right.CHANGE : Right.READ)) {
            throw new RefusedException(
                    ProblemCode.FORBIDDEN,
                    "This takes the right to " + (changes ? "change" : "read") + ", which " + caller.name()
                            + " does not have; server.tokens gives it");
        }
        caller.attachTo(context);
    }

    private Optional<Caller> caller(Context context, String address) {
        String authorization = context.header("Authorization");
        if (authorization != null && authorization.startsWith(BEARER)) {
            return byToken(authorization.substring(BEARER.length()).strip())
                    .map(token -> new Caller(token.name(), address, token.rights()));
        }
        return byCertificate(context, address);
    }

    /** Takes as long for a token that is nearly right as for any other, and as long for the first as for the last. */
    private Optional<AccessToken> byToken(String shown) {
        byte[] hash = sha256(shown);
        List<AccessToken> found = new ArrayList<>();
        for (Known one : known) {
            if (MessageDigest.isEqual(one.hash, hash)) {
                found.add(one.token);
            }
        }
        return found.stream().findFirst();
    }

    private Optional<Caller> byCertificate(Context context, String address) {
        Object chain = context.req().getAttribute(CERTIFICATES);
        Optional<TlsSettings> tls = settings.tls().filter(TlsSettings::asksClients);
        if (tls.isEmpty() || !(chain instanceof X509Certificate[] certificates) || certificates.length == 0) {
            return Optional.empty();
        }
        Set<Right> rights = tls.get().clientRight() == Right.CHANGE ? EnumSet.allOf(Right.class) : Set.of(Right.READ);
        return Optional.of(new Caller(certificates[0].getSubjectX500Principal().getName(), address, rights));
    }

    /** Only refusals are limited: behind a proxy all have one address, and whoever guesses there must not shut out the others. */
    private RefusedException refusal(Context context, String address) {
        boolean shown = context.header("Authorization") != null;
        if (shown && !failures.take(address)) {
            context.header("Retry-After", "6");
            return new RefusedException(
                    ProblemCode.TOO_MANY_REQUESTS, "Too many wrong tokens came from this address; come again later");
        }
        if (shown) {
            LOG.warn("A request from {} for {} showed a token that nobody has", address, context.path());
        }
        context.header("WWW-Authenticate", "Bearer realm=\"policyd\"");
        return new RefusedException(
                ProblemCode.UNAUTHORIZED,
                shown
                        ? "The token is not known; server.tokens lists those that are"
                        : "Show a token: Authorization: Bearer TOKEN");
    }

    private static byte[] sha256(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
