package io.authzengine.storage.parser;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.NativePolicy;
import io.authzengine.storage.policy.NativePolicy.Algorithm;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.policy.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativePolicyTest {
    private static final String RULE = "{id: r1, effect: permit, actions: [read], resource: {type: doc}}";

    private static ParsedDocument parse(String location, String text) {
        DocumentOrigin origin = new DocumentOrigin("test", location, "", Optional.empty());
        return new PolicyParser(ParserLimits.DEFAULT).parse(text.getBytes(StandardCharsets.UTF_8), origin);
    }

    private static NativePolicy parsed(String location, String text) {
        ParsedDocument document = parse(location, text);
        assertThat(document.findings()).isEmpty();
        return (NativePolicy) document.policies().get(0).content();
    }

    @Test
    void rulesAloneAreADocument() {
        NativePolicy policy = parsed("policy.yaml", "rules: [" + RULE + "]\n");
        assertThat(policy.kind()).isEqualTo(PolicyKind.NATIVE);
        assertThat(policy.id()).isEqualTo(new PolicyId("rules.default"));
        assertThat(policy.algorithm()).isEqualTo(Algorithm.DENY_OVERRIDES);
        NativePolicy.Rule rule = policy.policies().get(0).rules().get(0);
        assertThat(rule.id()).isEqualTo("r1");
        assertThat(rule.effect()).isEqualTo(Effect.ALLOW);
        assertThat(rule.actions()).containsExactly("read");
        assertThat(rule.resource().types()).containsExactly("doc");
        assertThat(rule.condition()).isEmpty();
    }

    @Test
    void mayHoldNoRules() {
        assertThat(parsed("p.json", "{\"rules\": []}").policies().get(0).rules())
                .isEmpty();
    }

    @Test
    void mayGiveItselfANameAnAlgorithmAndAllThatARuleCanSay() {
        NativePolicy policy = parsed("p.json", """
                {"metadata": {"id": "tenants"}, "algorithm": "first-applicable", "rules": [
                  {"id": "r1", "effect": "deny", "actions": ["*"], "roles": ["guest"],
                   "resource": {"type": ["doc", "page"], "id": "A", "attrs": {"tenant": 7}},
                   "condition": {"==": [{"attr": "subject.id"}, {"attr": "resource.attrs.owner"}]},
                   "obligations": [{"type": "require_mfa"}]}]}
                """);
        assertThat(policy.id()).isEqualTo(PolicyId.ofNative("tenants"));
        assertThat(policy.algorithm()).isEqualTo(Algorithm.FIRST_APPLICABLE);
        NativePolicy.Rule rule = policy.policies().get(0).rules().get(0);
        assertThat(rule.effect()).isEqualTo(Effect.DENY);
        assertThat(rule.resource().types()).containsExactly("doc", "page");
        assertThat(rule.resource().fields()).containsOnlyKeys("id", "attrs");
        assertThat(rule.roles()).containsExactly("guest");
        assertThat(rule.condition()).get().isInstanceOf(Value.Struct.class);
        assertThat(rule.obligations()).hasSize(1);
    }

    @Test
    void mayHoldSeveralSets() {
        NativePolicy policy = parsed("p.yaml", """
                algorithm: permit-overrides
                policies:
                  - algorithm: first-applicable
                    rules: [%s]
                  - rules: []
                """.formatted(RULE));
        assertThat(policy.algorithm()).isEqualTo(Algorithm.PERMIT_OVERRIDES);
        assertThat(policy.policies())
                .extracting(NativePolicy.RuleSet::algorithm)
                .containsExactly(Algorithm.FIRST_APPLICABLE, Algorithm.DENY_OVERRIDES);
    }

    @Test
    void standsBesideOthersInOneLocation() {
        ParsedDocument document = parse("p.yaml", """
                rules: []
                ---
                apiVersion: api.cerbos.dev/v1
                exportConstants: {name: c, definitions: {a: 1}}
                """);
        assertThat(document.findings()).isEmpty();
        assertThat(document.policies())
                .extracting(policy -> policy.id().value())
                .isEqualTo(List.of("rules.default", "export_constants.c"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: 1 | 1:8: error: SD-004 rules must be a sequence",
                "rules: [1] | 1:9: error: SD-004 each of rules must be a mapping",
                "rules: [{}] | 1:9: error: SD-004 the rule needs the field 'id'",
                "rules: [{id: a, effect: allow, actions: [r], resource: {type: d}}]"
                        + "| 1:25: error: SD-004 effect 'allow' is not known, expected deny or permit",
                "rules: [{id: a, effect: deny, actions: [], resource: {type: d}}]"
                        + "| 1:40: error: SD-004 actions must not be empty",
                "rules: [{id: a, effect: deny, actions: [r], resource: {}}]"
                        + "| 1:55: error: SD-004 the rule needs the field 'resource.type'",
                "rules: [{id: a, effect: deny, actions: [r], resource: {type: d}, when: 1}]"
                        + "| 1:66: error: SD-004 a rule has no field 'when'",
                "rules: [{id: a, effect: deny, actions: [r], resource: {type: d}}, {id: a, effect: deny, actions: [r],"
                        + " resource: {type: d}}] | 1:72: error: SD-004 the rule 'a' is already given",
                "{rules: [], policies: []} | 1:13: error: SD-004 a document states one policy",
                "{rules: [], algorithm: any} | 1:24: error: SD-004 algorithm 'any' is not known",
                "algorithm: deny-overrides | 1:1: error: SD-004",
                "policies: [{}] | 1:12: error: SD-004 each of policies needs the field 'rules'",
                "policies: [{rules: [], name: x}] | 1:24: error: SD-004 each of policies has no field 'name'",
            })
    void whatIsWrongIsToldWithItsPlace(String document, String finding) {
        assertThat(parse("p.yaml", document + "\n").findings())
                .anySatisfy(found -> assertThat(found.toString()).startsWith("p.yaml:" + finding));
        assertThat(parse("p.yaml", document + "\n").policies()).isEmpty();
    }
}
