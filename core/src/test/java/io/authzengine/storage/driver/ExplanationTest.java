package io.authzengine.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.snapshot.PolicySet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static List<Policy> read(String location, String text) {
        return new PolicyParser(ParserLimits.DEFAULT)
                .parse(
                        text.getBytes(StandardCharsets.UTF_8),
                        new DocumentOrigin("files", location, "r7", Optional.empty()))
                .policies();
    }

    private static Explanation explain(Policy policy) {
        LoadResult loaded = new LoadResult(
                "files", 1, 1, PolicySet.of(List.of(policy)), List.of(), List.of(), Map.of(), Instant.EPOCH);
        return Explanation.of(policy.id(), loaded);
    }

    private static List<String> rules(Policy policy) {
        return explain(policy).rules().stream()
                .map(rule -> rule.label() + " @" + rule.origins().get(0).line())
                .toList();
    }

    private static Policy one(String text) {
        return read("p.yaml", text).get(0);
    }

    @Test
    void aSingleSourceIsTheOnlyOne() {
        Policy policy = one("""
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: album
                  version: default
                """);
        Explanation explanation = explain(policy);
        assertThat(explanation.policy()).contains(policy);
        assertThat(explanation.sources())
                .containsExactly(new Explanation.Source(policy, Explanation.Standing.WON, "the only source"));
        assertThat(explanation.rules()).isEmpty();
        assertThat(Explanation.of(new PolicyId("nobody"), LoadResult.none("files"))
                        .sources())
                .isEmpty();
    }

    @Test
    void rulesOfResourcePoliciesHaveTheLineTheyBeginOn() {
        assertThat(rules(one("""
                        # A comment.
                        apiVersion: api.cerbos.dev/v1
                        resourcePolicy:
                          resource: album
                          version: default
                          rules:
                            - name: first
                              actions: [view]
                              effect: EFFECT_ALLOW
                              roles: [user]

                            - {actions: [edit], effect: EFFECT_DENY, roles: [user]}
                        """))).containsExactly("rules[0] first @7", "rules[1] @12");
    }

    @Test
    void actionsOfPrincipalPoliciesHaveTheirOwn() {
        assertThat(rules(one("""
                        apiVersion: api.cerbos.dev/v1
                        principalPolicy:
                          principal: ines
                          version: default
                          rules:
                            - resource: album
                              actions:
                                - {action: view, effect: EFFECT_ALLOW}
                                - name: keep
                                  action: delete
                                  effect: EFFECT_DENY
                        """))).containsExactly("rules[0].actions[0] @8", "rules[0].actions[1] keep @9");
    }

    @Test
    void soHaveRulesOfRolesAndDefinitions() {
        assertThat(rules(one("""
                        apiVersion: api.cerbos.dev/v1
                        rolePolicy:
                          role: guest
                          rules:
                            - resource: album
                              allowActions: [view]
                        """))).containsExactly("rules[0] @5");
        assertThat(rules(one("""
                        apiVersion: api.cerbos.dev/v1
                        derivedRoles:
                          name: roles
                          definitions:
                            - name: owner
                              parentRoles: [user]
                        """))).containsExactly("definitions[0] owner @5");
        assertThat(rules(one("""
                        apiVersion: api.cerbos.dev/v1
                        exportVariables:
                          name: facts
                          definitions:
                            two: "2"
                            one: "1"
                        """))).containsExactly("definitions.one @6", "definitions.two @5");
        assertThat(rules(one("""
                        apiVersion: api.cerbos.dev/v1
                        exportConstants:
                          name: limits
                          definitions:
                            most: 10
                        """))).containsExactly("definitions.most @5");
    }

    @Test
    void linesAreThoseOfTheLocationAlsoInItsSecondDocumentAndInJson() {
        String document = """
                apiVersion: api.cerbos.dev/v1
                exportConstants:
                  name: NAME
                  definitions:
                    most: 10
                """;
        List<Policy> two = read("p.yaml", document.replace("NAME", "a") + "---\n" + document.replace("NAME", "b"));
        assertThat(rules(two.get(1))).containsExactly("definitions.most @11");
        Policy json = read("p.json", """
                {"apiVersion": "api.cerbos.dev/v1",
                 "exportConstants": {"name": "limits",
                  "definitions": {
                   "most": 10}}}
                """).get(0);
        assertThat(rules(json)).containsExactly("definitions.most @4");
    }

    @Test
    void whatSeveralDocumentsSayTogetherHasSeveralOrigins() {
        Policy a = one("""
                apiVersion: api.cerbos.dev/v1
                rolePolicy: {role: guest, rules: [{resource: "*", allowActions: [view]}]}
                """);
        Policy b = read("q.yaml", """
                apiVersion: api.cerbos.dev/v1
                rolePolicy: {role: guest, rules: [{resource: album, allowActions: ["*"]}]}
                """).get(0);
        Policy both = one("""
                apiVersion: api.cerbos.dev/v1
                rolePolicy: {role: guest, rules: [{resource: album, allowActions: [view]}]}
                """);
        Policy merged = new Policy(both.metadata(), both.content(), both.raw(), List.of(a, b));
        assertThat(merged.parts()).containsExactly(a, b);
        assertThat(explain(merged).rules())
                .containsExactly(new Explanation.Rule(
                        "rules[0]",
                        List.of(
                                new Provenance("files", "p.yaml", 1, "r7"),
                                new Provenance("files", "q.yaml", 1, "r7"))));
    }
}
