package io.authzengine.storage.testkit;

import io.authzengine.storage.policy.PolicyId;

/** Documents in the Cerbos format, valid but where they say otherwise. */
public final class SamplePolicies {
    private SamplePolicies() {}

    /** Returns a resource policy about {@code name}, in {@code version}, that lets users {@code action}. */
    public static String resource(String name, String version, String action) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: %s
                  version: "%s"
                  rules:
                    - actions: ["%s"]
                      effect: EFFECT_ALLOW
                      roles: ["user"]
                """.formatted(name, version, action);
    }

    /** Returns a resource policy about {@code name}, in version {@code default}, that lets users {@code view}. */
    public static String resource(String name) {
        return resource(name, "default", "view");
    }

    /** Returns the id of {@link #resource(String)}. */
    public static PolicyId resourceId(String name) {
        return PolicyId.ofResource(name, "default", "");
    }

    /** Returns a resource policy that imports the derived roles called {@code derivedRoles}. */
    public static String resourceWithDerivedRoles(String name, String version, String derivedRoles) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: %s
                  version: "%s"
                  importDerivedRoles: ["%s"]
                  rules:
                    - actions: ["edit"]
                      effect: EFFECT_ALLOW
                      derivedRoles: ["owner"]
                """.formatted(name, version, derivedRoles);
    }

    /** Returns a set of derived roles called {@code name}, with the one role {@code owner}. */
    public static String derivedRoles(String name) {
        return """
                apiVersion: api.cerbos.dev/v1
                derivedRoles:
                  name: %s
                  definitions:
                    - name: owner
                      parentRoles: ["user"]
                      condition:
                        match:
                          expr: R.attr.owner == P.id
                """.formatted(name);
    }

    /** Returns a principal policy about {@code name}, in {@code version}, that denies the deletion of anything called {@code album}. */
    public static String principal(String name, String version) {
        return """
                apiVersion: api.cerbos.dev/v1
                principalPolicy:
                  principal: %s
                  version: "%s"
                  rules:
                    - resource: album
                      actions:
                        - action: delete
                          effect: EFFECT_DENY
                """.formatted(name, version);
    }

    /** Returns a role policy about {@code name}, in {@code version}, that lets it view albums. */
    public static String role(String name, String version) {
        return """
                apiVersion: api.cerbos.dev/v1
                rolePolicy:
                  role: %s
                  version: "%s"
                  rules:
                    - resource: album
                      allowActions: ["view"]
                """.formatted(name, version);
    }

    /** Returns a set of exported variables called {@code name}. */
    public static String exportVariables(String name) {
        return """
                apiVersion: api.cerbos.dev/v1
                exportVariables:
                  name: %s
                  definitions:
                    is_owner: R.attr.owner == P.id
                """.formatted(name);
    }

    /** Returns a set of exported constants called {@code name}. */
    public static String exportConstants(String name) {
        return """
                apiVersion: api.cerbos.dev/v1
                exportConstants:
                  name: %s
                  definitions:
                    limit: 10
                """.formatted(name);
    }

    /** Returns a document that is no YAML: a quotation in line 3 never ends. */
    public static String broken() {
        return "apiVersion: api.cerbos.dev/v1\nresourcePolicy:\n  resource: \"album\n";
    }
}
