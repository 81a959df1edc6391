package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;

/**
 * What sort of policy a document states. An open value: the constants are the kinds this library reads, and a kind that
 * is not among them is refused by the parser, not by this type.
 *
 * @param name the key a document of this kind carries, such as {@code resourcePolicy}
 * @sdd 4.2
 */
public record PolicyKind(String name) implements Comparable<PolicyKind> {
    public static final PolicyKind RESOURCE_POLICY = new PolicyKind("resourcePolicy");
    public static final PolicyKind PRINCIPAL_POLICY = new PolicyKind("principalPolicy");
    public static final PolicyKind ROLE_POLICY = new PolicyKind("rolePolicy");
    public static final PolicyKind DERIVED_ROLES = new PolicyKind("derivedRoles");
    public static final PolicyKind EXPORT_VARIABLES = new PolicyKind("exportVariables");
    public static final PolicyKind EXPORT_CONSTANTS = new PolicyKind("exportConstants");

    /** A document of rules that stands for itself; has {@code rules} or {@code policies}. */
    public static final PolicyKind NATIVE = new PolicyKind("rules");

    private static final List<PolicyKind> KNOWN = List.of(
            RESOURCE_POLICY, PRINCIPAL_POLICY, ROLE_POLICY, DERIVED_ROLES, EXPORT_VARIABLES, EXPORT_CONSTANTS, NATIVE);

    public PolicyKind {
        Objects.requireNonNull(name, "name");
    }

    /** Returns the kinds this library reads, in the order documents are usually listed. */
    public static List<PolicyKind> known() {
        return KNOWN;
    }

    @Override
    public int compareTo(PolicyKind other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
