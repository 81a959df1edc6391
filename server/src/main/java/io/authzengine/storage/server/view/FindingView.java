package io.authzengine.storage.server.view;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.PolicyId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A finding.
 *
 * @param file the location of the document
 * @param line from 1; 0 if the whole document is meant
 * @param column from 1, in code points; 0 if the whole line is meant
 * @param severity {@code error} or {@code warning}
 * @param code such as {@code SD-003}
 * @param message what is wrong and what was expected
 * @param fix how to mend it, if known
 * @param policyId the policy it concerns, if known
 */
public record FindingView(
        String file,
        int line,
        int column,
        String severity,
        String code,
        String message,
        @Nullable String fix,
        @Nullable String policyId) {
    /** Returns the view of {@code finding}. */
    public static FindingView of(Finding finding) {
        return new FindingView(
                finding.place().location(),
                finding.place().line(),
                finding.place().column(),
                finding.severity().name().toLowerCase(Locale.ROOT),
                finding.code().code(),
                finding.message(),
                finding.fix().orElse(null),
                finding.policyId().map(PolicyId::value).orElse(null));
    }
}
