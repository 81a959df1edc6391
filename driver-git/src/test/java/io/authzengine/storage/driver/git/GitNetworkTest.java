package io.authzengine.storage.driver.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.git.remote.GitCommand;
import io.authzengine.storage.driver.git.remote.GitHttpBackend;
import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.format.FaultFields;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.proxy.ProxyRoute;
import io.authzengine.storage.faults.proxy.TcpFaultProxy;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers and lines that are slow, die, or are somebody else's, and what many looks leave behind. */
@Timeout(120)
class GitNetworkTest {
    private static final int NOISE = 300_000;

    @TempDir
    Path directory;

    private Origin origin;
    private GitHttpServer server;

    @BeforeEach
    void make() throws IOException {
        origin = Origin.create(directory.resolve("origin.git"));
        server = GitHttpServer.start(origin.repository());
        origin.with("album.yaml", SamplePolicies.resource("album")).commit("album");
    }

    @AfterEach
    void close() {
        server.close();
        origin.close();
    }

    private void commitBookAmongNoise() {
        byte[] noise = new byte[NOISE];
        new Random(3).nextBytes(noise);
        origin.with("noise.bin", noise)
                .with("book.yaml", SamplePolicies.resource("book"))
                .commit("book");
    }

    private static GitConfig patientFor(Duration timeout, GitConfig config) {
        return config.withLimits(new GitConfig.Limits(Duration.ofSeconds(60), timeout, 1, 1 << 30));
    }

    @Nested
    class GitsOwnServer {
        @Test
        void isFollowedOverHttp() throws Exception {
            String programs = GitCommand.git(directory, "--exec-path").strip();
            assumeThat(Path.of(programs, "git-http-backend")).isExecutable();
            GitCommand.git(directory, "init", "-q", "--bare", "-b", "main", "real.git");
            try (GitHttpBackend backend = GitHttpBackend.start(directory)) {
                GitCommand.git(directory, "init", "-q", "-b", "main", "work");
                Path work = directory.resolve("work");
                GitCommand.git(work, "remote", "add", "origin", "../real.git");
                push(work, "album");
                try (Follower follower = Follower.of(GitConfig.of(backend.url("real.git")))) {
                    assertThat(follower.names()).containsExactly("album");
                    assertThat(follower.poll()).isFalse();
                    push(work, "book");
                    assertThat(follower.poll()).isTrue();
                    assertThat(follower.names()).containsExactly("album", "book");
                    GitCommand.git(work, "commit", "-q", "--amend", "-m", "said better");
                    GitCommand.git(work, "push", "-q", "--force", "origin", "main");
                    GitCommand.git(directory.resolve("real.git"), "gc", "-q", "--prune=now");
                    push(work, "car");
                    assertThat(follower.poll()).isTrue();
                    assertThat(follower.names()).containsExactly("album", "book", "car");
                }
            }
        }

        private void push(Path work, String name) throws Exception {
            Files.writeString(work.resolve(name + ".yaml"), SamplePolicies.resource(name));
            GitCommand.git(work, "add", ".");
            GitCommand.git(work, "commit", "-q", "-m", name);
            GitCommand.git(work, "push", "-q", "origin", "main");
        }
    }

