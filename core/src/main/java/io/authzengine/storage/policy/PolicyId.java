package io.authzengine.storage.policy;

import java.util.Objects;

/**
 * The name under which a policy is found, in the form Cerbos uses: {@code resource.<name>.v<version>[/scope]}, {@code
 * principal.…}, {@code role.…}, {@code derived_roles.<name>}, {@code export_variables.<name>}, {@code
 * export_constants.<name>}. Two documents with the same id contradict each other. Ordered by {@link #value}.
 *
 * @param value the id as text; never empty
 */
public record PolicyId(String value) implements Comparable<PolicyId> {
    public PolicyId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a policy id is never empty");
        }
    }

    /** Returns the id of a resource policy; an empty {@code scope} means none. */
    public static PolicyId ofResource(String resource, String version, String scope) {
        return scoped("resource", resource, version, scope);
    }

    /** Returns the id of a principal policy; an empty {@code scope} means none. */
    public static PolicyId ofPrincipal(String principal, String version, String scope) {
        return scoped("principal", principal, version, scope);
    }

    /** Returns the id of a role policy; an empty {@code scope} means none. */
    public static PolicyId ofRole(String role, String version, String scope) {
        return scoped("role", role, version, scope);
    }

    /** Returns the id of a set of derived roles. */
    public static PolicyId ofDerivedRoles(String name) {
        return new PolicyId("derived_roles." + name);
    }

    /** Returns the id of a set of exported variables. */
    public static PolicyId ofExportVariables(String name) {
        return new PolicyId("export_variables." + name);
    }

    /** Returns the id of a set of exported constants. */
    public static PolicyId ofExportConstants(String name) {
        return new PolicyId("export_constants." + name);
    }

    private static PolicyId scoped(String prefix, String name, String version, String scope) {
        String unscoped = prefix + "." + name + ".v" + version;
        return new PolicyId(scope.isEmpty() ? unscoped : unscoped + "/" + scope);
    }

    @Override
    public int compareTo(PolicyId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
