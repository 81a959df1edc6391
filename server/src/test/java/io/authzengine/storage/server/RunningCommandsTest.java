package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that stay until they are told to end; here they are told by an interruption. */
final class RunningCommandsTest {
    private static final Pattern READY = Pattern.compile(
            "policyd is serving (\\d+) polic(?:y|ies) on (http://127\\.0\\.0\\.1:\\d+) \\(version 1, ready in \\d+ ms\\)\n");

    @TempDir
    private Path directory = Path.of("");

    private final Cli cli = new Cli();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private Thread runner = new Thread(() -> {});
    private Policies policies = new Policies(Path.of(System.getProperty("java.io.tmpdir")));

    @BeforeEach
    void onePolicy() {
        policies = new Policies(directory).with("album.yaml", Policies.resource("album", "view"));
    }

    @AfterEach
    void end() throws InterruptedException {
        runner.interrupt();
        runner.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(runner.isAlive()).as("the command still runs").isFalse();
    }

    private void run(Object... args) {
        runner = new Thread(() -> code.complete(cli.execute(args)));
        runner.start();
    }

    private int codeAfterInterruption() throws Exception {
        runner.interrupt();
        return code.get(30, TimeUnit.SECONDS);
    }

    @Nested
    final class Serve {
        @Test
        void saysWhereItServesAndEndsWhenTold() throws Exception {
            run("serve", policies.config(), "--listen", "127.0.0.1:0");
            Await.until("it serves", () -> READY.matcher(cli.out()).find());
            Matcher ready = READY.matcher(cli.out());
            assertThat(ready.find()).isTrue();
            URI list = URI.create(ready.group(2) + "/api/policies");
            assertThat(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString())
                            .body())
                    .contains("resource.album.vdefault");
            assertThat(codeAfterInterruption()).isZero();
            assertThat(cli.err()).isEmpty();
        }

        @Test
        void endsByItselfWhereThatIsWanted() {
            Cli.Result result = Cli.run("serve", policies.config(), "--listen", "[::1]:0", "--exit-when-ready");
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("policyd is serving 1 policy on http://[0:0:0:0:0:0:0:1]:");
        }

        @Test
        void doesNotCallItReadyThatNothingIsServed() {
            policies.write(
                    "storage.yaml", Policies.config("  initMode: degraded\n").replace("[policies]", "[elsewhere]"));
            Cli.Result result = Cli.run("serve", policies.config(), "--listen", "127.0.0.1:0", "--exit-when-ready");
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.out()).contains("serves nothing yet");
        }

        @Test
        void leavesItsDirectoryToItselfWhileOthersLook() throws Exception {
            policies.write("storage.yaml", Policies.config("  cacheDir: cache\n"));
            run("serve", policies.config(), "--listen", "127.0.0.1:0");
            Await.until("it serves", () -> READY.matcher(cli.out()).find());
            Cli.Result look = Cli.run("list", policies.config());
            assertThat(look.code()).as(look.err()).isZero();
            assertThat(look.out()).contains("resource.album.vdefault");
        }

        @Test
        void refusesASetThatDoesNotPass() {
            policies.with("broken.yaml", Policies.BROKEN);
            Cli.Result result = Cli.run("serve", policies.config(), "--listen", "127.0.0.1:0");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("policies/broken.yaml:5:3: error[SD-004]");
            assertThat(result.out()).isEmpty();
        }

        @Test
        void failsWithoutTheBackend() {
            policies.write("storage.yaml", Policies.config("").replace("[policies]", "[elsewhere]"));
            Cli.Result result = Cli.run("serve", policies.config(), "--listen", "127.0.0.1:0");
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("SD-007");
        }

        @Test
        void saysWhenItHasSomethingToServeAtLast() throws Exception {
            policies.write(
                    "storage.yaml",
                    Policies.config("    rescanInterval: 100ms\n  initMode: degraded\n")
                            .replace("[policies]", "[later]"));
            run("serve", policies.config(), "--listen", "127.0.0.1:0");
            Await.until("it listens", () -> cli.out().contains("serves nothing yet"));
            policies.write("later/album.yaml", Policies.resource("album", "view"));
            Await.until("it serves", () -> READY.matcher(cli.out()).find());
            assertThat(codeAfterInterruption()).isZero();
        }

        @Test
        void saysThatAnAddressIsTaken() throws IOException {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Cli.Result result =
                        Cli.run("serve", policies.config(), "--listen", "127.0.0.1:" + taken.getLocalPort());
                assertThat(result.code()).isEqualTo(2);
                assertThat(result.err()).contains("cannot listen on 127.0.0.1:" + taken.getLocalPort(), "--listen");
            }
        }

        @Test
        void refusesAnAddressThatOthersReach() {
            Cli.Result result = Cli.run("serve", policies.config(), "--listen", "0.0.0.0:0");
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("server.tokens");
        }
    }

    @Nested
    final class Watch {
        @Test
        void printsWhatIsAddedModifiedAndDeleted() throws Exception {
            run("watch", policies.config());
            Await.until("it watches", () -> cli.err().contains("watching 1 policy"));
            policies.with("photo.yaml", Policies.resource("photo", "view"));
            Await.until("it is added", () -> cli.out().contains("+ resource.photo.vdefault version 2"));
            policies.with("photo.yaml", Policies.resource("photo", "edit"));
            Await.until("it is modified", () -> cli.out().contains("~ resource.photo.vdefault version 3"));
            policies.without("photo.yaml");
            Await.until("it is deleted", () -> cli.out().contains("- resource.photo.vdefault version 4"));
            assertThat(codeAfterInterruption()).isZero();
        }

        @Test
        void tellsOfWhatIsRefusedAndOfTheRepair() {
            run("watch", policies.config());
            Await.until("it watches", () -> cli.err().contains("watching 1 policy"));
            policies.with("album.yaml", Policies.BROKEN);
            Await.until("it is refused", () -> cli.err().contains("policies/album.yaml:5:3: error[SD-004]"));
            policies.with("album.yaml", Policies.resource("album", "view"));
            Await.until("it is mended", () -> cli.err().contains("in order again"));
            assertThat(cli.out()).isEmpty();
        }

        @Test
        void printsChangeSetsForPrograms() throws JsonProcessingException {
            run("watch", policies.config(), "--output", "json");
            Await.until("it watches", () -> cli.err().contains("watching 1 policy"));
            policies.with("photo.yaml", Policies.resource("photo", "view"));
            Await.until("it is told", () -> cli.out().contains("\n"));
            JsonNode json = new ObjectMapper().readTree(cli.out());
            assertThat(json.path("version").asInt()).isEqualTo(2);
            assertThat(json.path("changes").path(0).path("type").asText()).isEqualTo("added");
        }

        @Test
        void refusesLikeValidate() {
            policies.with("broken.yaml", Policies.BROKEN);
            assertThat(Cli.run("watch", policies.config()).code()).isEqualTo(1);
        }
    }
}
