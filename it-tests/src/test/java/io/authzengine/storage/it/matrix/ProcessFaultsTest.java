package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.it.PolicydProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to the process itself: it is killed in the middle of a transfer, it is stopped for a while, it runs out of files. */
@Timeout(300)
final class ProcessFaultsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ASLEEP = Duration.ofSeconds(3);
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final int FEWER_THAN_IT_HAS = 16;
    private static final String ID = "resource.thing1.vdefault";
    /** So slow that a transfer is under way for many seconds. */
    private static final FaultPolicy SLOW = FaultPolicy.builder()
            .link(Direction.DOWNLINK, link -> link.withRate(16_000))
            .build();

    private static final long UNDER_WAY = 2_000;

    private static final Pattern HEALTHY = Pattern.compile("\\{\\s*\"status\"\\s*:\\s*\"healthy\"");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path directory = Path.of("");

    private int changes;

    private Path config(BackendUnderTest backend, String more) throws IOException {
        String yaml = "storage:\n" + (backend.settings() + more).indent(2) + "  cacheDir: " + directory.resolve("cache")
                + "\n";
        return Files.writeString(directory.resolve("storage.yaml"), yaml);
    }

    private static String state(BackendKind kind, Path directory) {
        return kind == BackendKind.GIT_HTTP ? "localPath: " + directory.resolve("clone") + "\n" : "";
    }

    private void revoke(BackendUnderTest backend) throws Exception {
        changes++;
        Map<String, String> changed = new TreeMap<>(Documents.all());
        for (int number = 1; number <= 6; number++) {
            changed.put(Documents.name(number), Documents.denying(number, changes));
        }
        backend.publish(changed);
    }

    private String get(String url, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
                .body();
    }

    private void awaitRevoked(String url) throws Exception {
        String wanted = "view%04d".formatted(changes);
        await(
                "the denials of change " + changes,
                () -> get(url, "/api/policies/" + ID).contains(wanted));
        await("health", () -> HEALTHY.matcher(get(url, "/health")).lookingAt());
    }

    /** Asks something that may fail. */
    private interface Question {
        boolean isAnswered() throws Exception;
    }

    private static void await(String what, Question question) throws Exception {
        long begin = System.nanoTime();
        while (!question.isAnswered()) {
            assertThat(System.nanoTime() - begin)
                    .as("nanoseconds waited in vain for " + what)
                    .isLessThan(LIMIT.toNanos());
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void command(String... words) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"GIT_HTTP", "HTTP"})
    void killedInTheMiddleOfATransferTheNextOneNeedsNoHelp(BackendKind kind) throws Exception {
        try (BackendUnderTest backend = kind.start(Files.createDirectories(directory.resolve("backend")))) {
            Wire wire = backend.wire().orElseThrow();
            backend.publish(Documents.all());
            Path config = config(backend, state(kind, directory));
            try (PolicydProcess policyd = PolicydProcess.serve(config, directory.resolve("first.log"))) {
                policyd.awaitReady();
                wire.apply(SLOW);
                long before = wire.received();
                revoke(backend);
                await("a transfer under way", () -> wire.received() > before + UNDER_WAY);
                policyd.kill();
            }
            wire.clear();
            try (PolicydProcess policyd = PolicydProcess.serve(config, directory.resolve("second.log"))) {
                awaitRevoked(policyd.awaitReady().url());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FILESYSTEM", "POSTGRESQL", "HTTP"})
    void stoppedForAWhileItServesWhatTheSourceIsByThenAndNothingInBetween(BackendKind kind) throws Exception {
        try (BackendUnderTest backend = kind.start(Files.createDirectories(directory.resolve("backend")))) {
            backend.publish(Documents.all());
            try (PolicydProcess policyd = PolicydProcess.serve(config(backend, ""), directory.resolve("log"))) {
                String url = policyd.awaitReady().url();
                command("kill", "-STOP", "" + policyd.pid());
                for (int i = 0; i < 5; i++) {
                    revoke(backend);
                    LockSupport.parkNanos(ASLEEP.toNanos() / 5);
                }
                command("kill", "-CONT", "" + policyd.pid());
                awaitRevoked(url);
                // One more at most: an answer may have been under way when it was stopped.
                assertThat(get(url, "/health")).containsPattern("\"version\" ?: ?[23]\\b");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FILESYSTEM", "HTTP"})
    void outOfFilesItKeepsWhatItServesAndGoesOnOnceThereAreSome(BackendKind kind) throws Exception {
        assumeThat(Files.isExecutable(PRLIMIT)).isTrue();
        try (BackendUnderTest backend = kind.start(Files.createDirectories(directory.resolve("backend")))) {
            backend.publish(Documents.all());
            try (PolicydProcess policyd = PolicydProcess.serve(config(backend, ""), directory.resolve("log"))) {
                String url = policyd.awaitReady().url();
                String before = get(url, "/api/policies/" + ID);
                command(PRLIMIT.toString(), "--pid=" + policyd.pid(), "--nofile=" + FEWER_THAN_IT_HAS + ":");
                backend.wire().ifPresent(Wire::resetAll);
                revoke(backend);
                // The connection that is open needs no further file.
                await("health to tell", () -> get(url, "/health").contains("SD-00"));
                assertThat(get(url, "/api/policies/" + ID)).isEqualTo(before);
                command(PRLIMIT.toString(), "--pid=" + policyd.pid(), "--nofile=4096:");
                awaitRevoked(url);
            }
        }
    }
}
