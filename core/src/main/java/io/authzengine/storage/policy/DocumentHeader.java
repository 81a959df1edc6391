package io.authzengine.storage.policy;

import java.util.Map;
import java.util.Objects;

/**
 * What every document may carry beside the policy itself.
 *
 * @param description free text; empty if none
 * @param disabled whether the author switched the policy off; such a document is checked and then left out of the set
 * @param annotations the author's notes, under {@code metadata.annotations}
 * @param variables the deprecated top-level {@code variables}; expressions by name
 */
public record DocumentHeader(
        String description, boolean disabled, Map<String, String> annotations, Map<String, String> variables) {
    /** A header that says nothing. */
    public static final DocumentHeader EMPTY = new DocumentHeader("", false, Map.of(), Map.of());

    public DocumentHeader {
        Objects.requireNonNull(description, "description");
        annotations = ImmutableMaps.copyOf(annotations);
        variables = ImmutableMaps.copyOf(variables);
    }
}
