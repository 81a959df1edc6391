package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code policyd faults proxy}, between a client and a server of its own. */
final class FaultsProxyCommandTest {
    private static final Pattern LISTENING = Pattern.compile("proxy on 127\\.0\\.0\\.1:(\\d+) to");

    @TempDir
    private Path directory = Path.of("");

    private final Cli cli = new Cli();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private Thread runner = new Thread(() -> {});
    private ServerSocket backend = unbound();

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        backend = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws Exception {
        runner.interrupt();
        runner.join(TimeUnit.SECONDS.toMillis(30));
        backend.close();
        assertThat(runner.isAlive()).as("the command still runs").isFalse();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("faults.yaml"), text);
    }

    private int run(Object... args) {
        runner = new Thread(() -> code.complete(cli.execute(args)));
        runner.start();
        Await.until("the proxy listens", () -> LISTENING.matcher(cli.out()).find() || code.isDone());
        Matcher listening = LISTENING.matcher(cli.out());
        assertThat(listening.find()).as(cli.err()).isTrue();
        return Integer.parseInt(listening.group(1));
    }

    private String upstream() {
        return "127.0.0.1:" + backend.getLocalPort();
    }

    private int passOne(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout(30_000);
            client.getOutputStream().write('x');
            try (Socket accepted = backend.accept()) {
                return accepted.getInputStream().read();
            }
        }
    }

    @Test
    void passesOnAsThePolicySaysAndRecordsWhatItDecided() throws Exception {
        Path record = directory.resolve("run.jsonl.gz");
        Path file = file("swap: {latency: 1ms}\n");
        int port =
                run("faults", "proxy", "--upstream", upstream(), "--policy", file, "--seed", "7", "--record", record);
        assertThat(passOne(port)).isEqualTo('x');
        Files.writeString(file, "swap: {latency: soon}\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        Await.until("the broken file is told", () -> cli.err().contains("stays as it was"));
        assertThat(passOne(port)).isEqualTo('x');
        Files.writeString(file, "swap: {latency: 2ms}\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T00:00:00Z")));
        Await.until("the file is read again", () -> cli.err().contains("was read again"));
        runner.interrupt();
        assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(cli.out()).contains("2 in all", "delayed", "fault policy swap");
        assertThat(record).isNotEmptyFile();
    }

    @Test
    void saysWhatIsWrongBeforeItListens() throws IOException {
        Path two = file("a: {}\nb: {}\n");
        assertThat(failure("faults", "proxy", "--upstream", upstream(), "--policy", two))
                .contains("--name a or b");
        assertThat(failure("faults", "proxy", "--upstream", upstream(), "--policy", two, "--name", "c"))
                .contains("it has a, b");
        assertThat(failure("faults", "proxy", "--upstream", "nowhere", "--policy", two, "--name", "a"))
                .contains("HOST:PORT");
        assertThat(failure("faults", "proxy", "--upstream", upstream(), "--policy", directory.resolve("none.yaml")))
                .contains("none.yaml");
        assertThat(failure(
                        "faults",
                        "proxy",
                        "--upstream",
                        upstream(),
                        "--policy",
                        two,
                        "--name",
                        "a",
                        "--listen",
                        upstream()))
                .contains("in use");
        assertThat(failure("faults", "proxy", "--upstream", upstream(), "--policy", file("a: {packet_reorder: {}}")))
                .contains("packet_reorder");
        assertThat(failure("faults")).contains("Missing command: proxy");
    }

    private static String failure(Object... args) {
        Cli.Result result = Cli.run(args);
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        return result.err();
    }
}
