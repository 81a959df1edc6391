package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CopyAndInitTest {
    @TempDir
    private Path directory = Path.of("");

    @Nested
    final class Copy {
        private Policies from = new Policies(directory);
        private Path to = directory;

        private Cli.Result copy(Object... more) {
            from = new Policies(directory.resolve("from"))
                    .with("album.yaml", Policies.resource("album", "view"))
                    .with("photo.yaml", Policies.resource("photo", "view"));
            to = new Policies(directory.resolve("to")).config();
            Object[] args = new Object[3 + more.length];
            args[0] = "copy";
            args[1] = from.config();
            args[2] = to;
            System.arraycopy(more, 0, args, 3, more.length);
            return Cli.run(args);
        }

        @Test
        void saysWhatItWouldDoAndDoesNothing() {
            Cli.Result result = copy();
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("would be: 2 added, 0 modified", "--apply");
            assertThat(directory.resolve("to/policies")).doesNotExist();
        }

        @Test
        void doesItOnceAndIsThenDone() {
            assertThat(copy("--apply").out()).contains("copied: 2 added");
            assertThat(copy("--apply", "-o", "json").out()).contains("\"unchanged\" : 2", "\"applied\" : true");
            assertThat(copy().out()).contains("nothing to do");
            assertThat(Cli.run("list", to).out()).contains("resource.album.vdefault", "resource.photo.vdefault");
        }

        @Test
        void leavesWhatIsThereUnlessItIsToBeReplaced() {
            new Policies(directory.resolve("to")).with("old.yaml", Policies.resource("old", "view"));
            assertThat(copy("--apply").out()).contains("2 added, 0 modified, 0 deleted");
            assertThat(copy("--apply", "--replace").out()).contains("0 added, 0 modified, 1 deleted, 2 unchanged");
        }

        @Test
        void refusesASetThatWouldNotBeServed() {
            new Policies(directory.resolve("from")).with("broken.yaml", Policies.BROKEN);
            Cli.Result result = copy("--apply");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("error[SD-004]", "nothing was copied");
            assertThat(directory.resolve("to/policies")).doesNotExist();
        }

        @Test
        void namesWhatCanBeWrittenTo() {
            copy();
            Path web = new Policies(directory)
                    .write("web.yaml", "storage:\n  driver: http\n  http:\n    urls: [\"https://localhost/x.yaml\"]\n");
            Cli.Result result = Cli.run("copy", from.config(), web);
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("\"http\"", "database, filesystem");
        }
    }

    @Nested
    final class Init {
        @Test
        void writesWhatCanBeServedAtOnce() {
            Path place = directory.resolve("new");
            Cli.Result result = Cli.run("init", place, "--driver", "filesystem");
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("wrote ", "next: policyd validate");
            assertThat(Cli.run("validate", "--config", place.resolve("storage.yaml"))
                            .out())
                    .contains("2 files, 2 policies, 0 errors, 0 warnings");
        }

        @ParameterizedTest
        @CsvSource({
            "git,https://git.example.com/policies.git",
            "http,https://policies.example.com/a.tar.gz",
            "database,postgresql://u@localhost/authz"
        })
        void writesSettingsThatAreInOrder(String driver, String location) {
            assertThat(Cli.run("init", directory, "--driver", driver, "--location", location)
                            .code())
                    .isZero();
            Cli.Result result = Cli.run("copy", directory.resolve("storage.yaml"), directory.resolve("absent.yaml"));
            assertThat(result.err()).contains("absent.yaml").doesNotContain("storage.yaml:");
        }

        @Test
        void writesNoSamplesWherePoliciesAre() throws IOException {
            Path there = Files.createDirectories(directory.resolve("mine"));
            assertThat(Cli.run("init", directory, "--driver", "filesystem", "--location", there)
                            .code())
                    .isZero();
            assertThat(there).isEmptyDirectory();
        }

        @Test
        void writesNothingWhereNobodyAnswersItsQuestions() {
            InputStream terminal = System.in;
            System.setIn(InputStream.nullInputStream());
            try {
                Cli.Result result = Cli.run("init", directory);
                assertThat(result.code()).isEqualTo(2);
                assertThat(result.err()).contains("--driver");
                assertThat(directory).isEmptyDirectory();
            } finally {
                System.setIn(terminal);
            }
        }

        @Test
        void asksWhereThePoliciesAre() {
            InputStream terminal = System.in;
            System.setIn(
                    new ByteArrayInputStream("g\nhttps://git.example.com/p.git\n".getBytes(StandardCharsets.UTF_8)));
            try {
                Cli.Result result = Cli.run("init", directory);
                assertThat(result.code()).isZero();
                assertThat(result.out()).contains("Where are the policies?", "Which repository?");
                assertThat(directory.resolve("storage.yaml")).content().contains("https://git.example.com/p.git");
            } finally {
                System.setIn(terminal);
            }
        }

        @Test
        void overwritesNothing() throws IOException {
            Files.writeString(directory.resolve("storage.yaml"), "mine");
            Cli.Result result = Cli.run("init", directory, "--driver", "filesystem");
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("is there already");
            assertThat(directory.resolve("storage.yaml")).hasContent("mine");
            assertThat(directory.resolve("policies")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionKnowsTheCommands(String shell) {
        Cli.Result result = Cli.run("completion", shell);
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("complete -F", "rollback", "--token-file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "yaml"})
    void dataComesInFormsForPrograms(String format) {
        Policies policies = new Policies(directory).with("album.yaml", Policies.resource("album", "view"));
        for (String command : new String[] {"list", "plan"}) {
            assertThat(Cli.run(command, policies.config(), "-o", format).out()).contains("resource.album.vdefault");
        }
        assertThat(Cli.run("get", policies.config(), "resource.album.vdefault", "-o", format)
                        .out())
                .contains("contentHash");
        assertThat(Cli.run("validate", policies.path(), "-o", format).out()).contains("findings");
    }
}
