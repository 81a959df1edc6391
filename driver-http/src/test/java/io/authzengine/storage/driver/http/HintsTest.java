package io.authzengine.storage.driver.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.source.PolicySource.HintListener;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SyncStatus.Watch;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls are ten minutes apart here, so whatever arrives was hinted. */
class HintsTest {
    private static final String PATH = "/policy.yaml";
    private static final String STREAM = "/api/policies/stream";

    private final DocumentServer server = DocumentServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private Driven following(HttpConfig.Hint hint) {
        Driven driven = Driven.at(server.url(PATH), config -> config.withHint(hint));
        driven.driver.watch(change -> {});
        driven.driver.init();
        return driven;
    }

    @Nested
    class Events {
        private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

        private void stream(HttpExchange exchange) throws IOException {
            stream(exchange, 200);
        }

        private void stream(HttpExchange exchange, int status) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().flush(); // Newer servers of Java keep the head back until there is more to send.
            try {
                for (String frame = frames.take(); !frame.isEmpty(); frame = frames.take()) {
                    exchange.getResponseBody().write(frame.getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        }

        @Test
        void leadToALookAtOnceAndAStreamThatEndsIsBegunAgain() {
            server.serve(PATH, Driven.album("view"));
            server.on(STREAM, this::stream);
            try (Driven driven = following(HttpConfig.Hint.SSE)) {
                Driven.await("the watch", () -> driven.status().watch().state() == Watch.State.ACTIVE);
                server.serve(PATH, Driven.album("edit"));
                frames.add("event: policy-change\ndata: {}\n\n");
                Driven.await("the change", () -> driven.text().contains("edit"));
                frames.add("");
                Driven.await("the loss", () -> driven.status().watch().state() == Watch.State.LOST);
                assertThat(driven.status().watch().reason()).contains("ended the stream of events", STREAM);
                Driven.await("the watch again", () -> driven.status().watch().state() == Watch.State.ACTIVE);
                server.serve(PATH, Driven.album("own"));
                frames.add("data: x\n\n");
                Driven.await("the next change", () -> driven.text().contains("own"));
                frames.add("");
            }
        }

        @Test
        void thatTheServerDoesNotOfferCostNothingButAWarning() {
            server.serve(PATH, Driven.album("view"));
            try (Driven driven = following(HttpConfig.Hint.SSE)) {
                Driven.await("the loss", () -> driven.status().watch().state() == Watch.State.LOST);
                assertThat(driven.status().watch().reason()).contains("answered 404 instead of a stream of events");
                assertThat(driven.text()).contains("view");
            }
        }

        @Test
        void fromAnotherServerGetNoCredentials() {
            server.serve(PATH, Driven.album("view"));
            try (DocumentServer other = DocumentServer.start()) {
                other.on(STREAM, this::stream);
                HttpConfig.Hint hint = new HttpConfig.Hint(HttpConfig.Hint.Kind.SSE, Optional.of(other.url(STREAM)));
                try (Driven driven = Driven.at(
                        server.url(PATH),
                        config -> config.withHint(hint)
                                .withCredentials(Credentials.bearer(Credentials.Secret.of("sesame"))))) {
                    driven.driver.init();
                    List<DocumentServer.Asked> asked = new ArrayList<>();
                    Driven.await("the request", () -> {
                        asked.addAll(other.asked());
                        return !asked.isEmpty();
                    });
                    assertThat(asked.get(0).header("Authorization")).isEmpty();
                    frames.add("");
                }
            }
        }

        /** On a clock that is moved by hand; only the network runs by itself. */
        @Test
        void areNotWaitedForOnAStreamThatHasFallenSilent() {
            Simulation sim = Simulation.seeded(1);
            server.on(STREAM, this::stream);
            listening(sim, told -> {
                frames.add("data: x\n\n");
                Driven.await("the first event", () -> told.looks.get() == 1);
                sim.advance(Duration.ofSeconds(44));
                frames.add("data: y\n\n");
                Driven.await("the next event", () -> told.looks.get() == 2);
                sim.advance(Duration.ofSeconds(2));
                assertThat(told.lost).isEmpty();

                sim.advance(Duration.ofSeconds(45));
                Driven.await("the loss", () -> !told.lost.isEmpty());
                assertThat(told.lost).singleElement().asString().contains("broke off", STREAM);
                frames.add("");
            });
        }

        private void listening(Simulation sim, Consumer<Told> test) {
            HttpConfig config = HttpConfig.of(server.url(PATH)).withHint(HttpConfig.Hint.SSE);
            Told told = new Told();
            try (StorageContext real = StorageContext.create("hints")) {
                StorageContext context = new StorageContext(
                        sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), real.workers(), real.waiting());
                try (Transport transport = new Transport(config, context, new HttpErrors("http-1"));
                        Hints hints = new Hints(
                                config,
                                new SourceContext("http-1", context, Duration.ofSeconds(5), 1 << 20),
                                transport)) {
                    hints.listen(told);
                    test.accept(told);
                }
            }
        }

        /** On a clock that stands still, so that it is not the silence that is noticed. */
        @ParameterizedTest
        @ValueSource(ints = {401, 404, 503})
        void thatAreRefusedAreLostAtOnceEvenIfTheRefusalNeverEnds(int status) {
            server.on(STREAM, exchange -> stream(exchange, status));
            listening(Simulation.seeded(1), told -> {
                Driven.await("the loss", () -> !told.lost.isEmpty());
                assertThat(told.lost)
                        .singleElement()
                        .asString()
                        .contains("answered " + status + " instead of a stream of events", STREAM);
                assertThat(told.steps).containsExactly("pending");
                frames.add("");
            });
        }

        @Test
        void areKnownToComeWithTheFirstByteAndNotBefore() {
            server.on(STREAM, this::stream);
            listening(Simulation.seeded(1), told -> {
                assertThat(told.steps).containsExactly("pending");
                frames.add(": heartbeat\n\n");
                Driven.await("the first byte", () -> told.steps.size() == 2);
                frames.add("data: x\n\n");
                Driven.await("the first event", () -> told.looks.get() == 1);
                assertThat(told.steps).containsExactly("pending", "holds");
                frames.add("");
            });
        }

        @ParameterizedTest
        @CsvSource({
            "'data: x\n\n',1",
            "'data:x\r\n\r\n',1",
            "'data\r\r',1",
            "'event: a\ndata: 1\ndata: 2\n\ndata: 3\n\n',2",
            "': heartbeat\n\n',0",
            "'event: a\nid: 7\n\n',0",
            "'data: x\n',0",
            "'database: x\n\n',0",
            "'dat\n\n',0",
        })
        void endAtAnEmptyLineAfterALineOfData(String text, int events) {
            AtomicInteger count = new AtomicInteger();
            EventLines lines = new EventLines(count::incrementAndGet, () -> {});
            for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
                lines.onNext(List.of(ByteBuffer.wrap(new byte[] {next})));
            }
            assertThat(count).hasValue(events);
        }
    }

