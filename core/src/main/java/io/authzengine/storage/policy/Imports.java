package io.authzengine.storage.policy;

import java.util.List;
import java.util.stream.Stream;

/**
 * The names a policy takes from other policies. Each must exist in the set for the policy to be served.
 *
 * @param derivedRoles names of {@link DerivedRoles}
 * @param variables names of {@link ExportVariables}
 * @param constants names of {@link ExportConstants}
 */
public record Imports(List<String> derivedRoles, List<String> variables, List<String> constants) {
    /** Nothing is imported. */
    public static final Imports NONE = new Imports(List.of(), List.of(), List.of());

    public Imports {
        derivedRoles = List.copyOf(derivedRoles);
        variables = List.copyOf(variables);
        constants = List.copyOf(constants);
    }

    /** Returns the ids of all that is imported, in the order of the document. */
    public List<PolicyId> ids() {
        return Stream.of(
                        derivedRoles.stream().map(PolicyId::ofDerivedRoles),
                        variables.stream().map(PolicyId::ofExportVariables),
                        constants.stream().map(PolicyId::ofExportConstants))
                .flatMap(ids -> ids)
                .toList();
    }
}
