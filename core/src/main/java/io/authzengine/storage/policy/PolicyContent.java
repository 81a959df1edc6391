package io.authzengine.storage.policy;

/**
 * What a policy says, one record for each kind. Told apart by {@link Policy#kind()} or {@code instanceof}.
 */
public sealed interface PolicyContent
        permits ResourcePolicy,
                PrincipalPolicy,
                RolePolicy,
                DerivedRoles,
                ExportVariables,
                ExportConstants,
                NativePolicy {

    /** Returns what every document may carry beside the policy itself. */
    DocumentHeader header();

    /** Returns the kind this content belongs to. */
    PolicyKind kind();

    /** Returns the id this content gives its policy. */
    PolicyId id();

    /** Returns the resource, principal, role or set of definitions it is about. */
    String name();

    /** Returns the declared version; empty for kinds that have none. */
    default String version() {
        return "";
    }

    /** Returns the scope; empty means none. */
    default String scope() {
        return "";
    }

    /** Returns what it takes from other policies; empty for kinds that import nothing. */
    default Imports imports() {
        return Imports.NONE;
    }
}
