package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ValidateCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private Policies policies = new Policies(Path.of(System.getProperty("java.io.tmpdir")));

    @BeforeEach
    void someGoodPolicies() {
        policies = new Policies(directory).with("album.yaml", Policies.resource("album", "view"));
    }

    @Nested
    final class WhatIsRight {
        @Test
        void passesWithASummary() {
            Cli.Result result = Cli.run("validate", policies.path());
            assertThat(result.out()).isEqualTo("1 file, 1 policy, 0 errors, 0 warnings\n");
            assertThat(result.code()).isZero();
        }

        @Test
        void mayBeNamedFileByFile() {
            policies.with("photo.yaml", Policies.resource("photo", "view"));
            Cli.Result result = Cli.run(
                    "validate",
                    policies.path().resolve("album.yaml"),
                    policies.path().resolve("photo.yaml"));
            assertThat(result.out()).isEqualTo("2 files, 2 policies, 0 errors, 0 warnings\n");
        }

        @Test
        void mayBeEmpty() {
            policies.with("empty.yaml", "");
            Cli.Result result = Cli.run("validate", policies.path().resolve("empty.yaml"));
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).contains("warning[").endsWith("1 file, 0 policies, 0 errors, 1 warning\n");
            assertThat(result.code()).isZero();
        }

        @Test
        void mayLieInDirectoriesWithOddNames() throws IOException {
            String name = "it's \"odd\" ${HOME} \\ ü 😀 # {x}";
            // Under a locale such as POSIX, Java has no names but ASCII's.
            boolean all = Charset.forName(System.getProperty("sun.jnu.encoding"))
                    .newEncoder()
                    .canEncode(name);
            Path odd = Files.createDirectories(directory.resolve(all ? name : name.replaceAll("[^\\p{ASCII}]", "_")));
            Files.copy(policies.path().resolve("album.yaml"), odd.resolve("album.yaml"));
            Cli.Result result = Cli.run("validate", odd);
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).isEqualTo("1 file, 1 policy, 0 errors, 0 warnings\n");
        }

        @Test
        void isWhatTheQuickstartIs() {
            Path quickstart = Path.of(System.getProperty("policyd.quickstart", "../examples/quickstart"));
            Cli.Result result = Cli.run("validate", quickstart.resolve("policies"));
            assertThat(result.out()).isEqualTo("8 files, 8 policies, 0 errors, 0 warnings\n");
        }
    }

    @Nested
    final class WhatIsWrong {
        @Test
        void isShownWithPlaceLineMarkReasonAndFix() {
            policies.with("broken.yaml", Policies.BROKEN);
            Cli.Result result = Cli.run("validate", policies.path());
            String file = policies.path().resolve("broken.yaml").toString();
            assertThat(result.out())
                    .contains(file + ":5:3: error[SD-004]: ")
                    .contains("5 |   colour: blue\n")
                    .contains("  |   ^\n")
                    .contains("= note: a store serves all of a change or nothing of it")
                    .endsWith("2 files, 1 policy, 1 error, 0 warnings\n");
            assertThat(result.code()).isEqualTo(1);
        }

        @Test
        void mayBeWhatPoliciesReferTo() {
            policies.with(
                    "photo.yaml",
                    Policies.resource("photo", "view")
                            .replace("  version: default", "  version: default\n  importDerivedRoles: [nowhere]"));
            Cli.Result result = Cli.run("validate", policies.path());
            assertThat(result.out())
                    .contains("error[SD-004]: ")
                    .contains("derived_roles.nowhere")
                    .contains("= help: ");
            assertThat(result.code()).isEqualTo(1);
        }

        @Test
        void mayBeRightAmongOtherFiles() {
            policies.with(
                    "photo.yaml",
                    Policies.resource("photo", "view")
                            .replace("  version: default", "  version: default\n  importDerivedRoles: [nowhere]"));
            String hint = "validate the whole directory if it is defined in another file";
            assertThat(Cli.run("validate", policies.path().resolve("photo.yaml"))
                            .out())
                    .contains(hint);
            assertThat(Cli.run("validate", policies.path()).out()).doesNotContain(hint);
        }

        @Test
        void isFoundInTheRightFileOfOneThatHoldsSeveralDocuments() {
            policies.with(
                    "two.yaml",
                    Policies.resource("photo", "view") + "---\n"
                            + Policies.resource("film", "view")
                                    .replace("  version: default", "  version: default\n  scope: a.b"));
            Cli.Result result = Cli.run("validate", policies.path());
            assertThat(result.out()).contains("two.yaml:").doesNotContain("two.yaml#");
            assertThat(result.code()).isEqualTo(1);
        }

        @Test
        void isToldToProgramsInOneStableForm() throws JsonProcessingException {
            policies.with("broken.yaml", Policies.BROKEN);
            Cli.Result result = Cli.run("validate", policies.path(), "--output", "json");
            JsonNode json = new ObjectMapper().readTree(result.out());
            assertThat(json.fieldNames())
                    .toIterable()
                    .containsExactly("findings", "files", "policies", "errors", "warnings");
            JsonNode finding = json.path("findings").path(0);
            assertThat(finding.fieldNames())
                    .toIterable()
                    .containsExactly("file", "line", "column", "severity", "code", "message", "fix", "policyId");
            assertThat(finding.path("file").asText()).endsWith("broken.yaml");
            assertThat(finding.path("line").asInt()).isEqualTo(5);
            assertThat(finding.path("column").asInt()).isEqualTo(3);
            assertThat(finding.path("severity").asText()).isEqualTo("error");
            assertThat(finding.path("code").asText()).isEqualTo("SD-004");
            assertThat(json.path("errors").asInt()).isEqualTo(1);
            assertThat(result.code()).isEqualTo(1);
        }

        @Test
        void doesNotReachTheTerminalWithItsControlCharacters() {
            policies.with("broken.yaml", Policies.BROKEN.replace("blue", "\"\u202e\""));
            Cli.Result result = Cli.run("validate", policies.path());
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).doesNotContain("\u202e").doesNotContain("\u001b");
        }
    }

    @Nested
    final class AConfiguration {
        @Test
        void isFollowedToItsPolicies() {
            policies.with("broken.yaml", Policies.BROKEN);
            Cli.Result result = Cli.run("validate", "--config", policies.config());
            assertThat(result.out())
                    .contains("policies/broken.yaml:5:3: error[SD-004]")
                    .contains("5 |   colour: blue");
            assertThat(result.code()).isEqualTo(1);
        }

        @Test
        void thatLeadsNowhereIsTheBackendsFault() {
            policies.write("storage.yaml", Policies.config("").replace("[policies]", "[elsewhere]"));
            Cli.Result result = Cli.run("validate", "--config", policies.config());
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("SD-007").doesNotContain("\tat ");
        }
    }

    @Nested
    final class AMisuse {
        @Test
        void isToGiveNothing() {
            assertThat(Cli.run("validate").code()).isEqualTo(2);
        }

        @Test
        void isToGiveBothPathsAndAConfiguration() {
            assertThat(Cli.run("validate", policies.path(), "--config", policies.config())
                            .code())
                    .isEqualTo(2);
        }

        @Test
        void isToNameWhatIsNotThere() {
            Cli.Result result = Cli.run("validate", policies.path().resolve("absent"));
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("There is no file or directory").contains("absent");
        }

        @Test
        void isToldToProgramsToo() throws JsonProcessingException {
            Cli.Result result = Cli.run("validate", policies.path().resolve("absent"), "--output", "json");
            assertThat(result.code()).isEqualTo(2);
            JsonNode json = new ObjectMapper().readTree(result.out());
            assertThat(json.fieldNames()).toIterable().containsExactly("error");
            assertThat(json.path("error").asText()).contains("There is no file or directory");
        }

        @Test
        void isToGiveAConfigurationAsIfItWereAPolicy() {
            Path commented = policies.write("commented.yaml", "# Mine.\n\n" + Policies.config(""));
            for (Path config : new Path[] {policies.config(), commented}) {
                Cli.Result result = Cli.run("validate", config);
                assertThat(result.code()).isEqualTo(1);
                assertThat(result.err()).contains(config + " looks like a configuration; use --config");
            }
        }

        @Test
        void isToHaveNothingChecked() throws IOException {
            Path empty = Files.createDirectories(directory.resolve("empty"));
            Cli.Result result = Cli.run("validate", empty);
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("nothing was checked");
        }
    }
}
