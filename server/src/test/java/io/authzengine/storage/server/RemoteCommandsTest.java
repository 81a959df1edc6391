package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that ask a policyd that runs. */
final class RemoteCommandsTest {
    private static final String VERSIONS = """
            {"current": 3, "items": [
              {"number": 3, "digest": "c", "createdAt": "2026-03-01T10:00:00Z", "cause": "rollback", "comment": "too much",
               "author": "ada", "policies": 4, "rolledBackTo": 1, "changes": {"added": 0, "modified": 2, "deleted": 1}},
              {"number": 2, "digest": "b", "createdAt": "2026-03-01T09:00:00Z", "cause": "poll", "policies": 5,
               "changes": {"added": 1, "modified": 2, "deleted": 0}}]}
            """;

    @TempDir
    private Path directory = Path.of("");

    private FakePolicyd policyd = none();

    private static FakePolicyd none() {
        try {
            return new FakePolicyd();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void answers() {
        policyd.with("GET /api/versions", VERSIONS);
    }

    @Test
    void whySlowSaysWhereTheTimeWent() {
        policyd.with("GET /api/reloads", """
                {"last": {"endedAt": "2026-03-01T10:00:00Z", "cause": "poll", "outcome": "served", "version": 3, "tookMillis": 2000.0,
                  "waitedMillis": 100.0, "phases": [
                    {"phase": "list", "driver": "git", "tookMillis": 300.0, "items": 80, "of": "total"},
                    {"phase": "read", "driver": "git", "tookMillis": 1500.5, "items": 80, "of": "total"},
                    {"phase": "parse", "driver": "git", "tookMillis": 200.0, "items": 80, "of": "read"},
                    {"phase": "gates", "driver": null, "tookMillis": 99.5, "items": null, "of": "total"},
                    {"phase": "tell", "driver": null, "tookMillis": 12.0, "items": null, "of": "afterwards"}]},
                 "underWay": {"done": 3, "total": 80},
                 "lastError": {"code": "SD-001", "message": "refused", "at": "2026-03-01T10:00:00Z"}}
                """);
        Cli.Result result = run("why-slow");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("version 3 was served after 2.00 s (poll, 2026-03-01T10:00:00Z)")
                .containsPattern("(?m)^read +1.50 s +75 % +80 +git$")
                .containsPattern("(?m)^  parse, meanwhile +200.0 ms +80 +git$")
                .containsPattern("(?m)^tell, afterwards +12.0 ms$")
                .containsPattern("(?m)^waiting +100.0 ms +5 %$")
                .contains("longest: fetching documents", "reading now: 3 of 80 documents", "failed: SD-001 refused");
        assertThat(run("why-slow", "--output", "json").out()).contains("\"tookMillis\" : 2000.0");
    }

    @Test
    void whySlowTellsParsingFromReadingAndARefusalFromAnUpdate() {
        policyd.with("GET /api/reloads", """
                {"last": {"endedAt": "2026-03-01T10:00:00Z", "cause": "poll", "outcome": "refused", "version": 3, "tookMillis": 20.0,
                  "waitedMillis": 0.0, "phases": [
                    {"phase": "read", "driver": "git", "tookMillis": 15.0, "items": 80, "of": "total"},
                    {"phase": "parse", "driver": "git", "tookMillis": 14.0, "items": 80, "of": "read"}]},
                 "underWay": null, "lastError": null}
                """);
        assertThat(run("why-slow").out()).contains("version 3 stayed", "refused", "longest: parsing documents");
    }

    @Test
    void whySlowHasNothingToSayBeforeTheFirstLoad() {
        policyd.with("GET /api/reloads", "{\"last\": null, \"underWay\": null, \"lastError\": null}");
        Cli.Result result = run("why-slow");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualToNormalizingNewlines("nothing was loaded yet\n");
    }

    @AfterEach
    void close() {
        policyd.close();
    }

    private Cli.Result run(Object... args) {
        List<Object> all = new ArrayList<>(List.of(args));
        all.add("--server");
        all.add(policyd.url());
        return Cli.run(all.toArray());
    }

    @Nested
    final class History {
        @Test
        void showsVersionsWithWhatChangedAndWhy() {
            Cli.Result result = run("history");
            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .contains("* 3", "~2 -1", "back to 1: too much", "ada")
                    .contains("+1 ~2");
        }

        @Test
        void showsTheOneOfAMoment() {
            policyd.with(
                    "GET /api/as-of?at=2026-03-01T09:30:00Z",
                    "{\"number\": 2, \"createdAt\": \"2026-03-01T09:00:00Z\", \"policies\": 5, \"cause\": \"poll\"}");
            assertThat(run("history", "--at", "2026-03-01T09:30:00Z").out()).contains("2026-03-01T09:00:00Z", "poll");
        }

        @Test
        void isTheSameInJsonAndYaml() {
            assertThat(run("history", "-o", "json").out()).contains("\"rolledBackTo\" : 1");
            assertThat(run("history", "-o", "yaml").out()).contains("rolledBackTo: 1", "current: 3");
        }
    }

    @Nested
    final class Diff {
        @Test
        void showsWhatCameWentAndChanged() {
            policyd.with("GET /api/diff?from=1&to=current&policy=a%2Fb", """
                    {"from": 1, "to": 3, "added": [{"policyId": "new", "source": "n.yaml"}], "deleted": [{"policyId": "old"}],
                     "modified": [{"policyId": "a/b", "source": "m.yaml", "text": "@@ -1 +1 @@\\n-x\\n+y\\u001b\\n"}]}
                    """);
            Cli.Result result = run("diff", "1", "--policy", "a/b");
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("+ new  n.yaml", "~ a/b  m.yaml", "- old", "@@ -1 +1 @@\n-x\n+y");
            assertThat(result.out()).as("nothing can move the cursor").doesNotContain("\u001b");
        }

        @Test
        void saysThatThereIsNone() {
            policyd.with("GET /api/diff?from=1&to=2", "{\"added\": [], \"modified\": [], \"deleted\": []}");
            assertThat(run("diff", "1", "2").out()).contains("no difference");
        }

        @Test
        void failsForAVersionThatIsForgotten() {
            policyd.refusing(
                    "GET /api/diff?from=1&to=current",
                    404,
                    "{\"code\": \"VERSION_NOT_FOUND\", \"detail\": \"version 1 is not remembered\"}");
            Cli.Result result = run("diff", "1");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("version 1 is not remembered", "VERSION_NOT_FOUND");
        }
    }

    @Nested
    final class Rollback {
        @BeforeEach
        void answers() {
            policyd.with(
                    "POST /api/rollback",
                    "{\"from\": 3, \"to\": 2, \"version\": 4, \"policies\": 5, \"changes\": {\"added\": [{\"policyId\": \"x\"}]}}");
        }

        @Test
        void servesAnEarlierVersion() {
            Cli.Result result = run("rollback", "2", "--reason", "broken", "--author", "ada");
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("+ x", "version 2 is served again, as version 4 with 5 policies");
            assertThat(policyd.last().body()).isEqualTo("{\"version\":2,\"reason\":\"broken\",\"author\":\"ada\"}");
        }

        @Test
        void canBeTriedFirst() {
            assertThat(run("rollback", "previous", "--reason", "broken", "--dry-run")
                            .out())
                    .contains("nothing was done");
            assertThat(policyd.last().body()).contains("\"version\":\"previous\"", "\"dryRun\":true");
        }

        @Test
        void wantsAVersionAndAReason() {
            assertThat(run("rollback", "last", "--reason", "x").code()).isEqualTo(2);
            assertThat(run("rollback", "2").err()).contains("--reason");
        }

        @Test
        void tellsWhatAGateFound() {
            policyd.refusing(
                    "POST /api/rollback",
                    400,
                    "{\"code\": \"VALIDATION_FAILED\", \"detail\": \"refused\", \"findings\": [{\"file\": \"a.yaml\", \"line\": 3, \"message\": \"bad\"}]}");
            Cli.Result result = run("rollback", "2", "--reason", "x");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("a.yaml:3: bad");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pin    | /api/pin     | what is served stays",
                "unpin  | /api/unpin   | followed again",
            })
    void whatNeedsAReasonSendsIt(String command, String path, String said) {
        policyd.with("POST " + path, "{}");
        assertThat(run(command, "--reason", "audit").out()).contains(said);
        assertThat(policyd.last().body()).isEqualTo("{\"reason\":\"audit\"}");
        assertThat(run(command).code()).isEqualTo(2);
    }

    @Test
    void reloadAndConfirmSayWhatCameOfIt() {
        policyd.with("POST /api/reload", "{\"changed\": true, \"version\": 7}")
                .with("POST /api/confirm", "{\"changed\": false, \"version\": 7}");
        assertThat(run("reload", "--force").out()).contains("version 7 is served now");
        assertThat(policyd.last().body()).isEqualTo("{\"force\":true}");
        assertThat(run("confirm", "abc").out()).contains("nothing was waiting", "version 7 stays");
        assertThat(policyd.last().body()).isEqualTo("{\"digest\":\"abc\"}");
        policyd.with("POST /api/reload", "{\"changed\": false, \"version\": 7}")
                .with("POST /api/confirm", "{\"changed\": true, \"version\": 8}");
        assertThat(run("reload").out()).contains("version 7 stays");
        assertThat(run("confirm", "abc", "-o", "yaml").out()).contains("version: 8");
        assertThat(run("confirm", "abc").out()).contains("version 8 is served");
    }

    @Test
    void confirmWantsToKnowWhatWasLookedAt() {
        Cli.Result result = run("confirm");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("DIGEST");
    }

    @Test
    void confirmTellsWhatIsHeldInsteadOfWhatWasLookedAt() {
        policyd.refusing(
                "POST /api/confirm",
                409,
                "{\"code\": \"CONFLICT\", \"detail\": \"what is held back now is not abc but def\"}");
        Cli.Result result = run("confirm", "abc");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("not abc but def");
    }

    @Nested
    final class Health {
        private void is(String status) {
            policyd.with(
                    "GET /health",
                    "{\"status\": \"" + status
                            + "\", \"message\": \"because\", \"version\": 3, \"policies\": 1, \"drivers\": {\"fs\": {\"status\": \"healthy\", \"message\": \"fine\"}},"
                            + " \"held\": {\"findings\": [{\"file\": \"a.yaml\", \"line\": 5, \"column\": 3, \"severity\": \"error\", \"code\": \"SD-004\", \"message\": \"bad\", \"fix\": \"mend\"}]},"
                            + " \"lastError\": {\"code\": \"SD-001\", \"message\": \"gone\"}}");
        }

        @ParameterizedTest
        @CsvSource({"healthy,0,0", "degraded,0,1", "unhealthy,1,1"})
        void hasAnExitCodeForEachState(String status, int code, int strict) {
            is(status);
            assertThat(run("health").code()).isEqualTo(code);
            assertThat(run("health", "--strict").code()).isEqualTo(strict);
        }

        @Test
        void showsWhatToMend() {
            is("degraded");
            assertThat(run("health").out())
                    .contains("degraded: version 3, 1 policy; because", "fs      healthy  fine")
                    .contains("a.yaml:5:3: error[SD-004]: bad", "= help: mend", "SD-001 gone");
        }

        @Test
        void isAskedForAlsoWhereTheAnswerIsThatNothingCanBeServed() {
            policyd.unavailable("GET /health", "{\"status\": \"unhealthy\", \"message\": \"nothing yet\"}");
            Cli.Result result = run("health", "-o", "json");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).contains("nothing yet");
        }

        @Test
        void isReadyWhileSomethingIsServedAlsoIfItIsUnhealthy() {
            is("unhealthy");
            policyd.with("GET /health/ready", "{\"ready\": true, \"version\": 3, \"policies\": 1, \"message\": null}");
            Cli.Result result = run("health", "--ready");
            assertThat(result.code()).isZero();
            assertThat(result.out()).isEqualToNormalizingNewlines("ready: version 3, 1 policy\n");
        }

        @Test
        void isNotReadyAndSaysWhyWhileNothingIsServed() {
            policyd.unavailable(
                    "GET /health/ready",
                    "{\"ready\": false, \"version\": 0, \"policies\": 0, \"message\": \"loading: 3 of 80 documents\"}");
            Cli.Result result = run("health", "--ready");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).contains("not ready: ", "loading: 3 of 80 documents");
            assertThat(run("health", "--ready", "-o", "json").out()).contains("\"ready\" : false");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/health", "/health/ready"})
        void isNotKnownWhereWhatAnswersIsTooBusy(String path) {
            policyd.refusing(
                    "GET " + path, 503, "{\"code\": \"TOO_BUSY\", \"detail\": \"come again\", \"status\": 503}");
            Cli.Result result = path.equals("/health") ? run("health") : run("health", "--ready");
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("come again");
        }

        @Test
        void isAskedEitherForReadinessOrStrictly() {
            assertThat(run("health", "--ready", "--strict").code()).isEqualTo(2);
        }
    }

    @Nested
    final class Plan {
        @Test
        void asksTheServerAboutItsOwnSources() {
            policyd.with(
                    "POST /api/plan",
                    "{\"passes\": false, \"findings\": [{\"file\": \"a.yaml\", \"line\": 0, \"code\": \"SD-004\", \"message\": \"bad\"}], \"changes\": {\"changes\": [{\"type\": \"deleted\", \"policyId\": \"x\"}]}}");
            Cli.Result result = run("plan");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out())
                    .contains("a.yaml: error[SD-004]: bad", "- x", "would be refused: 1 change, 1 finding")
                    .doesNotContain("policyd confirm");
        }

        @Test
        void printsTheCommandThatConfirmsWhatItShows() {
            policyd.with(
                    "POST /api/plan",
                    "{\"passes\": false, \"digest\": \"abc\", \"needsConfirmation\": true, \"findings\": [], \"changes\": {}}");
            Cli.Result result = run("plan");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).contains("digest: abc", "policyd confirm abc --server " + policyd.url());
        }

