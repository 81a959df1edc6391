package io.authzengine.storage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyIdTest {
    @Test
    void idsHaveTheFormOfCerbos() {
        assertThat(PolicyId.ofResource("leave_request", "default", "").value())
                .isEqualTo("resource.leave_request.vdefault");
        assertThat(PolicyId.ofResource("leave_request", "20210210", "acme.hr").value())
                .isEqualTo("resource.leave_request.v20210210/acme.hr");
        assertThat(PolicyId.ofPrincipal("ana", "default", "").value()).isEqualTo("principal.ana.vdefault");
        assertThat(PolicyId.ofRole("auditor", "default", "acme").value()).isEqualTo("role.auditor.vdefault/acme");
        assertThat(PolicyId.ofDerivedRoles("common").value()).isEqualTo("derived_roles.common");
        assertThat(PolicyId.ofExportVariables("common").value()).isEqualTo("export_variables.common");
        assertThat(PolicyId.ofExportConstants("common").value()).isEqualTo("export_constants.common");
    }

    @ParameterizedTest
    @CsvSource({
        "leave:request, leave_request",
        "hr:leave-request@v2, hr_leave_request_v2",
        "a/b--c, a_b_c",
        "a.b_c1, a.b_c1",
        "1a:b, 1a:b",
        "a:1b, a:1b",
        "a b, a b",
        "a:, a:",
        "*, *",
        "é:a, é:a",
    })
    void namesAreWrittenAsCerbosWritesThemInItsKeys(String name, String key) {
        assertThat(PolicyId.ofDerivedRoles(name).value()).isEqualTo("derived_roles." + key);
    }

    @Test
    void idsAreNeverEmptyAndAreOrderedByTheirText() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicyId(""));
        assertThat(new PolicyId("a")).isLessThan(new PolicyId("b"));
    }
}
