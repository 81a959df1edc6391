package io.authzengine.storage.driver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.ValidationException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers as no server should give them, byte for byte. */
class MisbehavingServerTest {
    private static final String DOCUMENT = Driven.album("view");
    private static final Duration SHORT = Duration.ofMillis(400);

    private final RawServer server = new RawServer();
    private final Driven driven = patient(Duration.ofSeconds(20));

    private Driven patient(Duration silence) {
        return Driven.at(
                server.url("/policy.yaml"),
                config -> config.withMaxBytes(1 << 20).withTiming(Driven.timing(silence)));
    }

    @AfterEach
    void close() {
        driven.close();
        server.close();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String head(String... headers) {
        return "HTTP/1.1 200 OK\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    @Test
    void aBodyShorterThanItsLengthIsNoDocument() {
        server.on(out -> write(out, head("Content-Length: " + (DOCUMENT.length() + 1)) + DOCUMENT));
        assertThatThrownBy(driven::force).isInstanceOf(ConnectionFailedException.class);
    }

    @Test
    void whatIsLeftOfABodyThatWasCutIsNeverTakenHoweverWellItParses() {
        String two = DOCUMENT + "---\n" + DOCUMENT.replace("album", "book");
        server.on(out -> write(out, head("Content-Length: " + two.length()) + two));
        driven.force();
        assertThat(driven.size()).isEqualTo(2);
        server.on(out -> write(out, head("Content-Length: " + two.length()) + DOCUMENT));
        assertThatThrownBy(driven::force).isInstanceOf(ConnectionFailedException.class);
        server.on(out -> write(
                out,
                head("Transfer-Encoding: chunked") + Integer.toHexString(DOCUMENT.length()) + "\r\n" + DOCUMENT
                        + "\r\n"));
        assertThatThrownBy(driven::force).isInstanceOf(ConnectionFailedException.class);
        server.on(out -> write(out, head("Connection: close") + DOCUMENT));
        assertThatThrownBy(driven::force)
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("cannot be told from one that was cut");
        assertThat(driven.size()).isEqualTo(2);
    }

    @Test
    void aBundleTellsItsOwnEnd() {
        byte[] bundle = Bundle.write(new TreeMap<>(Map.of("album.yaml", DOCUMENT.getBytes(StandardCharsets.UTF_8))));
        server.on(out -> {
            write(out, head("Connection: close"));
            out.write(bundle);
        });
        assertThat(driven.force()).isTrue();
        server.on(out -> {
            write(out, head("Connection: close"));
            out.write(bundle, 0, bundle.length - 9);
        });
        assertThatThrownBy(driven::force).isInstanceOf(ValidationException.class);
        assertThat(driven.size()).isEqualTo(1);
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() {
        server.on(out -> server.awaitEnd());
        try (Driven hasty = patient(SHORT)) {
            assertThatThrownBy(hasty::force)
                    .isInstanceOf(StorageTimeoutException.class)
                    .hasMessageContaining("silent for 400 ms");
        }
    }

    @Test
    void aBodyThatStopsIsGivenUpToo() {
        server.on(out -> {
            write(out, head("Content-Length: 1000") + "half of");
            server.awaitEnd();
        });
        try (Driven hasty = patient(SHORT)) {
            assertThatThrownBy(hasty::force).isInstanceOf(StorageTimeoutException.class);
        }
    }

    @Test
    void aTrickleIsEndedByTheDeadlineOfTheWholeLook() {
        HttpConfig.Timing usual = HttpConfig.Timing.DEFAULT;
        HttpConfig config = Driven.config(server.url("/policy.yaml"))
                .withTiming(new HttpConfig.Timing(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        usual.pollInterval(),
                        0,
                        usual.retryBase(),
                        usual.retryCap()));
        server.on(out -> {
            write(out, head("Content-Length: 100000"));
            while (!server.ended()) {
                write(out, "x");
                server.pause(50);
            }
        });
        try (Driven slow = new Driven(config)) {
            assertThatThrownBy(slow::force)
                    .isInstanceOf(StorageTimeoutException.class)
                    .hasMessageContaining("longer than 1000 ms");
        }
    }

    @Test
    void anEndlessBodyIsCutAtTheBound() {
        server.on(out -> {
            write(out, head("Connection: close"));
            byte[] chunk = new byte[1 << 16];
            for (int i = 0; i < 10_000; i++) {
                out.write(chunk);
            }
        });
        assertThatThrownBy(driven::force)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("more than 1048576 bytes");
    }

    @Test
    void anEndlessErrorPageIsNotRead() {
        server.on(out -> {
            write(out, "HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n");
            byte[] chunk = new byte[1 << 16];
            for (int i = 0; i < 10_000; i++) {
                out.write(chunk);
            }
        });
        assertThatThrownBy(driven::force)
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("answered 500");
    }

    @Test
    void noiseIsNoAnswer() {
        server.on(out -> write(out, "SSH-2.0-OpenSSH_9.2\r\n"));
        assertThatThrownBy(driven::force).isInstanceOf(ConnectionFailedException.class);
    }

    @Test
    void nobodyThereIsAConnectionThatFails() {
        server.close();
        assertThatThrownBy(driven::force)
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("cannot be connected to");
    }

    @Test
    void closingTheDriverEndsARequestThatHangs() {
        server.on(out -> server.awaitEnd());
        CompletableFuture<Void> init = CompletableFuture.runAsync(driven.driver::init);
        Driven.await("the request", () -> server.connections() > 0);
        driven.driver.close();
        assertThatThrownBy(init::join).isInstanceOf(CompletionException.class);
    }
}
