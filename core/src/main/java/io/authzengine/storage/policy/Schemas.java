package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The JSON schemas that attributes are checked against.
 *
 * @param principal for the principal's attributes
 * @param resource for the resource's attributes
 */
public record Schemas(Optional<Ref> principal, Optional<Ref> resource) {
    /** No schemas. */
    public static final Schemas NONE = new Schemas(Optional.empty(), Optional.empty());

    /**
     * A schema by reference.
     *
     * @param ref where the schema is; kept as written
     * @param ignoredActions actions for which it is not applied
     */
    public record Ref(String ref, List<String> ignoredActions) {
        public Ref {
            Objects.requireNonNull(ref, "ref");
            ignoredActions = List.copyOf(ignoredActions);
        }
    }
}
