package io.authzengine.storage.driver.http;

import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a server answered to one request. */
final class Answer {
    /** What the RFC has caches say that cannot count any further; also the greatest age here. */
    static final Duration OLDEST = Duration.ofSeconds(1L << 31);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,100}");

    private final HttpResponse<byte[]> response;

    Answer(HttpResponse<byte[]> response) {
        this.response = response;
    }

    int status() {
        return response.statusCode();
    }

    URI url() {
        return response.uri();
    }

    HttpHeaders headers() {
        return response.headers();
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Returns the value of a header in lower case, without what follows a semicolon; empty if it is not there. */
    String word(String name) {
        String value = header(name).orElse("");
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns how long ago what is answered was made, or found to hold still, where it comes from (RFC 9111, 5.1): what the server and the
     * caches on the way say. Zero if nobody says anything that can be understood; never more than {@link #OLDEST}.
     */
    Duration age() {
        String first = header("Age").orElse("").split(",", 2)[0].strip();
        if (!SECONDS.matcher(first).matches()) {
            return Duration.ZERO;
        }
        BigInteger seconds = new BigInteger(first);
        return Duration.ofSeconds(
                seconds.min(BigInteger.valueOf(OLDEST.toSeconds())).longValue());
    }

    byte[] body() {
        return response.body();
    }

    /** Returns whether the end of the body is told by more than the end of the connection, which may also have been cut. */
    boolean hasKnownEnd() {
        return response.version() != Version.HTTP_1_1
                || header("Content-Length").isPresent()
                || word("Transfer-Encoding").endsWith("chunked");
    }
}