        @Test
        void comparesSourcesWithWhatIsServed() {
            Policies policies = new Policies(directory)
                    .with("album.yaml", Policies.resource("album", "view"))
                    .with("photo.yaml", Policies.resource("photo", "view"));
            policyd.with(
                    "GET /api/policies?limit=1000&offset=0",
                    "{\"items\": [{\"id\": \"resource.album.vdefault\", \"contentHash\": \"other\"}, {\"id\": \"resource.old.vdefault\", \"contentHash\": \"x\"}]}");
            Cli.Result result = run("plan", policies.config());
            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .contains("~ resource.album.vdefault", "+ resource.photo.vdefault", "- resource.old.vdefault")
                    .contains("would be served: 3 changes");
            Cli.Result nothing = Cli.run("plan", policies.config(), "-o", "json");
            assertThat(nothing.out()).contains("\"passes\" : true").contains("resource.album.vdefault");
        }

        @Test
        void refusesWhatValidateRefuses() {
            Policies policies = new Policies(directory).with("album.yaml", Policies.BROKEN);
            Cli.Result result = Cli.run("plan", policies.config());
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).contains("error[SD-004]", "would be refused");
        }
    }

    @Nested
    final class Connecting {
        @ParameterizedTest
        @ValueSource(strings = {"history", "health", "reload", "confirm abc", "plan", "watch"})
        void whereNobodyListensIsToldAsSuch(String command) throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            String[] asking = (command + " --server http://127.0.0.1:" + port).split(" ", -1);
            Cli.Result result = Cli.run((Object[]) asking);
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("does not answer at http://127.0.0.1:" + port, "--server URL");
        }

        @Test
        void sendsTheTokenOfAFile() throws IOException {
            Path token = Files.writeString(directory.resolve("token"), "abc\n");
            assertThat(run("history", "--token-file", token).code()).isZero();
            assertThat(policyd.last().authorization()).isEqualTo("Bearer abc");
            Files.writeString(token, "two words");
            Cli.Result result = run("history", "--token-file", token);
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("holds no token").doesNotContain("two words");
        }

        @ParameterizedTest
        @ValueSource(ints = {401, 403})
        void saysThatATokenIsMissingOrNotEnough(int status) throws IOException {
            policyd.refusing("GET /api/versions", status, "{\"code\": \"X\", \"detail\": \"who are you?\"}");
            assertThat(run("history").code()).isEqualTo(3);
            assertThat(run("history").err()).contains("who are you?", "--token-file");
            Path token = Files.writeString(directory.resolve("token"), "abc");
            assertThat(run("history", "--token-file", token).err())
                    .contains("who are you?")
                    .doesNotContain("abc");
        }

        @Test
        void knowsAWebServerFromPolicyd() {
            policyd.refusing("GET /api/versions", 404, "<html>");
            assertThat(run("history").code()).isEqualTo(3);
            policyd.refusing("GET /api/versions", 200, "<html>");
            assertThat(run("history").err()).contains("is not policyd");
            policyd.refusing("GET /api/versions", 400, "{\"code\": \"BAD\", \"detail\": \"no\"}");
            assertThat(run("history").code()).isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"ftp://x", "127.0.0.1", "http://u:p@host"})
        void wantsAnUrl(String url) {
            Cli.Result result = Cli.run("history", "--server", url);
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).doesNotContain("u:p");
        }
    }

    @Nested
    final class Watching {
        private static final String EVENTS = """
                retry: 1000
                id: run-3
                event: policy-version
                data: {"version": 3, "digest": "c", "policies": 4, "resync": false}

                : still here

                id: run-4
                event: policy-change
                data: {"version": 4, "at": "2026-03-01T10:00:00Z", "changes": [{"type": "added", "policyId": "x"}]}

                """;

        @Test
        void printsChangesAndGoesOnWhereTheStreamBroke() throws Exception {
            policyd.withStream(EVENTS);
            Cli cli = watchUntil("back, 4 policies");
            assertThat(cli.out()).contains("2026-03-01T10:00:00Z + x version 4");
            assertThat(cli.err()).contains("watching 4 policies, version 3", "trying again");
            assertThat(policyd.last().lastEventId()).isEqualTo("run-4");
        }

        @Test
        void endsAlsoWhileNothingComes() throws Exception {
            policyd.withOpenStream(EVENTS);
            Cli cli = watchUntil("watching 4 policies");
            assertThat(cli.err()).doesNotContain("trying again");
        }

        private Cli watchUntil(String told) throws InterruptedException {
            Cli cli = new Cli();
            Thread runner = new Thread(() -> cli.execute("watch", "--server", policyd.url()));
            runner.start();
            try {
                Await.until("it says " + told, () -> cli.err().contains(told));
            } finally {
                runner.interrupt();
                runner.join(30_000);
            }
            assertThat(runner.isAlive()).isFalse();
            return cli;
        }

        @Test
        void isOfOneThingOnly() {
            assertThat(run("watch", directory.resolve("storage.yaml")).code()).isEqualTo(2);
        }
    }
}
