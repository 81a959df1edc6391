package io.authzengine.storage.parser;

import static io.authzengine.storage.parser.Parsing.API;
import static io.authzengine.storage.parser.Parsing.fixture;
import static io.authzengine.storage.parser.Parsing.json;
import static io.authzengine.storage.parser.Parsing.only;
import static io.authzengine.storage.parser.Parsing.parse;
import static io.authzengine.storage.parser.Parsing.resource;
import static io.authzengine.storage.parser.Parsing.rule;
import static io.authzengine.storage.parser.Parsing.valid;
import static io.authzengine.storage.parser.Parsing.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.ExportVariables;
import io.authzengine.storage.policy.Imports;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.RolePolicy;
import io.authzengine.storage.policy.Schemas;
import io.authzengine.storage.policy.ScopePermissions;
import io.authzengine.storage.policy.Value;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyParserTest {
    private static <T extends PolicyContent> T content(String fixture, Class<T> type) {
        Policy policy = only(parse(fixture(fixture), fixture));
        assertThat(policy.content()).isInstanceOf(type);
        assertThat(policy.id()).isEqualTo(policy.content().id());
        assertThat(policy.kind()).isEqualTo(policy.content().kind());
        return type.cast(policy.content());
    }

    @Nested
    class EachKindIsRead {
        @Test
        void aResourcePolicyWithEverything() {
            ResourcePolicy leave = content("leave_request.yaml", ResourcePolicy.class);

            assertThat(leave.id()).isEqualTo(new PolicyId("resource.hr_leave_request.v20210210/acme.emea"));
            assertThat(leave.header().description()).isEqualTo("Requests for leave.\nOwner: people operations\n");
            assertThat(leave.header().annotations())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("owner", "people-ops", "reviewed", "2025-11-03"));
            assertThat(leave.header().variables()).containsEntry("legacy", "R.attr.legacy == true");
            assertThat(leave.scopePermissions()).isEqualTo(ScopePermissions.REQUIRE_PARENTAL_CONSENT_FOR_ALLOWS);
            assertThat(leave.imports().ids())
                    .extracting(PolicyId::value)
                    .containsExactly(
                            "derived_roles.hr_roles",
                            "derived_roles.common_roles.v2",
                            "export_variables.hr_variables",
                            "export_constants.hr_constants");
            assertThat(leave.variables().local()).containsEntry("is_short", "R.attr.days <= C.max_days");
            assertThat(leave.schemas())
                    .isEqualTo(new Schemas(
                            Optional.of(new Schemas.Ref("cerbos:///principal.json", List.of())),
                            Optional.of(
                                    new Schemas.Ref("cerbos:///leave_request.json", List.of("create", "delete:*")))));
        }

        @Test
        void theRulesOfAResourcePolicy() {
            List<ResourcePolicy.Rule> rules =
                    content("leave_request.yaml", ResourcePolicy.class).rules();

            assertThat(rules).hasSize(3);
            ResourcePolicy.Rule first = rules.get(0);
            assertThat(first.name()).isEqualTo("owner-may.view@v1");
            assertThat(first.actions()).containsExactly("view:*", "comment");
            assertThat(first.effect()).isEqualTo(Effect.ALLOW);
            assertThat(first.derivedRoles()).containsExactly("owner");
            assertThat(first.condition()).contains(new Condition.Expression("V.is_owner"));
            assertThat(first.output().orElseThrow().conditionNotMet()).contains("\"not the owner\"");
            assertThat(rules.get(1).roles()).containsExactly("manager", "team lead");
            assertThat(rules.get(1).condition())
                    .contains(new Condition.All(List.of(
                            new Condition.Expression("V.is_short"),
                            new Condition.AnyOf(List.of(
                                    new Condition.Expression("R.attr.region == P.attr.region"),
                                    new Condition.NoneOf(List.of(new Condition.Expression("P.attr.suspended"))))))));
            assertThat(rules.get(2).effect()).isEqualTo(Effect.DENY);
            assertThat(rules.get(2).output().orElseThrow().expression()).contains("\"denied\"");
        }

        @Test
        void constantsByTheCoreSchema() {
            assertThat(content("leave_request.yaml", ResourcePolicy.class)
                            .constants()
                            .local())
                    .isEqualTo(Map.of(
                            "max_days", new Value.Num(5),
                            "ratio", new Value.Num(0.5),
                            "label", new Value.Text("no"),
                            "quoted", new Value.Text("12"),
                            "open", new Value.Bool(true),
                            "nothing", Value.NULL,
                            "countries",
                                    new Value.Array(
                                            List.of(new Value.Text("DE"), new Value.Text("NO"), new Value.Text("NL"))),
                            "limits", new Value.Struct(Map.of("day", new Value.Num(1), "week", new Value.Num(5)))));
        }

        @Test
        void aPrincipalPolicy() {
            PrincipalPolicy auditor = content("auditor.yaml", PrincipalPolicy.class);

            assertThat(auditor.id()).isEqualTo(PolicyId.ofPrincipal("auditor@acme.example", "default", "acme"));
            assertThat(auditor.scopePermissions()).isEqualTo(ScopePermissions.OVERRIDE_PARENT);
            assertThat(auditor.rules()).hasSize(2);
            assertThat(auditor.rules().get(0).resource()).isEqualTo("finance:ledger");
            assertThat(auditor.rules().get(0).actions().get(0).name()).isEqualTo("read-ledger");
            assertThat(auditor.rules().get(0).actions().get(1))
                    .isEqualTo(
                            new PrincipalPolicy.Action("", "post:*", Effect.DENY, Optional.empty(), Optional.empty()));
        }

        @Test
        void aRolePolicyWhoseVersionIsDefaultIfNoneIsWritten() {
            RolePolicy nurse = content("nurse.yaml", RolePolicy.class);

            assertThat(nurse.id()).isEqualTo(PolicyId.ofRole("ward nurse", "default", "clinic.ward-7"));
            assertThat(nurse.parentRoles()).containsExactly("nurse", "employee");
            assertThat(nurse.imports()).isEqualTo(Imports.NONE);
            assertThat(nurse.rules()).hasSize(2);
            assertThat(nurse.rules().get(0).allowActions()).containsExactly("read", "annotate");
        }

        @Test
        void derivedRoles() {
            DerivedRoles roles = content("hr_roles.yaml", DerivedRoles.class);

            assertThat(roles.definitions())
                    .containsExactly(
                            new DerivedRoles.Definition(
                                    "owner",
                                    List.of("employee"),
                                    Optional.of(new Condition.Expression("R.attr.owner == P.id"))),
                            new DerivedRoles.Definition("any-manager", List.of("*"), Optional.empty()));
        }

        @Test
        void exportedVariablesAndConstants() {
            assertThat(content("hr_variables.yaml", ExportVariables.class).definitions())
                    .containsEntry("is_manager", "\"manager\" in P.roles")
                    .hasSize(2);
            assertThat(content("hr_constants.yaml", ExportConstants.class).definitions())
                    .containsEntry("octal", new Value.Num(15))
                    .containsEntry("word", new Value.Text("yes"))
                    .containsEntry("forced", new Value.Text("12"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"nurse", "hr_constants"})
        void jsonSaysTheSameAsYaml(String name) {
            PolicyContent yaml =
                    only(parse(fixture(name + ".yaml"), name + ".yaml")).content();
            PolicyContent json =
                    only(parse(fixture(name + ".json"), name + ".JSON")).content();

            assertThat(json).isEqualTo(yaml);
        }
    }

    @Nested
    class TheDeclaredTypeDecides {
        @ParameterizedTest
        @ValueSource(
                strings = {"20210210", "yes", "no", "on", "true", "0777", "0x1F", "1e3", "1_000", "'v1'", "\"v1\""})
        void whatStandsInATextPlaceIsTheTextAsWritten(String written) {
            Policy policy = only(yaml(API + "resourcePolicy:\n  resource: leave\n  version: " + written + "\n"));

            assertThat(policy.metadata().version()).isEqualTo(written.replaceAll("['\"]", ""));
        }

        @Test
        void rolesAreTextsToo() {
            ResourcePolicy policy = (ResourcePolicy)
                    only(yaml(rule("").replace("[employee]", "[no, 12:30:45, 2025-01-01, 0777, true]")))
                            .content();

            assertThat(policy.rules().get(0).roles()).containsExactly("no", "12:30:45", "2025-01-01", "0777", "true");
        }

        @Test
        void aNumberWithAPointIsRefusedAndTheQuotesAreNamed() {
            ParsedDocument document = yaml(resource("description: 1.0\n", ""));

            assertThat(document.policies()).isEmpty();
            assertThat(Parsing.findings(document))
                    .singleElement()
                    .asString()
                    .startsWith("p.yaml:2:14: error: ")
                    .contains("put it in quotes");
        }

        @Test
        void nothingInATextPlaceCountsAsNotWritten() {
            PolicyContent content =
                    only(yaml(resource("description:\n", "  scope: ~\n"))).content();

            assertThat(content.header().description()).isEmpty();
            assertThat(content.scope()).isEmpty();
        }

        @Test
        void numbersAndTruthValuesOfJsonAreTextsInATextPlace() {
            assertThat(only(json("{\"apiVersion\":\"api.cerbos.dev/v1\",\"resourcePolicy\":"
                                    + "{\"resource\":true,\"version\":20210210}}"))
                            .id())
                    .isEqualTo(PolicyId.ofResource("true", "20210210", ""));
        }

        @Test
        void blockAndFoldedTextsAreUnderstood() {
            assertThat(only(yaml(resource("", "  scope: >-\n    acme\n")))
                            .content()
                            .scope())
                    .isEqualTo("acme");
        }
    }

    @Nested
    class Metadata {
        @Test
        void saysWhereAPolicyCameFrom() throws Exception {
            byte[] bytes = fixture("auditor.yaml");
            Instant modified = Instant.parse("2026-01-02T03:04:05Z");
            Policy policy = only(new PolicyParser(ParserLimits.DEFAULT)
                    .parse(bytes, new DocumentOrigin("git", "a/auditor.yaml", "c0ffee", Optional.of(modified))));

            assertThat(policy.metadata().provenance().driverId()).isEqualTo("git");
            assertThat(policy.metadata().provenance().location()).isEqualTo("a/auditor.yaml");
            assertThat(policy.metadata().provenance().line()).isEqualTo(1);
            assertThat(policy.metadata().provenance().revision()).isEqualTo("c0ffee");
            assertThat(policy.metadata().lastModified()).contains(modified);
            assertThat(policy.metadata().name()).isEqualTo("auditor@acme.example");
            assertThat(policy.metadata().scope()).isEqualTo("acme");
            assertThat(policy.raw().toByteArray()).isEqualTo(bytes);
            assertThat(policy.metadata().contentHash())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }

        @Test
        void aPolicyThatIsSwitchedOffIsCheckedAndLeftOut() {
            assertThat(valid(yaml(resource("disabled: true\n", "")))).isEmpty();
            assertThat(yaml(resource("disabled: true\n", "  rulez: []\n")).hasErrors())
                    .isTrue();
        }
    }

    @Nested
    class AliasesAreResolved {
        @Test
        void scalarsSequencesAndMappings() {
            ResourcePolicy invoice = (ResourcePolicy) valid(parse(fixture("invoices.yaml"), "invoices.yaml"))
                    .get(1)
                    .content();

            assertThat(invoice.rules().get(1).actions()).containsExactly("pay", "schedule");
            assertThat(invoice.rules().get(3).roles()).containsExactly("guest");
            assertThat(invoice.rules().get(2))
                    .isEqualTo(new ResourcePolicy.Rule(
                            "again",
                            List.of("pay", "schedule"),
                            Effect.ALLOW,
                            List.of(),
                            List.of("payer"),
                            Optional.empty(),
                            Optional.empty()));
        }

        @Test
        void anAnchorIsKnownInItsOwnDocumentOnly() {
            String first = rule("").replace("[view]", "&a [view]");

            assertThat(Parsing.findings(yaml(first + "---\n" + rule("").replace("[view]", "*a"))))
                    .singleElement()
                    .asString()
                    .startsWith("p.yaml:15:16: error: SD-003 the alias '*a' names an anchor that is not defined");
        }

        @Test
        void anAliasMayBeAKey() {
            String keys = "metadata:\n  annotations:\n    owner: &k team\n    *k : people\n";

            assertThat(only(yaml(resource(keys, ""))).content().header().annotations())
                    .containsEntry("team", "people");
        }
    }

    @Nested
    class EquivalentSpellings {
        @ParameterizedTest
        @CsvSource({"SCOPE_PERMISSIONS_UNSPECIFIED,UNSPECIFIED", "SCOPE_PERMISSIONS_OVERRIDE_PARENT,OVERRIDE_PARENT"})
        void scopePermissions(String written, ScopePermissions read) {
            assertThat(((ResourcePolicy) only(yaml(resource("", "  scopePermissions: " + written + "\n")))
                                    .content())
                            .scopePermissions())
                    .isEqualTo(read);
        }

        @Test
        void windowsLineEnds() {
            assertThat(only(yaml(rule("").replace("\n", "\r\n"))).content())
                    .isEqualTo(only(yaml(rule(""))).content());
        }

        @Test
        void yamlInFlowStyleIsJsonWithLessFuss() {
            assertThat(only(yaml("{\"apiVersion\": api.cerbos.dev/v1, resourcePolicy: {resource: a, version: v}}"))
                            .id())
                    .isEqualTo(PolicyId.ofResource("a", "v", ""));
        }
    }
}
