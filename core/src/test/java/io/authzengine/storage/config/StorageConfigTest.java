package io.authzengine.storage.config;

import static io.authzengine.storage.config.ConfigTexts.parse;
import static io.authzengine.storage.config.ConfigTexts.problemsOf;
import static io.authzengine.storage.config.ConfigTexts.refusal;
import static io.authzengine.storage.config.ConfigTexts.refusalLines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.authzengine.storage.driver.DriverConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageConfigTest {
    @Nested
    class Shape {
        @Test
        void has_the_driver_in_a_block_of_its_name() {
            StorageConfig config = parse("storage:\n  driver: git\n  git:\n    branch: main\n");

            assertThat(config.driverType()).isEqualTo("git");
            assertThat(config.driver().path()).isEqualTo("storage.git");
            assertThat(config.driver().text("type")).isEqualTo("git");
            assertThat(config.driver().text("branch")).isEqualTo("main");
            assertThat(config.driver().id()).isEmpty();
            assertThat(config.settings()).isEqualTo(StoreSettings.DEFAULT);
            assertThat(config.server()).isEmpty();
        }

        @Test
        void has_the_driver_amid_the_settings() {
            StorageConfig config = parse("storage: {type: git, id: team, branch: main, onInvalid: isolate}");

            assertThat(config.driverType()).isEqualTo("git");
            assertThat(config.driver().path()).isEqualTo("storage");
            assertThat(config.driver().id()).contains("team");
            assertThat(config.driver().text("branch")).isEqualTo("main");
            assertThat(config.settings().onInvalid()).isEqualTo(OnInvalid.ISOLATE);
        }

        @ParameterizedTest
        @CsvSource({
            "'storage: {driver: git, id: team, git: {}}'",
            "'storage: {driver: git, git: {id: team}}'",
            "'storage: {type: git, id: team}'",
        })
        void has_the_id_in_either_place(String yaml) {
            assertThat(parse(yaml).driver().id()).contains("team");
        }

        @ParameterizedTest
        @CsvSource({"'storage: {driver: memory}'", "'storage: {driver: memory, memory: }'", "'storage: {type: memory}'"
        })
        void needs_no_settings_of_the_driver(String yaml) {
            DriverConfig driver = parse(yaml).driver();
            assertThat(driver.text("type")).isEqualTo("memory");
            assertThatCode(driver::verify).doesNotThrowAnyException();
        }

        @Test
        void may_have_a_block_for_the_server() {
            StorageConfig config = parse("server: {listen: '127.0.0.1:0'}\nstorage: {type: git}");
            DriverConfig server = config.server().orElseThrow();

            assertThat(server.path()).isEqualTo("server");
            assertThat(server.text("listen")).isEqualTo("127.0.0.1:0");
            assertThatCode(server::verify).doesNotThrowAnyException();
        }

        @Test
        void gives_each_reader_settings_nobody_has_read() {
            StorageConfig config = parse("storage: {type: git, branch: main}");
            config.driver().reject("branch", "will not do");
            DriverConfig second = config.driver();
            second.text("branch");
            assertThatCode(second::verify).doesNotThrowAnyException();
        }

        @Test
        void shows_no_value() {
            StorageConfig config = StorageConfig.parse(
                    "storage: {type: \"${T}\", token: \"${T}\"}", "storage.yaml", Map.of("T", "s3cr3t"));
            assertThat(config).hasToString("storage at storage.yaml:1:10");
            assertThat(config.driver()).hasToString("storage at storage.yaml:1:10");
        }
    }

    @Nested
    class Contradictions {
        @Test
        void of_two_types_are_told() {
            assertThat(problemsOf("storage: {driver: git, type: shelf, boards: [a]}"))
                    .contains("storage.yaml:1:19: storage.driver: says the driver's type, and so does storage.type;"
                            + " leave out one of them");
            assertThat(problemsOf("storage: {driver: git, git: {type: shelf}}"))
                    .contains("storage.yaml:1:19: storage.driver: says the type, and so does storage.git.type;"
                            + " leave out the latter");
        }

        @Test
        void of_two_ids_are_told() {
            assertThat(problemsOf("storage: {driver: git, id: a, git: {id: b}}"))
                    .contains("storage.yaml:1:28: storage.id: names the driver, and so does storage.git.id;"
                            + " leave out one of them");
        }
    }

    @Nested
    class WhatIsMissing {
        @Test
        void may_be_the_storage_block() {
            assertThat(problemsOf("server: {}"))
                    .containsExactly(
                            "storage.yaml:1:1: storage: is missing; expected a block with the driver's settings");
        }

        @Test
        void may_be_the_driver() {
            assertThat(problemsOf("storage: {onInvalid: hold}"))
                    .containsExactly(
                            "storage.yaml:1:10: storage.driver: is missing; expected a text that is not empty");
            assertThat(problemsOf("storage:"))
                    .containsExactly("storage.yaml:1:9: storage.driver: is missing; expected a text that is not empty");
            assertThat(problemsOf("storage: {driver: , git: {}}"))
                    .containsExactly(
                            "storage.yaml:1:18: storage.driver: expected a text that is not empty, got nothing");
            assertThat(problemsOf("storage: {driver: '', git: {}}"))
                    .containsExactly("storage.yaml:1:19: storage.driver: expected a text that is not empty, got \"\"");
        }

        @Test
        void may_be_misspelt() {
            assertThat(problemsOf("storge: {type: git}"))
                    .containsExactly("storage.yaml:1:1: storge: unknown key; did you mean \"storage\"?");
            assertThat(problemsOf("storage: {drvier: git, git: {}}"))
                    .containsExactly("storage.yaml:1:11: storage.drvier: unknown key; did you mean \"driver\"?");
        }

        @Test
        void may_be_a_block_where_something_else_stands() {
            assertThat(problemsOf("storage: git"))
                    .containsExactly("storage.yaml:1:10: storage: expected a block of settings,"
                            + " as in \"storage: {key: value}\", got \"git\"");
            assertThat(problemsOf("storage: {driver: git, git: main}"))
                    .contains("storage.yaml:1:29: storage.git: expected a block of settings,"
                            + " as in \"git: {key: value}\", got \"main\"");
        }
    }

    @Nested
    class UnknownKeys {
        @Test
        void are_refused_at_the_top() {
            assertThat(problemsOf("storage: {type: shelf}\nservr: {}\nlogging: {}"))
                    .contains(
                            "storage.yaml:2:1: servr: unknown key; did you mean \"server\"?",
                            "storage.yaml:3:1: logging: unknown key; the keys here are server, storage");
        }

        @Test
        void are_refused_among_the_settings_of_the_store() {
            assertThat(problemsOf("storage: {driver: git, git: {}, onInvlid: hold, filesystem: {}, guard: {min: 1}}"))
                    .contains(
                            "storage.yaml:1:33: storage.onInvlid: unknown key; did you mean \"onInvalid\"?",
                            "storage.yaml:1:49: storage.filesystem: unknown key; the keys here are"
                                    + " cacheDir, driver, git, guard, hardAge, historyDir, id, initMode, maxVersionAge, maxVersions,"
                                    + " onHardAge, onInvalid, softAge, webhooks",
                            "storage.yaml:1:73: storage.guard.min: unknown key; the keys here are"
                                    + " agreeAfter, maxRemovedShare, minRemoved");
        }

        @Test
        void amid_the_driver_s_settings_are_left_to_the_driver_who_knows_the_store_s_too() {
            DriverConfig driver =
                    parse("storage: {type: git, brnch: main, maxVersion: 3}").driver();
            driver.text("branch", "main");
            assertThat(refusalLines(driver::verify))
                    .containsExactly(
                            "storage.yaml:1:22: storage.brnch: unknown key; did you mean \"branch\"?",
                            "storage.yaml:1:35: storage.maxVersion: unknown key; did you mean \"maxVersions\"?");
        }

        @Test
        void do_not_show_a_driver_type_from_the_environment() {
            assertThat(refusalLines(() -> StorageConfig.parse(
                            "storage: {driver: \"${T}\", x: 1}", "storage.yaml", Map.of("T", "s3cr3t"))))
                    .noneMatch(line -> line.contains("s3cr3t"))
                    .anyMatch(line -> line.contains("storage.x: unknown key"));
        }
    }

    @Nested
    class SettingsOfTheStore {
        @Test
        void are_read() {
            StorageConfig config = parse("""
                    storage:
                      driver: git
                      git: {}
                      onInvalid: quarantine
                      initMode: degraded
                      maxVersions: 25
                      maxVersionAge: 30d
                      guard:
                        maxRemovedShare: 0.2
                        minRemoved: 3
                        agreeAfter: 2m
                    """);

            assertThat(config.settings())
                    .isEqualTo(new StoreSettings(
                            OnInvalid.QUARANTINE,
                            InitMode.DEGRADED,
                            25,
                            Optional.of(Duration.ofDays(30)),
                            new StoreSettings.Guard(0.2, 3, Duration.ofMinutes(2)),
                            StoreSettings.Disk.NONE,
                            StoreSettings.DEFAULT.staleness(),
                            List.of()));
        }

        @Test
        void have_defaults() {
            StoreSettings settings = parse("storage: {type: git, guard: }").settings();

            assertThat(settings.onInvalid()).isEqualTo(OnInvalid.HOLD);
            assertThat(settings.initMode()).isEqualTo(InitMode.FAIL_FAST);
            assertThat(settings.maxVersions()).isEqualTo(10);
            assertThat(settings.guard().maxRemovedShare()).isEqualTo(0.5);
            assertThat(settings.guard().minRemoved()).isEqualTo(10);
            assertThat(settings.guard().agreeAfter()).isEqualTo(Duration.ofSeconds(20));
        }

        @Test
        void are_told_all_that_is_wrong_with_them_at_once() {
            assertThat(problemsOf("""
                            storage:
                              driver: git
                              git: {}
                              onInvalid: skip
                              initMode: FAIL_FAST
                              maxVersions: 0
                              guard:
                                maxRemovedShare: 50%
                                minRemoved: -1
                            """))
                    .contains(
                            "storage.yaml:4:14: storage.onInvalid: expected \"hold\" or \"isolate\" or \"quarantine\", got \"skip\"",
                            "storage.yaml:5:13: storage.initMode: expected \"fail-fast\" or \"degraded\", got \"FAIL_FAST\"",
                            "storage.yaml:6:16: storage.maxVersions: expected a whole number from 2 to 100000 such as 10, got \"0\"",
                            "storage.yaml:8:22: storage.guard.maxRemovedShare: expected a share from 0 to 1 such as 0.5, got \"50%\"",
                            "storage.yaml:9:17: storage.guard.minRemoved: expected a whole number from 0 to 2147483647 such as 10, got \"-1\"");
        }

        @Test
        void can_be_made_without_a_file() {
            StoreSettings settings = StoreSettings.DEFAULT
                    .withOnInvalid(OnInvalid.ISOLATE)
                    .withInitMode(InitMode.DEGRADED)
                    .withMaxVersions(3)
                    .withMaxVersionAge(Duration.ofHours(2))
                    .withGuard(new StoreSettings.Guard(1, 0, Duration.ofSeconds(1)));

            assertThat(settings)
                    .isEqualTo(new StoreSettings(
                            OnInvalid.ISOLATE,
                            InitMode.DEGRADED,
                            3,
                            Optional.of(Duration.ofHours(2)),
                            new StoreSettings.Guard(1, 0, Duration.ofSeconds(1)),
                            StoreSettings.Disk.NONE,
                            StoreSettings.DEFAULT.staleness(),
                            List.of()));
        }

        @Test
        void are_checked_without_a_file_too() {
            assertThatIllegalArgumentException().isThrownBy(() -> StoreSettings.DEFAULT.withMaxVersions(0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new StoreSettings.Guard(1.5, 0, Duration.ofSeconds(1)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new StoreSettings.Guard(Double.NaN, 0, Duration.ofSeconds(1)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new StoreSettings.Guard(0.5, -1, Duration.ofSeconds(1)));
        }
    }

    @Nested
    class FilesOnDisk {
        @TempDir
        private Path directory;

        @Test
        void are_where_relative_paths_start() throws IOException {
            Path file = Files.writeString(directory.resolve("s.yaml"), "storage: {type: git, id: \"${file:id.txt}\"}");
            Files.writeString(directory.resolve("id.txt"), "team\n");

            StorageConfig config = StorageConfig.load(file);
            assertThat(config.driver().id()).contains("team");
            assertThat(config.driver().resolve("policies/../more")).isEqualTo(directory.resolve("more"));
            assertThat(config.driver().resolve("/etc/authz")).isEqualTo(Path.of("/etc/authz"));
        }

        @Test
        void are_called_in_messages_what_the_caller_calls_them() throws IOException {
            Path file = Files.writeString(directory.resolve("s.yaml"), "storage: {type: git, id: ''}\nx: y");
            assertThat(refusalLines(() -> StorageConfig.load(file, Map.of())))
                    .contains(file + ":2:1: x: unknown key; the keys here are server, storage");
        }

        @Test
        void take_the_environment_they_are_given() throws IOException {
            Path file = Files.writeString(directory.resolve("s.yaml"), "storage: {type: \"${T}\"}");
            assertThat(StorageConfig.load(file, Map.of("T", "git")).driverType())
                    .isEqualTo("git");
        }

        @Test
        void that_cannot_be_read_are_named() throws IOException {
            Path gone = directory.resolve("gone.yaml");
            assertThat(refusalLines(() -> StorageConfig.load(gone)))
                    .containsExactly(gone + ": cannot be read: there is no such file");
            assertThat(refusalLines(() -> StorageConfig.load(directory)))
                    .containsExactly(directory + ": cannot be read: it is a directory");

            Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE4});
            assertThat(refusal(() -> StorageConfig.load(latin)))
                    .hasMessage(latin + ": cannot be read: it is not UTF-8 text")
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void all_problems_come_in_the_order_of_the_file_each_on_its_line() {
        ConfigException refusal = refusal(() -> parse("storage:\n  maxVersions: x\n  onInvalid: y\nz: 1\n"));

        assertThat(refusal.problems())
                .extracting(ConfigProblem::path)
                .containsExactly("storage.driver", "storage.maxVersions", "storage.onInvalid", "z");
        assertThat(refusal.problems())
                .extracting(problem -> problem.place().line())
                .containsExactly(2, 2, 3, 4);
        assertThat(refusal)
                .hasMessage(String.join(
                        "\n",
                        refusal.problems().stream().map(ConfigProblem::toString).toList()));
    }
}
