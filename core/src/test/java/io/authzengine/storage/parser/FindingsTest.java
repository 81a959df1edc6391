package io.authzengine.storage.parser;

import static io.authzengine.storage.parser.Parsing.API;
import static io.authzengine.storage.parser.Parsing.findings;
import static io.authzengine.storage.parser.Parsing.json;
import static io.authzengine.storage.parser.Parsing.resource;
import static io.authzengine.storage.parser.Parsing.rule;
import static io.authzengine.storage.parser.Parsing.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.PolicyId;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FindingsTest {
    private static final String ROLE = API + "rolePolicy:\n  role: nurse\n";
    private static final String ROLES =
            API + "derivedRoles:\n  name: r\n  definitions:\n  - name: a\n    parentRoles: [x]\n";
    private static final String PRINCIPAL = API + "principalPolicy:\n  principal: bob\n  version: v\n";

    /** A document, and the beginning of each of its findings after the location. */
    static Stream<Arguments> documentsWithOneFinding() {
        return Stream.of(
                // the document
                arguments(resource("foo: bar\n", ""), "2:1: error: SD-004 a policy document has no field 'foo'"),
                arguments(resource("Description: x\n", ""), "2:1: error: SD-004 a policy document has no field"),
                arguments(
                        resource("disabled: yes\n", ""),
                        "2:11: error: SD-004 disabled must be true or false, found 'yes'"),
                arguments(resource("disabled: \"true\"\n", ""), "2:11: error: SD-004 disabled must be true or false"),
                arguments(
                        resource("disabled: 1\n", ""), "2:11: error: SD-004 disabled must be true or false, found '1'"),
                arguments(
                        resource("disabled:\n", ""),
                        "2:10: error: SD-004 disabled must be true or false, found nothing"),
                arguments(
                        resource("disabled: []\n", ""),
                        "2:11: error: SD-004 disabled must be true or false, found a seq"),
                arguments(
                        resource("description: []\n", ""),
                        "2:14: error: SD-004 description must be a text, found a sequence"),
                arguments(resource("$schema: {}\n", ""), "2:10: error: SD-004 $schema must be a text, found a mapping"),
                arguments(resource("metadata:\n", ""), "2:10: error: SD-004 metadata must be a mapping, found nothing"),
                arguments(resource("metadata: {id: x}\n", ""), "2:12: error: SD-004 metadata has no field 'id'"),
                arguments(
                        resource("metadata: {annotations: []}\n", ""),
                        "2:25: error: SD-004 metadata.annotations must be"),
                arguments(
                        resource("metadata: {hash: -1}\n", ""),
                        "2:18: error: SD-004 metadata.hash must be a whole number"),
                arguments(resource("metadata: {hash: []}\n", ""), "2:18: error: SD-004 metadata.hash must be a text"),
                arguments(
                        resource("metadata: {sourceAttributes: {a: 1}}\n", ""),
                        "2:31: error: SD-004 metadata.sourceAttr"),
                arguments(resource("metadata: {sourceAttributes: 1}\n", ""), "2:30: error: SD-004 metadata.sourceAttr"),
                arguments(
                        resource("variables: {a: }\n", ""),
                        "2:15: error: SD-004 a variable is empty, expected an expr"),
                arguments(
                        resource("", "").replace("v1", "v2"),
                        "1:13: error: SD-004 apiVersion 'api.cerbos.dev/v2' is not"),
                arguments(
                        resource("", "").replace(API, ""),
                        "1:1: error: SD-004 a policy document needs the field 'apiV"),
                arguments(
                        API, "1:1: error: SD-004 the document states no policy, expected one of resourcePolicy, prin"),
                arguments(
                        API + "resourcePolicy:\n",
                        "2:16: error: SD-004 resourcePolicy must be a mapping, found nothing"),
                arguments(
                        ROLES + "exportVariables: {name: v}\n",
                        "7:1: error: SD-004 a document states one policy, found exportVariables beside the derivedRoles at"
                                + " line 2, column 1"),
                // names
                arguments(
                        resource("", "").replace("leave", "\"*\""),
                        "3:13: error: SD-004 resource '*' is not valid, exp"),
                arguments(
                        resource("", "").replace("leave", "\"\""),
                        "3:13: error: SD-004 resource is empty, expected text"),
                arguments(
                        resource("", "").replace("default", "1.0.1"),
                        "4:12: error: SD-004 version '1.0.1' is not valid"),
                arguments(
                        resource("", "").replace("default", "\"v\\n\""),
                        "4:12: error: SD-004 version 'v\\u000A' is not"),
                arguments(
                        resource("", "").replace("  version: default\n", ""),
                        "2:1: error: SD-004 resourcePolicy needs the"),
                arguments(
                        resource("", "").replace("  resource: leave\n", ""),
                        "2:1: error: SD-004 resourcePolicy needs the"),
                arguments(resource("", "  scope: acme..hr\n"), "5:10: error: SD-004 scope 'acme..hr' is not valid"),
                arguments(
                        resource("", "  scopePermissions: X\n"),
                        "5:21: error: SD-004 scopePermissions 'X' is not known"),
                arguments(
                        resource("", "  importDerivedRoles: [a b]\n"),
                        "5:24: error: SD-004 importDerivedRoles 'a b' is"),
                arguments(
                        resource("", "  importDerivedRoles:\n"),
                        "5:22: error: SD-004 importDerivedRoles must be a sequ"),
                arguments(
                        resource("", "  importDerivedRoles: [a, b, 'a']\n"),
                        "5:30: error: SD-004 importDerivedRoles: 'a' is already given at line 5, column 24"),
                arguments(
                        resource("", "  importDerivedRoles: ['" + "a".repeat(513) + "']\n"),
                        "5:24: error: SD-004 importDerivedRoles has 513 characters, expected at most 512"),
                arguments(
                        resource("", "  variables: {import: [a/b]}\n"),
                        "5:24: error: SD-004 variables.import 'a/b' is not"),
                arguments(
                        resource("", "  variables: {locl: {}}\n"), "5:15: error: SD-004 variables has no field 'locl'"),
                arguments(
                        resource("", "  variables: {local: {a-b: '1'}}\n"),
                        "5:23: error: SD-004 a variable 'a-b' is not"),
                arguments(
                        resource("", "  variables: {local: {in: '1'}}\n"),
                        "5:23: error: SD-004 a variable 'in' is not v"),
                arguments(
                        resource("", "  variables: {local: {a: []}}\n"),
                        "5:26: error: SD-004 a variable must be a text, fo"),
                arguments(
                        resource("", "  variables: []\n"),
                        "5:14: error: SD-004 variables must be a mapping, found a seq"),
                arguments(
                        resource("", "  constants: 1\n"), "5:14: error: SD-004 constants must be a mapping, found '1'"),
                arguments(
                        resource("", "  constants: {x: 1}\n"),
                        "5:15: error: SD-004 constants has no field 'x', expected"),
                arguments(
                        resource("", "  constants: {local: {a b: 1}}\n"),
                        "5:23: error: SD-004 a constant 'a b' is not va"),
                arguments(
                        resource("", "  constants: {local: []}\n"),
                        "5:22: error: SD-004 constants.local must be a mapping"),
                arguments(
                        resource("", "  constants: {local: {a: .inf}}\n"),
                        "5:26: error: SD-004 a number must be finite"),
                arguments(
                        resource("", "  constants: {local: {a: 1e999}}\n"),
                        "5:26: error: SD-004 a number must be finite"),
                arguments(
                        resource("variables: {a: '1'}\n", "  variables: {local: {a: '2'}}\n"),
                        "3:1: error: SD-004 the variable 'a' is defined by both"),
                // rules
                arguments(resource("", "  rules:\n"), "5:9: error: SD-004 rules must be a sequence, found nothing"),
                arguments(
                        resource("", "  rules: [x]\n"),
                        "5:11: error: SD-004 each of rules must be a mapping, found 'x'"),
                arguments(
                        rule("      role: [x]\n"),
                        "9:7: error: SD-004 a rule of resourcePolicy has no field 'role', expe"),
                arguments(
                        rule("").replace("[view]", "[]"),
                        "6:16: error: SD-004 actions must not be empty, expected at lea"),
                arguments(
                        rule("").replace("[view]", "view"),
                        "6:16: error: SD-004 actions must be a sequence, found 'view'"),
                arguments(
                        rule("").replace("[view]", "['']"),
                        "6:17: error: SD-004 actions is empty, expected text that is"),
                arguments(
                        rule("").replace("[view]", "[null]"),
                        "6:17: error: SD-004 actions is empty, expected text that"),
                arguments(
                        rule("").replace("[view]", "[a, a]"),
                        "6:20: error: SD-004 actions: 'a' is already given at line"),
                arguments(
                        rule("").replace("actions: [view]", "name: x"),
                        "6:7: error: SD-004 the rule needs the field 'ac"),
                arguments(
                        rule("").replace("      effect: EFFECT_ALLOW\n", ""),
                        "6:7: error: SD-004 the rule needs the fiel"),
                arguments(
                        rule("").replace("EFFECT_ALLOW", "allow"),
                        "7:15: error: SD-004 effect 'allow' is not known, exp"),
                arguments(
                        rule("").replace("EFFECT_ALLOW", "1"),
                        "7:15: error: SD-004 effect '1' is not known, expected EF"),
                arguments(
                        rule("").replace("EFFECT_ALLOW", "EFFECT_NO_MATCH"),
                        "7:15: error: SD-004 effect 'EFFECT_NO_MA"),
                arguments(
                        rule("").replace("EFFECT_ALLOW", "{}"),
                        "7:15: error: SD-004 effect must be a text, found a map"),
                arguments(
                        rule("").replace("[employee]", "[]"),
                        "6:7: error: SD-004 the rule has neither roles nor derived"),
                arguments(
                        rule("").replace("      roles: [employee]\n", ""),
                        "6:7: error: SD-004 the rule has neither role"),
                arguments(
                        rule("      name: 1st\n"),
                        "9:13: error: SD-004 the name of a rule '1st' is not valid, expected"),
                arguments(
                        rule(
                                "      name: n\n    - actions: [b]\n      effect: EFFECT_DENY\n      roles: [x]\n      name: n\n"),
                        "13:13: error: SD-004 the rule name 'n' is already used at line 9, column 13"),
                arguments(rule("      condition: {}\n"), "9:18: error: SD-004 condition needs the field 'match'"),
                arguments(rule("      condition:\n"), "9:17: error: SD-004 condition must be a mapping, found nothing"),
                arguments(rule("      condition: {macth: {}}\n"), "9:19: error: SD-004 condition has no field 'macth'"),
                arguments(
                        rule("      condition: {script: x}\n"),
                        "9:19: error: SD-004 scripts in conditions are no longer"),
                arguments(
                        rule("      condition: {match: {}}\n"),
                        "9:26: error: SD-004 match is empty, expected one of all"),
                arguments(
                        rule("      condition: {match: x}\n"),
                        "9:26: error: SD-004 match must be a mapping, found 'x'"),
                arguments(
                        rule("      condition: {match: {expr: ' '}}\n"),
                        "9:33: error: SD-004 expr is empty, expected an"),
                arguments(
                        rule("      condition: {match: {expr: [a]}}\n"),
                        "9:33: error: SD-004 expr must be a text, found"),
                arguments(
                        rule("      condition: {match: {xpr: a}}\n"),
                        "9:27: error: SD-004 match has no field 'xpr', exp"),
                arguments(
                        rule("      condition: {match: {expr: a, all: {of: [{expr: b}]}}}\n"),
                        "9:36: error: SD-004 match has one of all, any, none and expr, found all beside the one at line 9"),
                arguments(
                        rule("      condition: {match: {all: {}}}\n"), "9:32: error: SD-004 all needs the field 'of'"),
                arguments(
                        rule("      condition: {match: {all: }}\n"),
                        "9:31: error: SD-004 all must be a mapping, found no"),
                arguments(
                        rule("      condition: {match: {any: {of: []}}}\n"),
                        "9:37: error: SD-004 any.of must not be em"),
                arguments(
                        rule("      condition: {match: {any: {of: x}}}\n"),
                        "9:37: error: SD-004 any.of must be a sequen"),
                arguments(
                        rule("      condition: {match: {any: {of: [{expr: a}], off: 1}}}\n"),
                        "9:50: error: SD-004 any has no field 'off', expected of"),
                arguments(
                        rule("      condition: {match: {none: {of: [null]}}}\n"),
                        "9:39: error: SD-004 each of none.of mu"),
                arguments(rule("      output: []\n"), "9:15: error: SD-004 output must be a mapping, found a sequence"),
                arguments(
                        rule("      output: {x: y}\n"), "9:16: error: SD-004 output has no field 'x', expected one of"),
                arguments(
                        rule("      output: {expr: }\n"),
                        "9:21: error: SD-004 output.expr is empty, expected an expres"),
                arguments(
                        rule("      output: {when: 1}\n"),
                        "9:22: error: SD-004 output.when must be a mapping, found '1'"),
                arguments(
                        rule("      output: {when: {ruleActivate: a}}\n"),
                        "9:23: error: SD-004 output.when has no field"),
                // schemas
                arguments(resource("", "  schemas: 1\n"), "5:12: error: SD-004 schemas must be a mapping, found '1'"),
                arguments(
                        resource("", "  schemas: {a: 1}\n"),
                        "5:13: error: SD-004 schemas has no field 'a', expected one"),
                arguments(
                        resource("", "  schemas: {resourceSchema: }\n"),
                        "5:28: error: SD-004 resourceSchema must be a map"),
                arguments(
                        resource("", "  schemas: {resourceSchema: {}}\n"),
                        "5:29: error: SD-004 resourceSchema needs the"),
                arguments(
                        resource("", "  schemas: {resourceSchema: {ref: ''}}\n"),
                        "5:35: error: SD-004 ref is empty, expe"),
                arguments(
                        resource("", "  schemas: {resourceSchema: {ref: x, rev: 1}}\n"),
                        "5:38: error: SD-004 resourceSchema has no field 'rev'"),
                arguments(
                        resource("", "  schemas: {resourceSchema: {ref: x, ignoreWhen: {}}}\n"),
                        "5:50: error: SD-004 ignoreWhen needs the field 'actions'"),
                arguments(
                        resource("", "  schemas: {resourceSchema: {ref: x, ignoreWhen: }}\n"),
                        "5:49: error: SD-004 ignoreWhen must be a mapping"),
                arguments(
                        resource("", "  schemas: {resourceSchema: {ref: x, ignoreWhen: {actions: [a], b: 1}}}\n"),
                        "5:65: error: SD-004 ignoreWhen has no field 'b', expected actions"),
                // the other kinds
                arguments(PRINCIPAL + "  rulez: []\n", "5:3: error: SD-004 principalPolicy has no field 'rulez'"),
                arguments(PRINCIPAL + "  rules: [x]\n", "5:11: error: SD-004 each of rules must be a mapping"),
                arguments(PRINCIPAL + "  rules: {}\n", "5:10: error: SD-004 rules must be a sequence, found a mapping"),
                arguments(
                        PRINCIPAL.replace("  principal: bob\n", ""),
                        "2:1: error: SD-004 principalPolicy needs the field 'principal'"),
                arguments(
                        API + "principalPolicy: x\n",
                        "2:18: error: SD-004 principalPolicy must be a mapping, found 'x'"),
                arguments(
                        PRINCIPAL + "  rules: [{actions: [{action: a, effect: EFFECT_DENY}]}]\n",
                        "5:11: error: SD-004 the rule needs the field 'resource'"),
                arguments(
                        PRINCIPAL + "  rules: [{resource: a}]\n",
                        "5:11: error: SD-004 the rule needs the field 'actions'"),
                arguments(
                        PRINCIPAL + "  rules: [{resource: a, actions: []}]\n",
                        "5:34: error: SD-004 actions must not be"),
                arguments(
                        PRINCIPAL + "  rules: [{resource: a, actions: x}]\n",
                        "5:34: error: SD-004 actions must be a seq"),
                arguments(
                        PRINCIPAL + "  rules: [{resource: a, actions: [x]}]\n",
                        "5:35: error: SD-004 each of actions mus"),
                arguments(
                        PRINCIPAL + "  rules: [{resource: a, acts: 1, actions: [{action: a, effect: EFFECT_DENY}]}]\n",
                        "5:25: error: SD-004 a rule of principalPolicy has no field 'acts'"),
                arguments(
                        PRINCIPAL + "  rules: [{resource: a, actions: [{effect: EFFECT_DENY}]}]\n",
                        "5:35: error: SD-004 the action needs the field 'action'"),
                arguments(
                        PRINCIPAL + "  rules: [{resource: a, actions: [{action: a}]}]\n",
                        "5:35: error: SD-004 the action needs the field 'effect'"),
                arguments(
                        PRINCIPAL
                                + "  rules: [{resource: a, actions: [{action: a, effect: EFFECT_DENY, roles: [x]}]}]\n",
                        "5:68: error: SD-004 an action of principalPolicy has no field 'roles'"),
                arguments(
                        PRINCIPAL + "  rules:\n"
                                + "  - {resource: a, actions: [{action: a, effect: EFFECT_DENY}]}\n".repeat(2),
                        "7:16: error: SD-004 the rule's resource name 'a' is already used at line 6, column 16"),
                arguments(ROLE + "  rolez: 1\n", "4:3: error: SD-004 rolePolicy has no field 'rolez', expected one of"),
                arguments(
                        ROLE.replace("role:", "parentRoles: [] #"),
                        "2:1: error: SD-004 rolePolicy needs the field 'role'"),
                arguments(
                        API + "rolePolicy: []\n", "2:13: error: SD-004 rolePolicy must be a mapping, found a sequence"),
                arguments(
                        ROLE + "  scopePermissions: SCOPE_PERMISSIONS_OVERRIDE_PARENT\n",
                        "4:21: error: SD-004 scopePerm"),
                arguments(
                        ROLE + "  version: a-b\n", "4:12: error: SD-004 version 'a-b' is not valid, expected letters"),
                arguments(ROLE + "  rules: x\n", "4:10: error: SD-004 rules must be a sequence, found 'x'"),
                arguments(ROLE + "  rules: [x]\n", "4:11: error: SD-004 each of rules must be a mapping, found 'x'"),
                arguments(
                        ROLE + "  rules: [{resource: a}]\n",
                        "4:11: error: SD-004 the rule needs the field 'allowActions'"),
                arguments(
                        ROLE + "  rules: [{allowActions: [a]}]\n",
                        "4:11: error: SD-004 the rule needs the field 'resour"),
                arguments(
                        ROLE + "  rules: [{resource: a, allowActions: [a], effect: EFFECT_ALLOW}]\n",
                        "4:44: error: SD-004 a rule of rolePolicy has no field 'effect'"),
                arguments(
                        ROLES.replace("name: r\n", "name: 'r r'\n"),
                        "3:9: error: SD-004 name 'r r' is not valid, expect"),
                arguments(ROLES.replace("  name: r\n", ""), "2:1: error: SD-004 derivedRoles needs the field 'name'"),
                arguments(
                        API + "derivedRoles: {name: r}\n",
                        "2:1: error: SD-004 derivedRoles needs the field 'definitions"),
                arguments(API + "derivedRoles: 1\n", "2:15: error: SD-004 derivedRoles must be a mapping, found '1'"),
                arguments(
                        API + "derivedRoles: {name: r, definitions: []}\n",
                        "2:38: error: SD-004 definitions must not be"),
                arguments(
                        API + "derivedRoles: {name: r, definitions: x}\n",
                        "2:38: error: SD-004 definitions must be a se"),
                arguments(
                        API + "derivedRoles: {name: r, definitions: [x]}\n",
                        "2:39: error: SD-004 each of definitions mu"),
                arguments(ROLES + "  roles: []\n", "7:3: error: SD-004 derivedRoles has no field 'roles'"),
                arguments(
                        ROLES.replace("- name: a", "- condition: {match: {expr: a}}"),
                        "5:5: error: SD-004 the definitio"),
                arguments(
                        ROLES.replace("parentRoles: [x]", "condition: {match: {expr: a}}"),
                        "5:5: error: SD-004 the def"),
                arguments(
                        ROLES + "    effect: EFFECT_ALLOW\n",
                        "7:5: error: SD-004 a definition of derivedRoles has no fie"),
                arguments(
                        ROLES + "  - name: a\n    parentRoles: [y]\n",
                        "7:11: error: SD-004 the derived role name 'a' is already used at line 5, column 11"),
                arguments(API + "exportVariables: {}\n", "2:1: error: SD-004 exportVariables needs the field 'name'"),
                arguments(
                        API + "exportVariables: []\n",
                        "2:18: error: SD-004 exportVariables must be a mapping, found a s"),
                arguments(
                        API + "exportVariables: {name: v, x: 1}\n", "2:28: error: SD-004 exportVariables has no field"),
                arguments(
                        API + "exportVariables: {name: v, definitions: []}\n",
                        "2:41: error: SD-004 definitions must be"),
                arguments(
                        API + "exportConstants: {name: a/b}\n",
                        "2:25: error: SD-004 name 'a/b' is not valid, expected"),
                // the text
                arguments(
                        resource("description: a\n\"descri\\u0070tion\": b\n", ""),
                        "3:1: error: SD-003 the key 'description' is already given at line 2, column 1"),
                arguments(
                        resource("", "  constants: {local: {x: {a: 1, 'a': 2}}}\n"),
                        "5:33: error: SD-003 the key 'a' is"),
                arguments(
                        rule("").replace("[employee]", "&r [x, &r y]"),
                        "8:21: error: SD-003 the anchor 'r' is already"),
                arguments(
                        rule("").replace("[employee]", "*nobody"),
                        "8:14: error: SD-003 the alias '*nobody' names an anc"),
                arguments(
                        rule("").replace("[employee]", "&a [*a]"), "8:18: error: SD-003 the alias '*a' stands within"),
                arguments(
                        rule("").replace("- actions", "- &x\n      actions") + "    - <<: *x\n      actions: [b]\n",
                        "11:7: error: SD-003 the key 'actions' is already given at line 7, column 7"),
                arguments(rule("      <<: {name: a}\n"), "9:7: error: SD-003 '<<' merges the alias of a mapping"),
                arguments(rule("      <<: text\n"), "9:7: error: SD-003 '<<' merges the alias of a mapping"),
                arguments(
                        rule("      <<: *b\n").replace("[view]", "&b [view]"),
                        "9:7: error: SD-003 '<<' merges the alias of a mapping"),
                arguments(
                        rule("      '<<': {name: a}\n"),
                        "9:7: error: SD-004 a rule of resourcePolicy has no field '<<'"),
                arguments(
                        resource("? [a]\n: b\n", ""),
                        "2:3: error: SD-003 a key must be a text, found a mapping or a seq"),
                arguments(resource("a\n", ""), "3:1: error: SD-003 not valid YAML"),
                arguments(resource("\tdescription: a\n", ""), "2:1: error: SD-003 not valid YAML"));
    }

    @ParameterizedTest
    @MethodSource("documentsWithOneFinding")
    void aFindingSaysWhereAndWhatWasExpected(String document, String start) {
        ParsedDocument parsed = yaml(document);

        assertThat(findings(parsed)).as(document).singleElement().asString().startsWith("p.yaml:" + start);
        assertThat(parsed.policies()).isEmpty();
    }

    @Nested
    class Fixes {
        @ParameterizedTest
        @ValueSource(strings = {"resource_policy", "ResourcePolicy", "resourcesPolicy", "resourcePolcy"})
        void nameTheNearestField(String written) {
            assertThat(findings(yaml(resource("", "").replace("resourcePolicy", written))))
                    .anyMatch(finding -> finding.endsWith("(fix: did you mean 'resourcePolicy'?)"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"allow", "ALLOW", "EFFECT-ALLOW", "effect_allow", "EFFECT_ALOW"})
        void nameTheNearestEffect(String written) {
            assertThat(findings(yaml(rule("").replace("EFFECT_ALLOW", written))))
                    .singleElement()
                    .asString()
                    .endsWith("(fix: write EFFECT_ALLOW)");
        }

        @Test
        void areNotMadeUp() {
            assertThat(yaml(resource("zzzzzz: 1\n", "")).findings().get(0).fix())
                    .isEmpty();
            assertThat(yaml(resource("z".repeat(300) + ": 1\n", ""))
                            .findings()
                            .get(0)
                            .fix())
                    .isEmpty();
        }

        @Test
        void tellAboutTabs() {
            assertThat(yaml(resource("\tdescription: a\n", ""))
                            .findings()
                            .get(0)
                            .fix())
                    .hasValueSatisfying(fix -> assertThat(fix).contains("spaces"));
        }
    }

    @Nested
    class ManyFindings {
        @Test
        void areAllReportedInOrderOfPlace() {
            ParsedDocument document = yaml(
                    API
                            + "resourcePolicy:\n  resource: 'a*'\n  versoin: v\n  rules:\n    - actions: []\n      effect: allow\n");

            assertThat(findings(document))
                    .extracting(finding -> finding.substring(0, finding.indexOf(": error")))
                    .containsExactly("p.yaml:2:1", "p.yaml:3:13", "p.yaml:4:3", "p.yaml:6:16", "p.yaml:7:15");
        }

        @Test
        void endAtFifty() {
            StringBuilder document = new StringBuilder(API);
            for (int i = 0; i < 1000; i++) {
                document.append("x").append(i).append(": 1\n");
            }
            ParsedDocument parsed = yaml(document.toString());

            assertThat(parsed.findings()).hasSize(51);
            assertThat(findings(parsed))
                    .anyMatch(finding -> finding.contains("the rest was not read, after 50 errors"));
        }

        @Test
        void warningsEndAtFiftyToo() {
            ParsedDocument parsed = yaml(rule("").replace("[employee]", lookalikes(200)));

            assertThat(parsed.findings()).hasSize(50);
            assertThat(parsed.policies()).hasSize(1);
        }

        /** Names in which the first letter is a Cyrillic one. */
        private String lookalikes(int count) {
            StringBuilder names = new StringBuilder("[\u0430dmin");
            for (int i = 1; i < count; i++) {
                names.append(", \u0430dmin").append(i);
            }
            return names.append("]").toString();
        }
    }

    @Nested
    class ConcernAPolicy {
        private Optional<PolicyId> subject(String document) {
            return yaml(document).findings().get(0).policyId();
        }

        @Test
        void onceItIsKnownWhich() {
            assertThat(subject(resource("foo: 1\n", "  scope: acme\n")))
                    .contains(PolicyId.ofResource("leave", "default", "acme"));
            assertThat(subject(PRINCIPAL + "  rules: 1\n")).contains(PolicyId.ofPrincipal("bob", "v", ""));
            assertThat(subject(ROLE + "  rules: 1\n")).contains(PolicyId.ofRole("nurse", "default", ""));
            assertThat(subject(ROLES + "  x: 1\n")).contains(PolicyId.ofDerivedRoles("r"));
            assertThat(subject(API + "exportVariables: {name: v, x: 1}\n")).contains(PolicyId.ofExportVariables("v"));
        }

        @Test
        void butNotWhileItCouldStillBeAnother() {
            assertThat(subject(resource("", "  scope: a..b\n"))).isEmpty();
            assertThat(subject(resource("", "  rules: [*x]\n"))).isEmpty();
            assertThat(subject(resource("", "").replace("default", "a b"))).isEmpty();
            assertThat(subject(API)).isEmpty();
        }

        @Test
        void ofTheirOwnDocumentOnly() {
            ParsedDocument parsed = yaml(resource("", "  x: 1\n") + "---\n" + ROLE + "  y: 1\n");

            assertThat(parsed.findings())
                    .extracting(Finding::policyId)
                    .containsExactly(
                            Optional.of(PolicyId.ofResource("leave", "default", "")),
                            Optional.of(PolicyId.ofRole("nurse", "default", "")));
        }
    }

    @Nested
    class Json {
        private static final String POLICY =
                "{\"apiVersion\": \"api.cerbos.dev/v1\",\r\n \"exportVariables\": {\"name\": \"é😀\", %s}}";

        @Test
        void hasLinesAndColumnsInCodePoints() {
            assertThat(findings(json(POLICY.formatted("\"x\": 1"))))
                    .containsExactly(
                            "p.json:2:30: error: SD-004 name 'é😀' is not valid, expected letters, digits, '_', '-' and '.'",
                            "p.json:2:36: error: SD-004 exportVariables has no field 'x', expected one of name, definitions");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"x\": 1,", "\"x\": tru", "x: 1", "'x': 1", "\"x\": 01", "/* x */", "\"x\": NaN"})
        void isReadStrictly(String field) {
            assertThat(json(POLICY.formatted(field)).findings())
                    .anyMatch(finding -> finding.code() == ErrorCode.PARSE_ERROR
                            && finding.place().line() == 2
                            && finding.message().startsWith("not valid JSON: "));
        }

        @Test
        void mayNotRepeatAKey() {
            assertThat(findings(json(POLICY.formatted("\"n\\u0061me\": \"b\""))))
                    .anyMatch(finding -> finding.startsWith(
                            "p.json:2:36: error: SD-003 the key 'name' is already given at line 2, column 22"));
        }

        @Test
        void knowsNoMergeKeys() {
            assertThat(findings(json(POLICY.formatted("\"<<\": {}"))))
                    .anyMatch(finding -> finding.contains("exportVariables has no field '<<'"));
        }
    }
}
