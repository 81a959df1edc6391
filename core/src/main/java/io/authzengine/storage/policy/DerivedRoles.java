package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Roles that a principal has only in a certain situation, to be imported by resource policies.
 *
 * @param header what every document may carry
 * @param name the name under which they are imported
 * @param variables variables their conditions may use
 * @param constants constants their conditions may use
 * @param definitions the roles; never empty, names unique
 */
public record DerivedRoles(
        DocumentHeader header, String name, Variables variables, Constants constants, List<Definition> definitions)
        implements PolicyContent {
    public DerivedRoles {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(name, "name");
        definitions = List.copyOf(definitions);
    }

    /**
     * One derived role.
     *
     * @param name its name
     * @param parentRoles who can have it; never empty
     * @param condition when they have it; always, if empty
     */
    public record Definition(String name, List<String> parentRoles, Optional<Condition> condition) {
        public Definition {
            parentRoles = List.copyOf(parentRoles);
        }
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.DERIVED_ROLES;
    }

    @Override
    public PolicyId id() {
        return PolicyId.ofDerivedRoles(name);
    }

    @Override
    public Imports imports() {
        return new Imports(List.of(), variables.imports(), constants.imports());
    }
}
