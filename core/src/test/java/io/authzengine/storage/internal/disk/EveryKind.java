package io.authzengine.storage.internal.disk;

import java.util.Map;
import java.util.TreeMap;

/** A document of each kind in which everything is said that can be said. */
final class EveryKind {
    static final Map<String, String> DOCUMENTS = new TreeMap<>(Map.of(
            "resource.yaml",
            """
                apiVersion: api.cerbos.dev/v1
                description: "Grüße, 世界"
                metadata: {annotations: {owner: team-a, tier: "1"}}
                variables: {old: R.attr.old}
                resourcePolicy:
                  resource: album
                  version: "2"
                  scope: acme.eu
                  scopePermissions: SCOPE_PERMISSIONS_REQUIRE_PARENTAL_CONSENT_FOR_ALLOWS
                  importDerivedRoles: [common]
                  variables: {import: [shared], local: {mine: R.attr.owner == P.id}}
                  constants:
                    import: [limits]
                    local: {a: 1.5, b: [true, null, {c: "x"}], d: {}}
                  schemas:
                    principalSchema: {ref: cerbos:///p.json}
                    resourceSchema: {ref: cerbos:///r.json, ignoreWhen: {actions: [create]}}
                  rules:
                    - name: one
                      actions: [view, "*"]
                      effect: EFFECT_DENY
                      derivedRoles: [owner]
                      condition:
                        match:
                          any:
                            of:
                              - expr: V.mine
                              - all: {of: [{expr: "true"}, {none: {of: [{expr: "false"}]}}]}
                      output:
                        when: {ruleActivated: '"yes"', conditionNotMet: '"no"'}
                    - {actions: [edit], effect: EFFECT_ALLOW, roles: [user, admin]}
                """,
            "principal.yaml",
            """
                apiVersion: api.cerbos.dev/v1
                principalPolicy:
                  principal: daffy
                  version: default
                  rules:
                    - resource: album
                      actions:
                        - {name: n, action: view, effect: EFFECT_ALLOW, condition: {match: {expr: R.attr.x > 1}}, output: {expr: '"o"'}}
                        - {action: edit, effect: EFFECT_DENY}
                """,
            "role.yaml",
            """
                apiVersion: api.cerbos.dev/v1
                rolePolicy:
                  role: clerk
                  parentRoles: [user]
                  rules:
                    - {resource: album, allowActions: [view], condition: {match: {expr: "true"}}}
                """,
            "several.yaml",
            """
                apiVersion: api.cerbos.dev/v1
                derivedRoles:
                  name: common
                  definitions:
                    - {name: owner, parentRoles: [user], condition: {match: {expr: R.attr.owner == P.id}}}
                    - {name: any, parentRoles: ["*"]}
                ---
                apiVersion: api.cerbos.dev/v1
                exportVariables: {name: shared, definitions: {late: now() > R.attr.due}}
                """,
            "native.yaml",
            """
                metadata: {id: tenants}
                algorithm: permit-overrides
                policies:
                  - algorithm: first-applicable
                    rules:
                      - id: r1
                        effect: deny
                        actions: ["*"]
                        roles: [guest]
                        resource: {type: [doc, page], id: A, attrs: {tenant: 7}}
                        condition: {"==": [{attr: subject.id}, {attr: resource.attrs.owner}]}
                        obligations: [{type: require_mfa}]
                  - rules: []
                """,
            "constants.json",
            """
                {"apiVersion": "api.cerbos.dev/v1",
                 "exportConstants": {"name": "limits", "definitions": {"most": 10, "deep": [[1], {"k": false}], "none": null}}}
                """));

    private EveryKind() {}
}
