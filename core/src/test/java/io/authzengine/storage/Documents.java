package io.authzengine.storage;

/** Documents for the tests of the store. */
final class Documents {
    private Documents() {}

    /** A resource policy with one rule; {@code mark} makes its text differ. */
    static String resource(String name, String mark) {
        return resource(name, "", mark, "");
    }

    static String scoped(String name, String scope, String mark) {
        return resource(name, scope, mark, "");
    }

    static String importing(String name, String derivedRoles, String role) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: %s
                  version: default
                  importDerivedRoles: [%s]
                  rules:
                    - actions: [view]
                      effect: EFFECT_ALLOW
                      derivedRoles: [%s]
                """.formatted(name, derivedRoles, role);
    }

    private static String resource(String name, String scope, String mark, String more) {
        return """
                apiVersion: api.cerbos.dev/v1
                description: "%s"
                resourcePolicy:
                  resource: %s
                  version: default
                  scope: "%s"
                  rules:
                    - actions: [view]
                      effect: EFFECT_ALLOW
                      roles: [user]
                %s""".formatted(mark, name, scope, more);
    }

    static String derivedRoles(String name, String... roles) {
        StringBuilder text = new StringBuilder("""
                apiVersion: api.cerbos.dev/v1
                derivedRoles:
                  name: %s
                  definitions:
                """.formatted(name));
        for (String role : roles) {
            text.append("    - name: ").append(role).append("\n      parentRoles: [user]\n");
        }
        return text.toString();
    }

    static String role(String name, String... parents) {
        return """
                apiVersion: api.cerbos.dev/v1
                rolePolicy:
                  role: %s
                  parentRoles: [%s]
                  rules:
                    - resource: document
                      allowActions: [view]
                """.formatted(name, String.join(", ", parents));
    }
}
