package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init",
                "serve",
                "validate",
                "plan",
                "list",
                "get",
                "explain",
                "watch",
                "health",
                "history",
                "diff",
                "rollback",
                "pin",
                "unpin",
                "confirm",
                "reload",
                "why-slow",
                "copy",
                "database",
                "faults",
                "completion"
            })
    void helpOfEachCommandHasExamplesAndExitCodes(String command) {
        Cli.Result result = Cli.run(command, "--help");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("Usage: policyd " + command)
                .contains("Examples:", "  policyd " + command)
                .contains("Exit codes:", "cannot be reached", "143", "SIGTERM");
    }

    @Test
    void helpOfAllListsTheCommands() {
        assertThat(Cli.run("--help").out())
                .contains("serve", "validate", "list", "get", "watch", "database", "Exit codes:");
    }

    @Test
    void versionNamesTheDriversThatAreInstalled() {
        Cli.Result result = Cli.run("--version");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("policyd ", "Java ", "drivers: ").contains("filesystem");
    }

    @Test
    void nothingAtAllIsAMisuse() {
        Cli.Result result = Cli.run();
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("Missing command").contains("policyd --help");
    }

    @Test
    void aSlipOfThePenIsAnsweredWithWhatWasMeant() {
        Cli.Result result = Cli.run("validat");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("validate");
    }

    @Nested
    final class Configuration {
        @ParameterizedTest
        @ValueSource(strings = {"serve", "list", "watch", "plan"})
        void thatIsNotThereIsNamed(String command) {
            Cli.Result result = Cli.run(command, directory.resolve("absent.yaml"));
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err())
                    .contains("absent.yaml")
                    .contains("cannot be read")
                    .doesNotContain("\tat ");
        }

        @Test
        void hasAllItsProblemsToldOneALine() {
            Policies policies = new Policies(directory);
            policies.write(
                    "storage.yaml",
                    Policies.config("  onInvalid: perhaps\n  maxVersions: none\n") + "server:\n  listen: here\n");
            Cli.Result result = Cli.run("serve", policies.config());
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err().lines())
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(line -> line.contains("storage.yaml:"));
            assertThat(result.err())
                    .contains("onInvalid", "maxVersions", "server.listen")
                    .doesNotContain("\tat ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"list", "get", "watch", "validate"})
        void isCheckedAlsoWhereItIsNotUsed(String command) {
            Policies policies = new Policies(directory).with("album.yaml", Policies.resource("album", "view"));
            policies.write("storage.yaml", Policies.config("") + "server:\n  lisen: here\n  listen: here\n");
            Cli.Result result = command.equals("validate")
                    ? Cli.run(command, "--config", policies.config())
                    : command.equals("get")
                            ? Cli.run(command, policies.config(), "resource.album.vdefault")
                            : Cli.run(command, policies.config());
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("server.lisen", "server.listen", "HOST:PORT");
        }

        @Test
        void hasThoseOfServerAndDriverToldTogether() {
            Policies policies = new Policies(directory);
            policies.write(
                    "storage.yaml",
                    Policies.config("").replace("watchQuietPeriod: 20ms", "watchQuietPeriod: soon")
                            + "server:\n  listen: here\n  colour: blue\n");
            Cli.Result result = Cli.run("serve", policies.config());
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("server.listen", "server.colour", "watchQuietPeriod");
        }

        @Test
        void showsTheStackTraceToWhoAsksForIt() {
            Cli.Result result = Cli.run("list", directory.resolve("absent.yaml"), "--debug");
            assertThat(result.err()).contains("\tat ").contains("cannot be read");
        }
    }

    @Test
    void whatNobodyForesawIsSaidInOneLine() {
        java.io.StringWriter err = new java.io.StringWriter();
        int code = Failures.tell(new IllegalStateException("odd"), new java.io.PrintWriter(err, true), false);
        assertThat(code).isEqualTo(3);
        assertThat(err.toString())
                .contains("unexpected failure")
                .contains("odd")
                .contains("--debug");
        assertThat(Files.exists(directory)).isTrue();
    }
}
