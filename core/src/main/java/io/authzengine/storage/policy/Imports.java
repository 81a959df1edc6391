package io.authzengine.storage.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
        int count = derivedRoles.size() + variables.size() + constants.size();
        if (count == 0) {
            return List.of();
        }
        List<PolicyId> ids = new ArrayList<>(count);
        derivedRoles.forEach(name -> ids.add(PolicyId.ofDerivedRoles(name)));
        variables.forEach(name -> ids.add(PolicyId.ofExportVariables(name)));
        constants.forEach(name -> ids.add(PolicyId.ofExportConstants(name)));
        return Collections.unmodifiableList(ids);
    }
}
