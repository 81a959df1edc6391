package io.authzengine.storage.parser;

import static io.authzengine.storage.parser.Parsing.findings;
import static io.authzengine.storage.parser.Parsing.fixture;
import static io.authzengine.storage.parser.Parsing.json;
import static io.authzengine.storage.parser.Parsing.only;
import static io.authzengine.storage.parser.Parsing.parse;
import static io.authzengine.storage.parser.Parsing.resource;
import static io.authzengine.storage.parser.Parsing.valid;
import static io.authzengine.storage.parser.Parsing.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.policy.Policy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipleDocumentsTest {
    private static final String POLICY = resource("", "");

    @Test
    void areNumberedAndKeepTheirOwnText() {
        List<Policy> policies = valid(parse(fixture("invoices.yaml"), "invoices.yaml"));

        assertThat(policies)
                .extracting(Policy::toString)
                .containsExactly(
                        "derived_roles.invoice_roles from invoices.yaml#1",
                        "resource.invoice.vdefault from invoices.yaml#2");
        assertThat(policies)
                .extracting(policy -> policy.metadata().provenance().line())
                .containsExactly(1, 12);
        assertThat(policies.get(0).raw().toString())
                .startsWith("# Invoices, and who")
                .endsWith("parentRoles: [accountant]\n");
        assertThat(policies.get(1).raw().toString())
                .startsWith("---\napiVersion")
                .endsWith("roles: [*guest]\n");
    }

    @Test
    void theTextOfEachParsesAloneToTheSame() {
        for (Policy policy : valid(parse(fixture("invoices.yaml"), "invoices.yaml"))) {
            Policy alone = only(parse(policy.raw().toByteArray(), "alone.yaml"));

            assertThat(alone.content()).isEqualTo(policy.content());
            assertThat(alone.metadata().contentHash())
                    .isEqualTo(policy.metadata().contentHash());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"---\n%s", "%s---\n", "%s...\n", "---\n---\n%s---\n# end\n", "# a\n---\n# b\n---\n%s"})
    void emptyOnesDoNotCount(String frame) {
        String text = frame.replace("%s", POLICY);
        Policy policy = only(yaml(text));

        assertThat(policy.metadata().source()).isEqualTo("p.yaml");
        assertThat(policy.raw().toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n", "# nothing\n", "---\n", "---\n---\n", "--- # nothing\n...\n"})
    void aLocationWithoutAnyIsAWarning(String text) {
        ParsedDocument document = yaml(text);

        assertThat(document.policies()).isEmpty();
        assertThat(document.hasErrors()).isFalse();
        assertThat(findings(document)).singleElement().asString().contains("p.yaml: warning: ", "no policy");
    }

    @Test
    void anEmptyJsonFileIsAWarningToo() {
        assertThat(json(" \n").hasErrors()).isFalse();
        assertThat(findings(json(""))).singleElement().asString().contains("warning");
    }

    @Test
    void anInvalidOneLeavesTheOthers() {
        ParsedDocument document =
                yaml(POLICY + "---\n" + POLICY.replace("leave", "\"*\"") + "---\n" + POLICY.replace("leave", "trip"));

        assertThat(document.policies())
                .extracting(Policy::toString)
                .containsExactly("resource.leave.vdefault from p.yaml#1", "resource.trip.vdefault from p.yaml#3");
        assertThat(findings(document)).singleElement().asString().startsWith("p.yaml:8:13: error: SD-004 ");
    }

    @Test
    void abrokenGrammarEndsTheLocationButNotWhatCameBefore() {
        ParsedDocument document = yaml(POLICY + "---\n" + POLICY + "  rules: [\n---\n" + POLICY);

        assertThat(document.policies())
                .extracting(Policy::toString)
                .containsExactly("resource.leave.vdefault from p.yaml#1");
        assertThat(findings(document))
                .singleElement()
                .asString()
                .startsWith("p.yaml:11:1: error: SD-003 not valid YAML");
    }

    @Test
    void jsonHoldsOne() {
        String policy = "{\"apiVersion\":\"api.cerbos.dev/v1\",\"exportVariables\":{\"name\":\"v\"}}";

        assertThat(valid(json(policy + "\n"))).hasSize(1);
        assertThat(findings(json(policy + "\n" + policy)))
                .singleElement()
                .asString()
                .startsWith("p.json:2:1: error: SD-003 a JSON file holds one document");
        assertThat(findings(json(policy + " x"))).singleElement().asString().startsWith("p.json:1:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null\n", "~\n", "\"\"\n", "hello\n", "- a\n", "7\n"})
    void aDocumentThatIsNoMappingIsAnError(String text) {
        assertThat(findings(yaml(text)))
                .singleElement()
                .asString()
                .startsWith("p.yaml:1:1: error: SD-004 a policy document must be a mapping, found ");
    }
}