    @Nested
    class LongPolling {
        private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();

        private void handle(HttpExchange exchange, String body) throws IOException {
            String etag = "\"" + body.hashCode() + "\"";
            boolean known = etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            int status = known ? 304 : 200;
            if (exchange.getRequestHeaders().containsKey("Prefer")) {
                waiting.add(etag);
                try {
                    status = answers.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            DocumentServer.send(
                    exchange,
                    status,
                    Map.of("ETag", status == 304 ? etag : "\"" + (body + status).hashCode() + "\""),
                    status == 304 ? new byte[0] : "x".getBytes(StandardCharsets.UTF_8));
        }

        private void serve(String body) {
            server.on(PATH, exchange -> {
                if (exchange.getRequestHeaders().containsKey("Prefer")) {
                    handle(exchange, body);
                } else {
                    String etag = "\"" + body.hashCode() + "\"";
                    boolean known = etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
                    DocumentServer.send(
                            exchange,
                            known ? 304 : 200,
                            Map.of("ETag", etag),
                            known ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
                }
            });
        }

        @Test
        void isAnsweredWhenThereIsSomethingNewAndBegunAgainWithIt() throws Exception {
            serve(Driven.album("view"));
            try (Driven driven = following(new HttpConfig.Hint(HttpConfig.Hint.Kind.LONG_POLL, Optional.empty()))) {
                waiting.take();
                serve(Driven.album("edit"));
                answers.add(200);
                Driven.await("the change", () -> driven.text().contains("edit"));
                waiting.take();
                answers.add(304);
            }
        }

        @Test
        void isGivenUpWhereTheServerAnswersAtOnce() {
            serve(Driven.album("view"));
            for (int i = 0; i < 10; i++) {
                answers.add(304);
            }
            try (Driven driven = following(new HttpConfig.Hint(HttpConfig.Hint.Kind.LONG_POLL, Optional.empty()))) {
                Driven.await("polling", () -> driven.status().watch().state() == Watch.State.POLLING_ONLY);
                assertThat(driven.status().watch().reason()).contains("answers at once");
                assertThat(waiting).hasSize(3);
            }
        }

        @Test
        void thatBreaksOffIsBegunAgain() {
            serve(Driven.album("view"));
            answers.add(500);
            try (Driven driven = following(new HttpConfig.Hint(HttpConfig.Hint.Kind.LONG_POLL, Optional.empty()))) {
                Driven.await("the loss", () -> driven.status().watch().state() == Watch.State.LOST);
                Driven.await("the next request", () -> waiting.size() == 2);
                answers.add(304);
            }
        }

        @Test
        void thatIsRefusedIsNotBegunByEveryLookButAfterAPause() {
            serve(Driven.album("view"));
            int looks = 10;
            for (int i = 0; i < 10 * looks; i++) {
                answers.add(500);
            }
            try (Driven driven = following(new HttpConfig.Hint(HttpConfig.Hint.Kind.LONG_POLL, Optional.empty()))) {
                Driven.await("the loss", () -> driven.status().watch().state() == Watch.State.LOST);
                for (int i = 0; i < looks; i++) {
                    driven.force();
                }
                assertThat(waiting).hasSizeLessThan(looks / 2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpConfig.Hint.Kind.class,
            names = {"SSE", "LONG_POLL"})
    void areNotAskedOfPrivateAddressesIfOnlyPublicOnesAreAllowed(HttpConfig.Hint.Kind kind) {
        Told told = new Told();
        HttpConfig config = HttpConfig.of(URI.create("https://policies.invalid/policy.yaml"))
                .withHint(new HttpConfig.Hint(kind, Optional.of(server.url(STREAM))))
                .withNetwork(new HttpConfig.Network(true, Optional.empty(), false, 5, Set.of()));
        try (StorageContext context = StorageContext.create("hints");
                Transport transport = new Transport(config, context, new HttpErrors("http-1"));
                Hints hints = new Hints(
                        config, new SourceContext("http-1", context, Duration.ofSeconds(5), 1 << 20), transport)) {
            hints.listen(told);
            hints.looked(new Validators("\"1\"", ""));
        }
        assertThat(told.lost).singleElement().asString().contains("private network", STREAM);
        assertThat(told.looks).hasValue(0);
        assertThat(server.asked()).isEmpty();
    }

    /** Writes down what it is told. */
    private static final class Told implements HintListener {
        final AtomicInteger looks = new AtomicInteger();
        final List<String> lost = new CopyOnWriteArrayList<>();
        final List<String> steps = new CopyOnWriteArrayList<>();

        @Override
        public void pending() {
            steps.add("pending");
        }

        @Override
        public void holds() {
            steps.add("holds");
        }

        @Override
        public void lookNow() {
            looks.incrementAndGet();
        }

        @Override
        public void lost(StorageException reason) {
            lost.add(String.valueOf(reason.getMessage()));
        }

        @Override
        public void pollingOnly(String reason) {
            throw new AssertionError(reason);
        }
    }
}
