package io.authzengine.storage.policy;

import java.util.Objects;

/**
 * The name under which a policy is found, in the form Cerbos uses: {@code resource.<name>.v<version>[/scope]}, {@code
 * principal.…}, {@code role.…}, {@code derived_roles.<name>}, {@code export_variables.<name>}, {@code
 * export_constants.<name>}. In names, characters such as {@code :} become {@code _}, as Cerbos does it. Two documents with the same id contradict each other. Ordered by {@link #value}.
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
        return new PolicyId("derived_roles." + keyed(name));
    }

    /** Returns the id of a set of exported variables. */
    public static PolicyId ofExportVariables(String name) {
        return new PolicyId("export_variables." + keyed(name));
    }

    /** Returns the id of a set of exported constants. */
    public static PolicyId ofExportConstants(String name) {
        return new PolicyId("export_constants." + keyed(name));
    }

    /** Returns the id of a document of rules that stands for itself, {@code rules.<name>}. */
    public static PolicyId ofNative(String name) {
        return new PolicyId("rules." + keyed(name));
    }

    private static PolicyId scoped(String prefix, String name, String version, String scope) {
        String unscoped = prefix + "." + keyed(name) + ".v" + keyed(version);
        return new PolicyId(scope.isEmpty() ? unscoped : unscoped + "/" + scope);
    }

    /**
     * Returns {@code name} as Cerbos writes it in its keys: runs of characters other than letters, digits, {@code _} and {@code .}
     * become one {@code _}, if all of it is made of words that begin with a letter and are set apart by colons. Two names that Cerbos
     * cannot tell apart so have the same id here too, and are refused as duplicates.
     */
    private static String keyed(String name) {
        boolean plain = true;
        boolean wordStarts = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = isLetter(c);
            boolean colon = c == ':';
            boolean known = letter || isInner(c) || colon;
            if (!known || (wordStarts && !letter) || (colon && i == name.length() - 1)) {
                return name;
            }
            wordStarts = colon;
            plain &= isKept(c);
        }
        return plain ? name : withoutSpecials(name);
    }

    private static String withoutSpecials(String name) {
        StringBuilder key = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (isKept(c)) {
                key.append(c);
            } else if (i == 0 || isKept(name.charAt(i - 1))) {
                key.append('_');
            }
        }
        return key.toString();
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isInner(char c) {
        return (c >= '0' && c <= '9') || c == '_' || c == '@' || c == '.' || c == '-' || c == '/';
    }

    private static boolean isKept(char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }

    // Written out, as every look-up pays for them, also before those of a record are compiled.
    @Override
    public boolean equals(Object other) {
        return other instanceof PolicyId that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
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
