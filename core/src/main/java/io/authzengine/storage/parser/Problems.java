package io.authzengine.storage.parser;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.policy.PolicyId;
import java.util.ArrayList;
import java.util.List;

/**
 * The findings of one location. What the text itself gets wrong is SD-003; what a readable document says and must not is
 * SD-004.
 */
final class Problems {
    /** Errors after which reading on helps nobody, and a hostile document could only cost more. */
    private static final int MOST = 50;

    private final String location;
    private final List<Finding> findings = new ArrayList<>();
    private int errors;
    private int warnings;

    Problems(String location) {
        this.location = location;
    }

    /** Notes that the text is malformed at {@code position}, in a way that lets the reading go on. */
    void malformed(long position, String message, String fix) {
        add(Finding.error(ErrorCode.PARSE_ERROR, place(position), message).fix(fix));
    }

    /** Notes that what the document says at {@code position} must not be served. */
    void invalid(long position, String message) {
        add(Finding.error(ErrorCode.VALIDATION_ERROR, place(position), message));
    }

    void invalid(long position, String message, String fix) {
        add(Finding.error(ErrorCode.VALIDATION_ERROR, place(position), message).fix(fix));
    }

    void warning(long position, String message, String fix) {
        warnings++;
        if (warnings <= MOST) {
            findings.add(Finding.warning(ErrorCode.VALIDATION_ERROR, place(position), message)
                    .fix(fix));
        }
    }

    /** Returns what ends the reading of the location; the caller throws it. */
    Refusal refusal(long position, String message) {
        return new Refusal(Finding.error(ErrorCode.PARSE_ERROR, place(position), message));
    }

    Refusal refusal(long position, String message, String fix) {
        return new Refusal(
                Finding.error(ErrorCode.PARSE_ERROR, place(position), message).fix(fix));
    }

    /** Notes a refusal that has been caught. */
    void add(Refusal refusal) {
        findings.add(refusal.finding());
        errors++;
    }

    /** Returns the errors noted so far. */
    int errors() {
        return errors;
    }

    /** Returns how many findings there are so far; a mark for {@link #about}. */
    int count() {
        return findings.size();
    }

    /** Says of all findings since the mark {@code from} that they concern {@code id}. */
    void about(PolicyId id, int from) {
        findings.subList(from, findings.size()).replaceAll(finding -> finding.about(id));
    }

    /** Returns the findings, in order of place. */
    List<Finding> sorted() {
        findings.sort(null);
        return findings;
    }

    private void add(Finding finding) {
        findings.add(finding);
        errors++;
        if (errors == MOST) {
            throw new Refusal(Finding.error(
                    ErrorCode.PARSE_ERROR, finding.place(), "the rest was not read, after " + MOST + " errors"));
        }
    }

    private Place place(long position) {
        return new Place(location, Event.line(position), Event.column(position));
    }
}