    @Nested
    class AServer {
        @Test
        void thatDiesInTheMiddleOfAFetchIsFollowedAgainWhenItIsBack() throws IOException {
            try (Follower follower = Follower.of(GitConfig.of(server.url()))) {
                commitBookAmongNoise();
                server.dieAfter(NOISE / 2);
                assertThat(follower.failure()).isInstanceOf(ConnectionFailedException.class);
                assertThat(follower.names()).containsExactly("album");
                assertThat(follower.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
                server.up();
                assertThat(follower.look()).isTrue();
                assertThat(follower.names()).containsExactly("album", "book");
                assertThat(follower.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            }
        }

        @Test
        void canBeBehindAProxy() {
            // A server is a proxy if it is asked for the whole address; nobody else could answer for this name.
            GitConfig config = GitConfig.of("http://git.example.invalid/org/policies.git")
                    .withTrust(new GitTrust(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(URI.create(server.url().replace("/org/policies.git", "")))));
            try (Follower follower = Follower.of(config)) {
                assertThat(follower.names()).containsExactly("album");
            }
        }
    }

    /** A line through a proxy that treats it as a fault policy says. */
    @Nested
    class ALine {
        private final StorageContext context = StorageContext.create("line");
        private TcpFaultProxy line;

        @BeforeEach
        void draw() throws IOException {
            line = TcpFaultProxy.start(
                    Faults.of(context, new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS)),
                    ProxyRoute.to("localhost", URI.create(server.url()).getPort()),
                    FaultBinding.of(FaultPolicy.NONE));
        }

        @AfterEach
        void cut() {
            line.close();
            context.close();
        }

        private void becomes(Map<String, ?> fields) {
            line.apply(FaultFields.parse("line", fields));
        }

        private GitConfig config(Duration timeout) {
            String port = ":" + URI.create(server.url()).getPort();
            return patientFor(timeout, GitConfig.of(server.url().replace(port, ":" + line.port())));
        }

        @Test
        void thatIsSlowIsWaitedFor() {
            try (Follower follower = Follower.of(config(Duration.ofSeconds(60)))) {
                becomes(Map.of("latency", "20ms", "jitter", "20ms", "rate", "4mbps"));
                commitBookAmongNoise();
                assertThat(follower.poll()).isTrue();
                assertThat(follower.names()).containsExactly("album", "book");
            }
        }

        @Test
        void thatIsCutInTheMiddleChangesNothing() {
            try (Follower follower = Follower.of(config(Duration.ofSeconds(60)))) {
                becomes(Map.of("half_open", Map.of("after", "20kb")));
                commitBookAmongNoise();
                assertThat(follower.failure()).isInstanceOf(ConnectionFailedException.class);
                assertThat(follower.names()).containsExactly("album");
                line.clear();
                assertThat(follower.look()).isTrue();
                assertThat(follower.names()).containsExactly("album", "book");
            }
        }

        @Test
        void thatDiesWithoutAWordIsGivenUp() {
            try (Follower follower = Follower.of(config(Duration.ofSeconds(1)))) {
                becomes(Map.of("half_open", Map.of("after", "20kb", "mode", "stall")));
                commitBookAmongNoise();
                assertThat(follower.failure().code()).isIn(ErrorCode.TIMEOUT, ErrorCode.CONNECTION_FAILED);
                assertThat(follower.names()).containsExactly("album");
                assertThat(follower.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
                line.clear();
                assertThat(follower.look()).isTrue();
                assertThat(follower.names()).containsExactly("album", "book");
            }
        }
    }

    /** What many looks leave behind; {@code GitBenchmark} does ten times as many. */
    @Nested
    class ManyLooks {
        private static final int TIMES = 300;

        @Test
        void leaveFewFilesAndHandles() throws IOException {
            Path store = directory.resolve("store");
            try (Follower follower = Follower.of(GitConfig.of(server.url()).withLocalPath(store))) {
                for (int i = 0; i < TIMES; i++) {
                    origin.with("album.yaml", SamplePolicies.resource("album", "default", "edit" + i))
                            .commit("edit");
                    assertThat(follower.poll()).isTrue();
                }
                for (int i = 0; i < TIMES / 6; i++) {
                    assertThat(follower.poll()).isFalse();
                }
                assertThat(follower.driver().getAllPolicies().get(0).raw().toString())
                        .contains("edit" + (TIMES - 1));
                assertThat(packs(store)).isEqualTo(1);
                assertThat(Files.readAllLines(store.resolve("policies.git/shallow")))
                        .hasSize(1);
                assertThat(handlesBelow(store)).isLessThan(5);
            }
            assertThat(handlesBelow(store)).isZero();
        }

        private static long packs(Path store) throws IOException {
            try (Stream<Path> files = Files.list(store.resolve("policies.git/objects/pack"))) {
                return files.filter(file -> file.toString().endsWith(".pack")).count();
            }
        }

        /** Returns how many files below {@code directory} this process has open; none where the system does not tell. */
        private static long handlesBelow(Path directory) throws IOException {
            Path all = Path.of("/proc/self/fd");
            if (!Files.isDirectory(all)) {
                return 0;
            }
            Path real = directory.toRealPath();
            List<Path> targets = new CopyOnWriteArrayList<>();
            try (Stream<Path> open = Files.list(all)) {
                for (Path each : open.toList()) {
                    try {
                        targets.add(Files.readSymbolicLink(each));
                    } catch (NoSuchFileException e) {
                        assertThat(each).doesNotExist(); // Closed since it was listed.
                    }
                }
            }
            return targets.stream().filter(target -> target.startsWith(real)).count();
        }
    }
}
