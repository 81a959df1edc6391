package io.authzengine.storage.parser;

import io.authzengine.storage.error.Finding;

/** Ends the reading of a location: beyond this point nothing can be understood, or it would cost too much. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Finding finding;

    Refusal(Finding finding) {
        // No stack trace: a refusal is an answer, and hostile input must not make it a costly one.
        super(finding.message(), null, false, false);
        this.finding = finding;
    }

    Finding finding() {
        return finding;
    }
}
