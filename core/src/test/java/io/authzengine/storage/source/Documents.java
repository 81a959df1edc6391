package io.authzengine.storage.source;

import io.authzengine.storage.policy.PolicyId;

/** Small documents for tests of the loop, for which it matters that they are right or wrong, not what they say. */
final class Documents {
    static final String BROKEN = "apiVersion: api.cerbos.dev/v1\nresourcePolicy:\n  resource: \"album\n";

    private Documents() {}

    /** Returns a resource policy about {@code name} that speaks of {@code action}. */
    static String policy(String name, String action) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: %s
                  version: default
                  rules:
                    - actions: ["%s"]
                      effect: EFFECT_ALLOW
                      roles: ["user"]
                """.formatted(name, action);
    }

    static PolicyId id(String name) {
        return PolicyId.ofResource(name, "default", "");
    }
}
