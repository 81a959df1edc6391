package io.authzengine.storage.driver.http;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleDelta;
import io.authzengine.storage.bundle.BundleException;
import io.authzengine.storage.bundle.BundleLimits;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Sha256;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a URL for what it holds: follows redirections that are allowed, and takes nothing for a document that might not be a whole one. */
final class Fetcher {
    private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);
    private static final int IM_USED = 226;
    private static final Set<Integer> NO_HEAD = Set.of(405, 501);
    private static final Pattern SHA256 = Pattern.compile("sha-256=:?([A-Za-z0-9+/]{43}=):?", Pattern.CASE_INSENSITIVE);
    private static final String ACCEPT =
            "application/json, application/yaml;q=0.9, application/gzip;q=0.9, application/zip;q=0.9, */*;q=0.1";

    private final HttpConfig config;
    private final StorageContext context;
    private final Transport transport;
    private final HttpErrors errors;
    private final BundleLimits limits;

    Fetcher(HttpConfig config, StorageContext context, Transport transport, HttpErrors errors) {
        this.config = config;
        this.context = context;
        this.transport = transport;
        this.errors = errors;
        this.limits = BundleLimits.DEFAULT.withMaxBytes(config.maxBytes());
    }

    /** What a URL holds, or how it differs from what is held of it. */
    static final class Content {
        final byte[] bytes;
        final boolean delta;
        final Validators validators;
        final Optional<Instant> lastModified;

        private Content(byte[] bytes, boolean delta, Validators validators, Optional<Instant> lastModified) {
            this.bytes = bytes;
            this.delta = delta;
            this.validators = validators;
            this.lastModified = lastModified;
        }
    }

    /**
     * How a URL answered.
     *
     * @param news what it holds; empty if that is what is held of it still
     * @param age how old that was already when it was said
     */
    record Fetched(Optional<Content> news, Duration age) {
        private static Fetched nothingNew(Answer answer) {
            return new Fetched(Optional.empty(), answer.age());
        }
    }

    /** What to ask a URL for: all it holds, or no more than how that differs from the bundle that is held. */
    enum Want {
        WHOLE,
        DELTA
    }

    /**
     * Returns what {@code url} holds.
     *
     * @param known the validators of what is held of it; none if nothing is
     * @param want a server that knows no deltas, or not of that bundle, answers with all it holds
     */
    Fetched fetch(URI url, Validators known, Want want) {
        if (config.look() == HttpConfig.Look.HEAD && !known.isNone()) {
            Optional<Answer> same = glance(url).filter(head -> known.stillHold(Validators.of(head)));
            if (same.isPresent()) {
                return Fetched.nothingNew(same.get());
            }
        }
        boolean mayBeDelta = want == Want.DELTA && !known.etag().isEmpty();
        Map<String, String> headers = new HashMap<>(known.conditions());
        if (mayBeDelta) {
            headers.put("A-IM", BundleDelta.MANIPULATION);
        }
        Answer answer = exchange("GET", url, headers);
        if (answer.status() == 304) {
            if (known.isNone()) {
                throw errors.unmodifiedNothing(url);
            }
            return Fetched.nothingNew(answer);
        }
        boolean delta = mayBeDelta && answer.status() == IM_USED;
        if (delta && !isSince(known, answer)) {
            return fetch(url, Validators.NONE, Want.WHOLE); // It says what has changed since some other bundle.
        }
        if (answer.status() != 200 && !delta) {
            throw errors.refused(answer, now());
        }
        return new Fetched(Optional.of(content(answer, delta)), answer.age());
    }

    private static boolean isSince(Validators known, Answer answer) {
        return answer.word("IM").equals(BundleDelta.MANIPULATION)
                && answer.header("Delta-Base").filter(known.etag()::equals).isPresent();
    }

    /** Returns what is said of what {@code url} holds without fetching it; empty, if that cannot be had for whatever reason. */
    private Optional<Answer> glance(URI url) {
        try {
            Answer head = exchange("HEAD", url, Map.of());
            if (NO_HEAD.contains(head.status())) {
                head = exchange("GET", url, Map.of("Range", "bytes=0-0"));
            }
            boolean useful = head.status() == 200 || head.status() == 206;
            return useful ? Optional.of(head) : Optional.empty();
        } catch (StorageException unknown) {
            return Optional.empty(); // The document itself is asked for next, and fails with the same reason.
        }
    }

    private Answer exchange(String method, URI url, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Accept", ACCEPT);
        all.put("Accept-Encoding", "gzip");
        URI at = url;
        for (int redirects = 0; ; redirects++) {
            boolean trusted = Urls.origin(at).equals(Urls.origin(url));
            Answer answer = transport.send(new Transport.Request(method, at, all), trusted, config.maxBytes());
            if (!REDIRECTIONS.contains(answer.status())) {
                return answer;
            }
            if (redirects == config.network().maxRedirects()) {
                throw errors.unacceptable(
                        url,
                        "more than " + redirects + " redirections",
                        "let the URL name the place itself, or raise 'redirects.max'");
            }
            at = next(url, answer);
        }
    }

    private URI next(URI url, Answer answer) {
        URI to;
        try {
            to = answer.url().resolve(answer.header("Location").orElse(""));
        } catch (IllegalArgumentException e) {
            throw errors.unacceptable(url, "it redirects to what is no URL", "look at the server", e);
        }
        boolean sound = HttpConfig.problem(to).isEmpty() && Urls.isSecure(to) == Urls.isSecure(url);
        if (!sound) {
            throw errors.unacceptable(
                    url, "it redirects to another scheme", "let the URL name the place itself, with its scheme");
        }
        boolean allowed = Urls.origin(to).equals(Urls.origin(url))
                || config.network().redirectHosts().contains(Urls.host(to))
                || config.network().redirectHosts().contains(Urls.host(to) + ":" + to.getPort());
        if (!allowed) {
            throw errors.unacceptable(
                    url,
                    "it redirects to another server, " + Urls.origin(to),
                    "let the URL name that one, or add its host to 'redirects.hosts'");
        }
        return to;
    }

    private Content content(Answer answer, boolean delta) {
        URI url = answer.url();
        byte[] received = answer.body();
        boolean digested = checkDigest(answer, received);
        String coding = answer.word("Content-Encoding");
        boolean packed = coding.equals("gzip") || coding.equals("x-gzip");
        if (!packed && !coding.isEmpty() && !coding.equals("identity")) {
            throw errors.unacceptable(
                    url, "the answer is encoded in a way that was not asked for", "let the server use gzip or nothing");
        }
        byte[] bytes = packed ? unpack(url, received) : received;
        // The ends of archives tell whether they are whole, so these may come as they like.
        if (!answer.hasKnownEnd() && !digested && !packed && !Bundle.isBundle(bytes)) {
            throw errors.mayBeCut(url);
        }
        requireDocument(answer, bytes);
        return new Content(
                bytes,
                delta,
                Validators.of(answer),
                answer.header("Last-Modified").flatMap(Validators::instant));
    }

    private byte[] unpack(URI url, byte[] packed) {
        try {
            return Bundle.gunzip(packed, limits);
        } catch (BundleException e) {
            throw errors.unacceptable(
                    url,
                    "the answer cannot be unpacked: " + e.getMessage(),
                    "look at the server, or raise 'maxBytes'",
                    e);
        }
    }

    /** Returns whether there was a digest; throws if it is not the body's. */
    private boolean checkDigest(Answer answer, byte[] received) {
        for (String name : new String[] {"Content-Digest", "Repr-Digest", "Digest"}) {
            Matcher digest = SHA256.matcher(answer.header(name).orElse(""));
            if (digest.find()) {
                if (!digest.group(1).equals(Base64.getEncoder().encodeToString(Sha256.of(received)))) {
                    throw errors.wrongDigest(answer.url());
                }
                return true;
            }
        }
        return false;
    }

    private void requireDocument(Answer answer, byte[] bytes) {
        String type = answer.word("Content-Type").toLowerCase(Locale.ROOT);
        if (type.equals("text/html") || type.equals("application/xhtml+xml")) {
            throw errors.unacceptable(
                    answer.url(),
                    "the server answered with a web page instead of a document, as when it wants somebody to log in",
                    "check the URL and 'auth'");
        }
        boolean blank = true;
        for (int i = 0; i < bytes.length && blank; i++) {
            blank = bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t';
        }
        if (blank) {
            throw errors.unacceptable(
                    answer.url(),
                    "the document is empty, which is never taken for \"no policies\"",
                    "if there are to be none, publish a bundle without documents");
        }
    }

    private Instant now() {
        return context.clock().instant();
    }
}
