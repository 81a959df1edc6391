package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart, as a person would go through it, with the real process. */
@Timeout(300)
final class PolicydTest {
    private static final String ID = "resource.leave_request.vdefault";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 10_000_000;

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();
    private Path policy = Path.of("");
    private String url = "";

    @BeforeEach
    void copyTheQuickstart() throws IOException {
        Path quickstart = Path.of(PolicydProcess.required("policyd.quickstart"));
        try (Stream<Path> files = Files.walk(quickstart)) {
            for (Path file : files.toList()) {
                Path copy = directory
                        .resolve("quickstart")
                        .resolve(quickstart.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        policy = directory.resolve("quickstart/policies/leave/leave_request.yaml");
    }

    private PolicydProcess serve() throws IOException {
        return PolicydProcess.serve(directory.resolve("quickstart/storage.yaml"), directory.resolve("errors.log"));
    }

    @Test
    void anEditIsServedAMistakeIsNotAndTheEndIsClean() throws Exception {
        try (PolicydProcess policyd = serve()) {
            PolicydProcess.Ready ready = policyd.awaitReady();
            url = ready.url();
            assertThat(ready.policies()).isEqualTo(8);
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
            try (EventStream events = EventStream.open(client, URI.create(url + "/api/policies/stream"))) {
                String good = Files.readString(policy);
                String edited = good.replace("Leave requests", "Leave requests, edited");
                replace(edited);
                assertThat(events.next())
                        .contains("\"type\":\"modified\"", "\"policyId\":\"" + ID + "\"", "\"version\":2");
                assertThat(get("/api/policies/" + ID).body()).contains("Leave requests, edited");

                replace(edited.replace("  rules:", "  rulez:"));
                String degraded = await(
                        "/health", body -> body.contains("\"status\":\"degraded\"") && body.contains("\"held\":{"));
                int line = 1 + List.of(edited.split("\n", -1)).indexOf("  rules:");
                assertThat(degraded)
                        .contains("\"file\":\"policies/leave/leave_request.yaml\",\"line\":" + line + ",\"column\":3");
                assertThat(get("/health").statusCode()).isEqualTo(200);
                assertThat(get("/api/policies/" + ID).body()).contains("Leave requests, edited");
                assertThat(get("/api/policies").body()).startsWith("{\"version\":2,");
                assertThat(events.isQuiet()).isTrue();

                replace(edited);
                await("/health", body -> body.contains("\"status\":\"healthy\""));
                assertThat(get("/api/policies").body()).startsWith("{\"version\":2,");

                Files.delete(directory.resolve("quickstart/policies/people/ines.yaml"));
                assertThat(events.next()).contains("\"type\":\"deleted\"", "\"policyId\":\"principal.ines.vdefault\"");
                assertThat(get("/api/policies/principal.ines.vdefault").statusCode())
                        .isEqualTo(404);

                assertThat(policyd.terminate()).isEqualTo(143);
                assertThat(events.next()).startsWith("the stream ended");
            }
            assertThat(policyd.errors()).doesNotContain("\tat ", "ERROR");
        }
    }

    /** Whoever is told to ignore SIGHUP, as by nohup, hands that on to all it starts, and Java keeps to it. */
    private static boolean isHangUpHeard() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return true;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .noneMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 1) == 1);
    }

    @Test
    void aHangUpLooksAtOnceAndDoesNotEndIt() throws Exception {
        assumeThat(isHangUpHeard()).as("SIGHUP is not ignored from outside").isTrue();
        Path config = directory.resolve("quickstart/storage.yaml");
        Files.writeString(config, """
                storage:
                  driver: filesystem
                  filesystem:
                    paths: [policies]
                    watch: false
                    rescanInterval: 1h
                """);
        try (PolicydProcess policyd = serve()) {
            url = policyd.awaitReady().url();
            try (EventStream events = EventStream.open(client, URI.create(url + "/api/policies/stream"))) {
                replace(Files.readString(policy).replace("Leave requests", "Leave requests, edited"));
                policyd.hangUp();
                assertThat(events.next()).contains("\"policyId\":\"" + ID + "\"", "\"version\":2");
            }
            assertThat(get("/api/reloads").body())
                    .contains("\"outcome\":\"served\",\"version\":2", "\"phase\":\"gates\"");
            assertThat(policyd.terminate()).isEqualTo(143);
            assertThat(policyd.errors()).contains("SIGHUP: looking at all sources");
        }
    }

    @Test
    void theLogIsShortAndTheAuditIsWholeInItsFile() throws Exception {
        Path config = directory.resolve("quickstart/storage.yaml");
        Files.writeString(config, Files.readString(config).replace("\nserver:", "\nserver:\n  auditLog: audit.jsonl"));
        try (PolicydProcess policyd = serve()) {
            policyd.awaitReady();
            policyd.terminate();
            assertThat(policyd.errors()).contains("version 1: 8 added (", " and 5 more), init");
            assertThat(policyd.errors().lines()).allMatch(line -> line.length() < 200);
        }
        assertThat(directory.resolve("quickstart/audit.jsonl"))
                .content()
                .startsWith("{\"event\":\"policy.updated\"")
                .hasLineCount(1);
    }

    @Test
    void aJavaWithoutFlightRecorderWillDo() throws Exception {
        PolicydProcess.Ended ended = PolicydProcess.runJava(
                "--limit-modules",
                "java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.unsupported",
                "-cp",
                PolicydProcess.classPath(),
                PolicydProcess.MAIN,
                "serve",
                directory.resolve("quickstart/storage.yaml").toString(),
                "--listen",
                "127.0.0.1:0",
                "--exit-when-ready");
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("policyd is serving 8 policies").doesNotContain("\tat ");
    }

    @Test
    void aSetThatDoesNotPassIsNeverServed() throws Exception {
        replace(Files.readString(policy).replace("company_roles", "no_such_roles"));
        try (PolicydProcess policyd = serve()) {
            assertThat(policyd.exitCode()).isEqualTo(1);
            assertThat(policyd.errors())
                    .contains("policies/leave/leave_request.yaml:", "error[SD-004]", "derived_roles.no_such_roles")
                    .doesNotContain("\tat ");
        }
    }

    private void replace(String text) throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh"), text);
        Files.move(fresh, policy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
    }

    private String await(String path, Predicate<String> expected) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        String body = get(path).body();
        while (!expected.test(body)) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError(path + " still answers " + body);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            body = get(path).body();
        }
        return body;
    }
}
