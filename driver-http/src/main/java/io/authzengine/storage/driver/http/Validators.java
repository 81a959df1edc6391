package io.authzengine.storage.driver.http;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a server gave to ask again with.
 *
 * @param etag with its quotes, and {@code W/} if it is weak; empty if none
 * @param lastModified as it was written; empty if none, or if the document may have been changed again in the same second
 */
record Validators(String etag, String lastModified) {
    static final Validators NONE = new Validators("", "");

    /** A time stamp this much older than the answer cannot hide a second change. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

    private static final String GZIP_SUFFIX = "-gzip\"";

    static Validators of(Answer answer) {
        String etag = answer.header("ETag").filter(Validators::isEtag).orElse("");
        return new Validators(
                etag,
                answer.header("Last-Modified")
                        .filter(modified -> isSettled(modified, answer.header("Date")))
                        .orElse(""));
    }

    private static boolean isEtag(String value) {
        String opaque = value.startsWith("W/") ? value.substring(2) : value;
        return opaque.length() > 2 && opaque.startsWith("\"") && opaque.endsWith("\"");
    }

    private static boolean isSettled(String lastModified, Optional<String> date) {
        Optional<Instant> modified = instant(lastModified);
        Optional<Instant> answered = date.flatMap(Validators::instant);
        return modified.isPresent()
                && answered.isPresent()
                && !modified.get().plus(CLOCK_STEP).isAfter(answered.get());
    }

    /** Returns the time an HTTP header names; empty if it is none. */
    static Optional<Instant> instant(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    boolean isNone() {
        return etag.isEmpty() && lastModified.isEmpty();
    }

    /** Returns the headers that ask for a document only if it is another one. */
    Map<String, String> conditions() {
        Map<String, String> conditions = new LinkedHashMap<>();
        if (!etag.isEmpty()) {
            conditions.put("If-None-Match", asked());
        } else if (!lastModified.isEmpty()) {
            conditions.put("If-Modified-Since", lastModified);
        }
        return conditions;
    }

    /** Some servers mark a tag when they compress, and then know only the unmarked one: both are sent. */
    private String asked() {
        return etag.endsWith(GZIP_SUFFIX)
                ? etag + ", " + etag.substring(0, etag.length() - GZIP_SUFFIX.length()) + "\""
                : etag;
    }

    /** Returns whether a server that gives {@code now} still has what it gave these for. */
    boolean stillHold(Validators now) {
        return etag.isEmpty() ? !lastModified.isEmpty() && equals(now) : etag.equals(now.etag);
    }
}
