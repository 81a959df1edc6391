package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SamplePoliciesTest {
    private static ParsedDocument parse(String document) {
        DocumentOrigin origin = new DocumentOrigin("test", "sample.yaml", "", Optional.empty());
        return new PolicyParser(ParserLimits.DEFAULT).parse(document.getBytes(StandardCharsets.UTF_8), origin);
    }

    @Test
    void areValidAndOfTheirKind() {
        Map<String, PolicyId> samples = Map.of(
                SamplePolicies.resource("album"), SamplePolicies.resourceId("album"),
                SamplePolicies.resource("album", "20210210", "edit"), PolicyId.ofResource("album", "20210210", ""),
                SamplePolicies.resourceWithDerivedRoles("book", "1", "roles"), PolicyId.ofResource("book", "1", ""),
                SamplePolicies.derivedRoles("roles"), PolicyId.ofDerivedRoles("roles"),
                SamplePolicies.principal("alice", "1"), PolicyId.ofPrincipal("alice", "1", ""),
                SamplePolicies.role("guest", "1"), PolicyId.ofRole("guest", "1", ""),
                SamplePolicies.exportVariables("vars"), PolicyId.ofExportVariables("vars"),
                SamplePolicies.exportConstants("consts"), PolicyId.ofExportConstants("consts"));
        samples.forEach((document, id) -> {
            ParsedDocument parsed = parse(document);
            assertThat(parsed.findings()).as(document).isEmpty();
            assertThat(parsed.policies()).as(document).extracting(Policy::id).containsExactly(id);
        });
    }

    @Test
    void exceptTheBrokenOne() {
        assertThat(parse(SamplePolicies.broken()).hasErrors()).isTrue();
    }
}
