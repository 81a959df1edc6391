package io.authzengine.storage.parser;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import java.util.List;

/**
 * What one location says.
 *
 * @param policies its policies, in the order of their documents; those switched off by {@code disabled} are left out. May
 *     hold policies even if there are errors: those of the documents that have none
 * @param findings what is wrong with it, in order of place
 * @param complete whether it is known of each of its documents which policy it states; if not, it may state any
 */
public record ParsedDocument(List<Policy> policies, List<Finding> findings, boolean complete) {
    public ParsedDocument {
        policies = List.copyOf(policies);
        findings = List.copyOf(findings);
    }

    /** Returns whether any finding keeps the location from being served. */
    public boolean hasErrors() {
        return findings.stream().anyMatch(Finding::isError);
    }
}
