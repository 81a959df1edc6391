package io.authzengine.storage.config;

import static io.authzengine.storage.config.ConfigTexts.problemsOf;
import static io.authzengine.storage.config.ConfigTexts.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpolationTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOST", "db", "PORT", "5432", "NONE", "", "ODD", "${HOST}");

    @TempDir
    private Path directory;

    private Optional<String> replace(String raw, List<String> problems) {
        return Interpolation.installed(ENVIRONMENT, directory).replace(raw, problems::add);
    }

    private String replaced(String raw) {
        List<String> problems = new ArrayList<>();
        Optional<String> value = replace(raw, problems);
        assertThat(problems).isEmpty();
        return value.orElseThrow();
    }

    private List<String> problems(String raw) {
        List<String> problems = new ArrayList<>();
        assertThat(replace(raw, problems)).isEmpty();
        return problems;
    }

    @Nested
    class Variables {
        @ParameterizedTest
        @CsvSource({
            "plain,plain",
            "${HOST},db",
            "jdbc://${HOST}:${PORT}/x,jdbc://db:5432/x",
            "${NONE},''",
            "${HOST:-other},db",
            "${GONE:-other},other",
            "${NONE:-other},other",
            "${GONE:-},''",
            "${GONE:-a:-b},a:-b",
            "$HOST,$HOST",
            "a$,a$",
            "$${HOST},${HOST}",
            "$${HOST}${HOST},${HOST}db",
            "${HOST}$${,db${",
            "${ODD},${HOST}",
        })
        void are_replaced(String raw, String value) {
            assertThat(replaced(raw)).isEqualTo(value);
        }

        @Test
        void that_are_not_set_are_named_all_at_once() {
            assertThat(problems("${USER_X}:${PASSWORD_X}@${HOST}"))
                    .containsExactly(
                            "the environment variable USER_X is not set; set it, or give a default as in ${USER_X:-default}",
                            "the environment variable PASSWORD_X is not set; set it, or give a default as in ${PASSWORD_X:-default}");
        }

        @Test
        void are_told_with_key_and_place_across_the_file() {
            assertThat(problemsOf("""
                            storage:
                              type: shelf
                              user: ${SHELF_USER}
                              boards: [a, "${SHELF_BOARD}"]
                            server:
                              listen: "${HOST}:${PORT}"
                            """))
                    .contains(
                            "storage.yaml:3:9: storage.user: the environment variable SHELF_USER is not set;"
                                    + " set it, or give a default as in ${SHELF_USER:-default}",
                            "storage.yaml:4:15: storage.boards[1]: the environment variable SHELF_BOARD is not set;"
                                    + " set it, or give a default as in ${SHELF_BOARD:-default}",
                            "storage.yaml:6:11: server.listen: the environment variable HOST is not set;"
                                    + " set it, or give a default as in ${HOST:-default}",
                            "storage.yaml:6:11: server.listen: the environment variable PORT is not set;"
                                    + " set it, or give a default as in ${PORT:-default}");
        }

        @ParameterizedTest
        @CsvSource({"${}", "${A B}", "${1A}", "${A-default}", "${:-x}", "${File:/x}"})
        void have_names_of_letters_digits_and_underscores(String raw) {
            assertThat(problems(raw))
                    .containsExactly(
                            raw
                                    + ": expected ${NAME}, ${NAME:-default} or ${file:/path}; write '$${' if it is meant as it stands");
        }

        @Test
        void end_in_a_brace() {
            assertThat(problems("a${HOST"))
                    .containsExactly("'${' without a '}' after it; write '$${' if it is meant as it stands");
        }

        @Test
        void have_defaults_without_variables() {
            assertThat(problems("${A:-${B}}")).containsExactly("${A:-…}: a default cannot hold another '${'");
        }
    }

    @Nested
    class FilesWithSecrets {
        @ParameterizedTest
        @CsvSource({
            "'hush\n','hush'",
            "'hush\r\n','hush'",
            "'hush\n\n','hush\n'",
            "'hush','hush'",
            "'',''",
            "' ä ',' ä '"
        })
        void give_their_content_without_the_last_newline(String content, String value) throws IOException {
            Path file = Files.writeString(directory.resolve("secret"), content);
            assertThat(replaced("${file:" + file + "}")).isEqualTo(value);
        }

        @Test
        void may_stand_beside_the_configuration() throws IOException {
            Files.writeString(directory.resolve("secret"), "hush");
            assertThat(replaced("<${file:secret}>")).isEqualTo("<hush>");
        }

        @Test
        void that_are_not_there_are_named() {
            Path file = directory.resolve("gone");
            assertThat(problems("${file:" + file + "}"))
                    .containsExactly("${file:" + file + "}: cannot read " + file + ": there is no such file");
        }

        @Test
        void are_no_directories() {
            assertThat(problems("${file:" + directory + "}"))
                    .containsExactly("${file:" + directory + "}: cannot read " + directory + ": it is a directory");
        }

        @Test
        void hold_text() throws IOException {
            Files.write(directory.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
            assertThat(problems("${file:binary}")).singleElement().asString().endsWith("binary: it is not UTF-8 text");
        }

        @Test
        void are_small() throws IOException {
            Files.writeString(directory.resolve("large"), "x".repeat(TextFile.MAX_BYTES + 1));
            assertThat(problems("${file:large}"))
                    .singleElement()
                    .asString()
                    .endsWith("large: it is larger than 1048576 bytes");
        }

        @Test
        void have_a_path() {
            assertThat(problems("${file:\0}")).singleElement().asString().endsWith("this is no path");
        }
    }

    @Nested
    class SecretManagers {
        /** Knows one secret. */
        private record Vault(String scheme) implements SecretResolver {
            @Override
            public String resolve(String reference) throws IOException {
                if (!reference.equals("db/user:name")) {
                    throw new IOException("the vault has no " + reference);
                }
                return "hush";
            }
        }

        private final Interpolation interpolation =
                new Interpolation(Map.of(), List.of(new Vault("vault"), new Vault("safe")));

        @Test
        void are_asked_by_scheme() {
            assertThat(interpolation.replace("${vault:db/user:name}", problem -> {}))
                    .contains("hush");
        }

        @Test
        void say_why_they_have_no_value() {
            List<String> problems = new ArrayList<>();
            assertThat(interpolation.replace("${vault:x} ${cloud:y}", problems::add))
                    .isEmpty();
            assertThat(problems)
                    .containsExactly(
                            "${vault:x}: the vault has no x",
                            "${cloud:y}: nothing resolves \"cloud\"; there are safe, vault");
        }

        @Test
        void do_not_share_a_scheme() {
            List<SecretResolver> twice = List.of(new Vault("vault"), new Vault("vault"));
            assertThatThrownBy(() -> new Interpolation(Map.of(), twice))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("\"vault\"")
                    .hasMessageContaining(Vault.class.getName() + " and " + Vault.class.getName());
        }
    }

    @Test
    void a_value_is_never_taken_as_yaml() {
        StorageConfig config = StorageConfig.parse(
                "storage:\n  type: shelf\n  a: ${X}\n  b: \"${X}\"\n  c: |-\n    <${X}>\n",
                "storage.yaml",
                Map.of("X", "1\nonInvalid: quarantine # [*x"));

        assertThat(config.settings().onInvalid()).isEqualTo(OnInvalid.HOLD);
        assertThat(config.driver().text("a")).isEqualTo("1\nonInvalid: quarantine # [*x");
        assertThat(config.driver().text("b")).isEqualTo("1\nonInvalid: quarantine # [*x");
        assertThat(config.driver().text("c")).isEqualTo("<1\nonInvalid: quarantine # [*x>");
    }

    @Test
    void a_key_is_never_replaced() {
        ConfigBlock block = ConfigTexts.block("\"${HOST}\": x", ENVIRONMENT);
        assertThat(refusal(block::verify)).hasMessageContaining("${HOST}: unknown key");
    }
}
