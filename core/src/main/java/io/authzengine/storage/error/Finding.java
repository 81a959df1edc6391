package io.authzengine.storage.error;

import io.authzengine.storage.policy.PolicyId;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a parser or gate has to say of a document, like a good compiler: where, what, why it matters, and how to mend it.
 * Ordered by place.
 *
 * @param code {@link ErrorCode#PARSE_ERROR} or {@link ErrorCode#VALIDATION_ERROR} for documents
 * @param severity whether it keeps the set from being served
 * @param place where
 * @param message what is wrong and what was expected, one sentence
 * @param fix how to mend it, if known
 * @param policyId the policy it concerns, if that is known
 */
public record Finding(
        ErrorCode code,
        Severity severity,
        Place place,
        String message,
        Optional<String> fix,
        Optional<PolicyId> policyId)
        implements Comparable<Finding> {
    private static final Comparator<Finding> BY_PLACE =
            Comparator.comparing(Finding::place).thenComparing(Finding::message);

    /** How much a finding weighs. */
    public enum Severity {
        /** What it concerns is not served. */
        ERROR,
        /** It is served all the same. */
        WARNING
    }

    public Finding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(fix, "fix");
        Objects.requireNonNull(policyId, "policyId");
    }

    /** Returns an error without a fix that concerns no policy known by id. */
    public static Finding error(ErrorCode code, Place place, String message) {
        return new Finding(code, Severity.ERROR, place, message, Optional.empty(), Optional.empty());
    }

    /** Returns a warning without a fix that concerns no policy known by id. */
    public static Finding warning(ErrorCode code, Place place, String message) {
        return new Finding(code, Severity.WARNING, place, message, Optional.empty(), Optional.empty());
    }

    /** Returns this finding with a fix. */
    public Finding fix(String howToMend) {
        return new Finding(code, severity, place, message, Optional.of(howToMend), policyId);
    }

    /** Returns this finding as one of {@code id}. */
    public Finding about(PolicyId id) {
        return new Finding(code, severity, place, message, fix, Optional.of(id));
    }

    /** Returns whether this keeps what it concerns from being served. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public int compareTo(Finding other) {
        return BY_PLACE.compare(this, other);
    }

    /** Returns the finding as a compiler prints it: {@code file:line:column: error: SD-003 message (fix: …)}. */
    @Override
    public String toString() {
        return place + ": " + severity.name().toLowerCase(Locale.ROOT) + ": " + code + " " + message
                + fix.map(how -> " (fix: " + how + ")").orElse("");
    }
}
