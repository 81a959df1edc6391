package io.authzengine.storage.config;

import static io.authzengine.storage.config.ConfigTexts.block;
import static io.authzengine.storage.config.ConfigTexts.refusalLines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.authzengine.storage.driver.DriverConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigBlockTest {
    private enum Mood {
        CALM,
        VERY_CROSS
    }

    private static List<String> problems(String yaml, Consumer<DriverConfig> reading) {
        ConfigBlock block = block(yaml);
        reading.accept(block);
        return refusalLines(block::verify);
    }

    private static void accepted(ConfigBlock block) {
        assertThatCode(block::verify).doesNotThrowAnyException();
    }

    @Nested
    class Texts {
        @Test
        void are_what_the_file_says_whatever_else_it_could_mean() {
            ConfigBlock block = block("a: on\nb: 0777\nc: 1.10\nd: 'null'\ne: 2024-01-01");

            assertThat(List.of(block.text("a"), block.text("b"), block.text("c"), block.text("d"), block.text("e")))
                    .containsExactly("on", "0777", "1.10", "null", "2024-01-01");
            accepted(block);
        }

        @Test
        void may_be_absent_or_have_a_fallback() {
            ConfigBlock block = block("a: x\nempty: ''");

            assertThat(block.optionalText("a")).contains("x");
            assertThat(block.optionalText("b")).isEmpty();
            assertThat(block.text("b", "main")).isEqualTo("main");
            assertThat(block.text("a", "main")).isEqualTo("x");
            assertThat(block.text("empty", "main")).isEmpty();
            accepted(block);
        }

        @Test
        void that_must_be_there_are_missed() {
            assertThat(problems("a: 1", config -> {
                        config.text("a");
                        config.text("repository");
                    }))
                    .containsExactly("storage.yaml:1:1: repository: is missing; expected a text that is not empty");
        }

        @Test
        void that_must_be_there_are_not_empty() {
            assertThat(problems("a: '  '", config -> config.text("a")))
                    .containsExactly("storage.yaml:1:4: a: expected a text that is not empty, got \"  \"");
        }

        @Test
        void are_neither_a_list_nor_a_block_nor_nothing() {
            assertThat(problems("a: [x]\nb: {c: d}\nc:\nd: ~", config -> {
                        config.text("a");
                        config.text("b", "x");
                        config.optionalText("c");
                        config.optionalText("d");
                    }))
                    .containsExactly(
                            "storage.yaml:1:4: a: expected a text that is not empty, got a list",
                            "storage.yaml:2:4: b: expected a text, got a block of settings",
                            "storage.yaml:3:3: c: expected a text, got nothing",
                            "storage.yaml:4:4: d: expected a text, got nothing");
        }
    }

    @Nested
    class Ids {
        @Test
        void may_be_given_or_not() {
            ConfigBlock block = block("id: main policies");

            assertThat(block.id()).contains("main policies");
            assertThat(block("a: b").id()).isEmpty();
            accepted(block);
        }

        @Test
        void are_not_empty() {
            assertThat(problems("id: ''", DriverConfig::id))
                    .containsExactly("storage.yaml:1:5: id: expected a name that is not empty, got \"\"");
        }
    }

    @Nested
    class Secrets {
        @Test
        void may_be_absent() {
            ConfigBlock block = block("token: ${T}", Map.of("T", "hush"));

            assertThat(block.secret("token")).contains("hush");
            assertThat(block.secret("other")).isEmpty();
            accepted(block);
        }

        @Test
        void that_are_empty_are_refused_by_their_expression() {
            ConfigBlock block = block("token: ${T}", Map.of("T", ""));

            assertThat(block.secret("token")).isEmpty();
            assertThat(refusalLines(block::verify))
                    .containsExactly("storage.yaml:1:8: token: expected a text that is not empty, got \"${T}\"");
        }

        @Test
        void are_not_shown_even_if_the_file_has_them() {
            assertThat(problems("token: s3cr3t", config -> {
                        config.secret("token");
                        config.reject("token", "is too short");
                    }))
                    .containsExactly("storage.yaml:1:8: token: is too short");
        }

        @Test
        void from_the_environment_are_not_shown_by_any_getter() {
            ConfigBlock block = block(
                    "a: ${S}\nb: ${S}\nc: ${S}\nd: ${S}\ne: ${S}\nf: ${S}\ng: ${S}\nh: ${S}", Map.of("S", "s3cr3t"));
            block.flag("a", true);
            block.number("b", 1, 0, 9);
            block.duration("c", Duration.ofSeconds(1), ChronoUnit.SECONDS);
            block.choice("d", Mood.class, Mood.CALM);
            block.section("e");
            block.sections("f");
            block.text("g");
            block.reject("g", "is no URL");
            block.share("h", 0.5);

            List<String> lines = refusalLines(block::verify);
            assertThat(lines).hasSize(8).allSatisfy(line -> assertThat(line).endsWith(", got \"${S}\""));
            assertThat(block.toString()).doesNotContain("s3cr3t");
        }
    }

    @Nested
    class ListsOfTexts {
        @Test
        void may_be_written_as_a_single_text() {
            ConfigBlock block = block("a: [x, 'y z', on]\nb: single");

            assertThat(block.texts("a")).containsExactly("x", "y z", "on");
            assertThat(block.texts("b")).containsExactly("single");
            assertThat(block.texts("c", List.of("d"))).containsExactly("d");
            accepted(block);
        }

        @Test
        void may_be_empty_only_where_they_have_a_fallback() {
            ConfigBlock block = block("exclude: []");

            assertThat(block.texts("exclude", List.of("x"))).isEmpty();
            accepted(block);
            assertThat(problems("paths: []", config -> config.texts("paths")))
                    .containsExactly(
                            "storage.yaml:1:8: paths: expected at least one text, and none of them empty, got an empty list");
        }

        @Test
        void that_must_be_there_are_missed() {
            assertThat(problems("a: ''", config -> {
                        config.texts("a");
                        config.texts("paths");
                    }))
                    .containsExactly(
                            "storage.yaml:1:1: paths: is missing; expected a list of texts, as in [\"first\", \"second\"]",
                            "storage.yaml:1:4: a: expected at least one text, and none of them empty, got \"\"");
        }

        @Test
        void hold_texts_only() {
            assertThat(problems("a:\n  - [x]\n  - y\n  -\nb: {c: d}", config -> {
                        config.texts("a");
                        config.texts("b", List.of());
                    }))
                    .containsExactly(
                            "storage.yaml:2:5: a[0]: expected a text, got a list",
                            "storage.yaml:4:4: a[2]: expected a text, got nothing",
                            "storage.yaml:5:4: b: expected a list of texts, as in [\"first\", \"second\"], got a block of settings");
        }
    }

    @Nested
    class Flags {
        @ParameterizedTest
        @CsvSource({"true,true", "True,true", "TRUE,true", "false,false", "False,false", "FALSE,false"})
        void are_true_or_false(String written, boolean meant) {
            assertThat(block("a: " + written).flag("a", !meant)).isEqualTo(meant);
        }

        @Test
        void have_a_fallback() {
            assertThat(block("a: b").flag("b", true)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"yes", "on", "1", "tRue"})
        void are_nothing_else(String written) {
            assertThat(problems("a: " + written, config -> config.flag("a", false)))
                    .containsExactly("storage.yaml:1:4: a: expected true or false, got \"" + written + "\"");
        }
    }

    @Nested
    class WholeNumbers {
        @ParameterizedTest
        @CsvSource({"0,0", "-3,-3", "+7,7", "65535,65535", "'\"12\"',12"})
        void are_decimal(String written, long meant) {
            assertThat(block("a: " + written).number("a", 99, -10, 65535)).isEqualTo(meant);
        }

        @Test
        void have_a_fallback() {
            assertThat(block("a: b").number("b", 5432, 1, 65535)).isEqualTo(5432);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "65536", "5.4", "0777", "0x10", "1_000", "many", "99999999999999999999999"})
        void are_within_their_range(String written) {
            assertThat(problems("port: " + written, config -> config.number("port", 5432, 1, 65535)))
                    .containsExactly(
                            "storage.yaml:1:7: port: expected a whole number from 1 to 65535 such as 5432, got \""
                                    + written + "\"");
        }

        @Test
        void may_have_no_upper_bound() {
            assertThat(problems("a: -1", config -> config.number("a", 1, 0, Long.MAX_VALUE)))
                    .containsExactly(
                            "storage.yaml:1:4: a: expected a whole number of at least 0 such as 1, got \"-1\"");
        }
    }

    @Nested
    class Shares {
        @ParameterizedTest
        @CsvSource({"0,0", "1,1", "0.25,0.25", "1.0,1"})
        void are_from_0_to_1(String written, double meant) {
            assertThat(block("a: " + written).share("a", 0.5)).isEqualTo(meant);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1.1", "-0.5", "50%", ".5", "NaN", "1e-3"})
        void are_nothing_else(String written) {
            ConfigBlock block = block("a: " + written);
            assertThat(block.share("a", 0.5)).isEqualTo(0.5);
            assertThat(refusalLines(block::verify))
                    .containsExactly(
                            "storage.yaml:1:4: a: expected a share from 0 to 1 such as 0.5, got \"" + written + "\"");
        }
    }

    @Nested
    class TimeSpans {
        private static final Duration SECOND = Duration.ofSeconds(1);

        @ParameterizedTest
        @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "1h,PT1H", "1d,PT24H", "1500,PT1.5S", "0001s,PT1S"})
        void are_a_number_and_a_unit(String written, Duration meant) {
            assertThat(block("a: " + written).duration("a", SECOND, ChronoUnit.MILLIS))
                    .isEqualTo(meant);
        }

        @Test
        void take_a_bare_number_in_the_unit_of_the_key() {
            assertThat(block("a: 60").duration("a", SECOND, ChronoUnit.SECONDS)).isEqualTo(Duration.ofMinutes(1));
        }

        @Test
        void have_a_fallback_or_may_be_absent() {
            ConfigBlock block = block("a: 5s");
            assertThat(block.duration("b", SECOND, ChronoUnit.MILLIS)).isEqualTo(SECOND);
            assertThat(block.optionalDuration("b", ChronoUnit.SECONDS)).isEmpty();
            assertThat(block.optionalDuration("a", ChronoUnit.SECONDS)).contains(Duration.ofSeconds(5));
        }

        @ParameterizedTest
        @ValueSource(strings = {"soon", "0", "0s", "-5s", "1.5s", "5 s", "5S", "99999999999d", "36501d", "1w"})
        void are_nothing_else(String written) {
            ConfigBlock block = block("watchDebounce: " + written);
            assertThat(block.duration("watchDebounce", SECOND, ChronoUnit.MILLIS))
                    .isEqualTo(SECOND);
            assertThat(refusalLines(block::verify))
                    .containsExactly(
                            "storage.yaml:1:16: watchDebounce: expected a time span such as \"1000\" (milliseconds),"
                                    + " \"500ms\" or \"2s\", got \"" + written + "\"");
        }

        @Test
        void are_shown_by_examples_in_the_unit_of_the_key() {
            assertThat(problems("a: x\nb: x", config -> {
                        config.duration("a", Duration.ofSeconds(45), ChronoUnit.SECONDS);
                        config.duration("b", Duration.ofMillis(45), ChronoUnit.SECONDS);
                    }))
                    .containsExactly(
                            "storage.yaml:1:4: a: expected a time span such as \"45\" (seconds), \"30s\" or \"5m\", got \"x\"",
                            "storage.yaml:2:4: b: expected a time span such as \"60\" (seconds), \"30s\" or \"5m\", got \"x\"");
        }
    }

    @Nested
    class Choices {
        @Test
        void are_names_in_lower_case_with_dashes() {
            ConfigBlock block = block("a: very-cross\nb: calm");
            assertThat(block.choice("a", Mood.class, Mood.CALM)).isEqualTo(Mood.VERY_CROSS);
            assertThat(block.choice("b", Mood.class, Mood.VERY_CROSS)).isEqualTo(Mood.CALM);
            assertThat(block.choice("c", Mood.class, Mood.VERY_CROSS)).isEqualTo(Mood.VERY_CROSS);
            accepted(block);
        }

        @ParameterizedTest
        @ValueSource(strings = {"CALM", "very_cross", "angry"})
        void are_nothing_else(String written) {
            assertThat(problems("a: " + written, config -> config.choice("a", Mood.class, Mood.CALM)))
                    .containsExactly(
                            "storage.yaml:1:4: a: expected \"calm\" or \"very-cross\", got \"" + written + "\"");
        }
    }

    @Nested
    class Blocks {
        @Test
        void know_their_path() {
            ConfigBlock block = block("auth: {user: u}\ndrivers: [{type: a}, {type: b}]");

            DriverConfig auth = block.section("auth").orElseThrow();
            assertThat(auth.path()).isEqualTo("auth");
            assertThat(auth.text("user")).isEqualTo("u");
            assertThat(block.sections("drivers"))
                    .extracting(DriverConfig::path)
                    .containsExactly("drivers[0]", "drivers[1]");
            assertThat(block.sections("drivers"))
                    .extracting(child -> child.text("type"))
                    .containsExactly("a", "b");
            accepted(block);
        }

        @Test
        void may_be_absent_or_empty() {
            ConfigBlock block = block("auth:\nlist: []");

            assertThat(block.section("auth").orElseThrow().text("x", "y")).isEqualTo("y");
            assertThat(block.section("other")).isEmpty();
            assertThat(block.sections("list")).isEmpty();
            assertThat(block.sections("other")).isEmpty();
            accepted(block);
        }

        @Test
        void come_back_as_the_same_so_that_they_remember_what_was_read() {
            ConfigBlock block = block("auth: {user: u, pass: p}");
            block.section("auth").orElseThrow().text("user");
            block.section("auth").orElseThrow().text("pass");
            accepted(block);
        }

        @Test
        void are_verified_with_the_block_they_are_in() {
            assertThat(problems("auth: {port: x}\ndrivers: [{port: y}, 7]", config -> {
                        config.section("auth").orElseThrow().number("port", 1, 0, 9);
                        config.sections("drivers").get(0).number("port", 1, 0, 9);
                    }))
                    .containsExactly(
                            "storage.yaml:1:14: auth.port: expected a whole number from 0 to 9 such as 1, got \"x\"",
                            "storage.yaml:2:18: drivers[0].port: expected a whole number from 0 to 9 such as 1, got \"y\"",
                            "storage.yaml:2:22: drivers[1]: expected a block of settings, got \"7\"");
        }

        @Test
        void are_no_texts_and_no_lists() {
            assertThat(problems("a: text\nb: [c]\nc: text\nd: {}\ne:", config -> {
                        config.section("a");
                        config.section("b");
                        config.sections("c");
                        config.sections("d");
                        config.sections("e");
                    }))
                    .containsExactly(
                            "storage.yaml:1:4: a: expected a block of settings, as in \"a: {key: value}\", got \"text\"",
                            "storage.yaml:2:4: b: expected a block of settings, as in \"b: {key: value}\", got a list",
                            "storage.yaml:3:4: c: expected a list of blocks, each beginning with \"- \", got \"text\"",
                            "storage.yaml:4:4: d: expected a list of blocks, each beginning with \"- \", got a block of settings",
                            "storage.yaml:5:3: e: expected a list of blocks, each beginning with \"- \", got nothing");
        }

        @Test
        void of_a_list_may_name_their_driver_in_either_way() {
            ConfigBlock block =
                    block("drivers:\n  - driver: git\n    id: team\n    git: {branch: b}\n  - {type: git, branch: c}");

            List<DriverConfig> drivers = block.sections("drivers");
            assertThat(drivers).extracting(driver -> driver.text("type")).containsExactly("git", "git");
            assertThat(drivers).extracting(driver -> driver.text("branch")).containsExactly("b", "c");
            assertThat(drivers).extracting(DriverConfig::id).containsExactly(Optional.of("team"), Optional.empty());
            assertThat(drivers).extracting(DriverConfig::path).containsExactly("drivers[0].git", "drivers[1]");
            accepted(block);
        }

        @Test
        void of_a_list_hold_nothing_beside_the_driver_they_name() {
            assertThat(problems(
                            "l: [{driver: git, git: {}, branch: x}]",
                            config -> config.sections("l").get(0).text("type")))
                    .containsExactly("storage.yaml:1:28: l[0].branch: unknown key; the keys here are driver, git, id");
        }
    }

    @Nested
    class UnknownKeys {
        @Test
        void are_told_with_the_nearest_that_is_not_there_yet() {
            assertThat(problems("wathc: true\nPATHS: [a]\nrecursive: true\nrecursiv: false", config -> {
                        config.flag("watch", true);
                        config.texts("paths");
                        config.flag("recursive", true);
                    }))
                    .containsExactly(
                            "storage.yaml:1:1: wathc: unknown key; did you mean \"watch\"?",
                            "storage.yaml:2:1: PATHS: unknown key; did you mean \"paths\"?",
                            "storage.yaml:4:1: recursiv: unknown key; the keys here are paths, recursive, watch");
        }

        @Test
        void are_told_in_blocks_within_too() {
            assertThat(problems("auth: {tokn: x}\nlist: [{a: 1}]", config -> {
                        config.section("auth").orElseThrow().optionalText("token");
                        config.sections("list");
                    }))
                    .containsExactly(
                            "storage.yaml:1:8: auth.tokn: unknown key; did you mean \"token\"?",
                            "storage.yaml:2:9: list[0].a: unknown key; there are no settings here");
        }

        @Test
        void are_not_told_where_the_type_that_decides_is_wrong() {
            assertThat(problems("auth: {type: tokn, credentials: {token: x}}", config -> {
                        DriverConfig auth = config.section("auth").orElseThrow();
                        auth.choice("type", Mood.class, Mood.CALM);
                        auth.section("credentials");
                    }))
                    .containsExactly("storage.yaml:1:14: auth.type: expected \"calm\" or \"very-cross\", got \"tokn\"");
        }

        @Test
        void that_mean_the_missing_type_are_told_even_so() {
            assertThat(problems("typ: git\nbranch: main", config -> config.text("type")))
                    .containsExactly("storage.yaml:1:1: typ: unknown key; did you mean \"type\"?");
        }
    }

    @Nested
    class Rejections {
        @Test
        void are_told_with_the_place_and_what_the_file_says() {
            assertThat(problems("url: ftp://x", config -> {
                        config.text("url");
                        config.reject("url", "expected an address that begins with https://");
                    }))
                    .containsExactly(
                            "storage.yaml:1:6: url: expected an address that begins with https://, got \"ftp://x\"");
        }

        @Test
        void of_an_absent_key_are_told_at_the_block() {
            assertThat(problems("a: {b: c}", config -> {
                        DriverConfig a = config.section("a").orElseThrow();
                        a.text("b");
                        a.reject("user", "is needed with b");
                    }))
                    .containsExactly("storage.yaml:1:4: a.user: is needed with b");
        }

        @Test
        void of_a_stand_in_are_not_told() {
            assertThat(problems("a: x", config -> {
                        config.number("a", 0, 0, 9);
                        config.reject("a", "must be even");
                        config.text("b");
                        config.reject("b", "is no URL");
                    }))
                    .containsExactly(
                            "storage.yaml:1:1: b: is missing; expected a text that is not empty",
                            "storage.yaml:1:4: a: expected a whole number from 0 to 9 such as 0, got \"x\"");
        }

        @Test
        void show_long_and_many_lined_texts_short_and_on_one_line() {
            assertThat(problems("a: \"one\\ntwo" + "x".repeat(200) + '"', config -> config.flag("a", true)))
                    .singleElement()
                    .asString()
                    .contains("got \"one two")
                    .endsWith("x…\"")
                    .hasSizeLessThan(150);
        }
    }

    @Test
    void paths_start_at_the_working_directory_if_there_is_no_file() {
        ConfigBlock block = block("a: b");
        assertThat(block.resolve("x/../y"))
                .isEqualTo(Path.of("").toAbsolutePath().resolve("y"));
        assertThat(block.resolve("/etc/y")).isEqualTo(Path.of("/etc/y"));
    }
}
