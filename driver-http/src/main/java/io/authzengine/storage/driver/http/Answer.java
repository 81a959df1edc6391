package io.authzengine.storage.driver.http;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;

/** What a server answered to one request. */
final class Answer {
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
