package io.authzengine.storage.policy;

/** How a scoped policy relates to its parent scope; written {@code SCOPE_PERMISSIONS_…} in documents. */
public enum ScopePermissions {
    UNSPECIFIED,
    OVERRIDE_PARENT,
    REQUIRE_PARENTAL_CONSENT_FOR_ALLOWS
}
