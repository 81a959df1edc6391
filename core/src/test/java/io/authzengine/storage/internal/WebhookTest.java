package io.authzengine.storage.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.authzengine.storage.AuditRecord;
import io.authzengine.storage.StoreCounters.Deliveries;
import io.authzengine.storage.config.WebhookSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.internal.Webhook.Outcome;
import io.authzengine.storage.simulation.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTest {
    private static final String SECRET = "between the two of us";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final URI SOMEWHERE = URI.create("https://example.com/hook");

    private static AuditRecord change(String event, long version) {
        return new AuditRecord(
                event,
                AuditRecord.Outcome.COMMITTED,
                Instant.EPOCH,
                "fake",
                "poll",
                "",
                "",
                version,
                version - 1,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                0,
                List.of());
    }

    private static AuditRecord update(long version) {
        return change("policy.updated", version);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("waited for longer than " + PATIENCE)
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** When calls are made, on a clock that stands still. */
    @Nested
    class InTime {
        private final Simulation sim = Simulation.seeded(1);
        private final List<Long> calledAt = new ArrayList<>();
        private final List<String> called = new ArrayList<>();
        private final ArrayDeque<Outcome> outcomes = new ArrayDeque<>();
        private double drawn = 1;

        private final RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                return sim.random().nextLong();
            }

            @Override
            public double nextDouble() {
                return drawn;
            }
        };
        private final StorageContext context =
                new StorageContext(sim.clock(), sim::nanoTime, random, sim.scheduler(), sim.workers(), sim::await);
        private final WebhookSettings settings = WebhookSettings.of(SOMEWHERE, SECRET)
                .withRetries(4, Duration.ofSeconds(1), Duration.ofSeconds(5))
                .withCapacity(3);

        private Webhook webhook(WebhookSettings with) {
            return new Webhook(with, WebhookQueue.inMemory(with.capacity()), context, entry -> {
                calledAt.add(Duration.ofNanos(sim.nanoTime()).toMillis());
                called.add(entry.id());
                return outcomes.isEmpty() ? Outcome.TAKEN : outcomes.remove();
            });
        }

        private void failing(int times) {
            for (int i = 0; i < times; i++) {
                outcomes.add(Outcome.FAILED);
            }
        }

        @Test
        void retriesAreDrawnFromADoublingRangeWithACap() {
            failing(4);
            Webhook webhook = webhook(settings);
            webhook.accept(update(1));
            sim.advance(Duration.ofMinutes(1));

            assertThat(calledAt).containsExactly(0L, 1000L, 3000L, 7000L, 12000L);
            assertThat(webhook.deliveries()).isEqualTo(new Deliveries(1, 0, 0, 0));
            assertThat(called).as("the id stays").containsOnly(called.get(0));
        }

        @Test
        void theLowestDrawRetriesAtOnce() {
            drawn = 0;
            failing(4);
            Webhook webhook = webhook(settings);
            webhook.accept(update(1));
            sim.advance(Duration.ofNanos(1));

            assertThat(calledAt).containsExactly(0L, 0L, 0L, 0L, 0L);
        }

        @Test
        void afterTheLastRetryItIsGivenUpCountedAndTheNextIsTold() {
            failing(5);
            Webhook webhook = webhook(settings);
            webhook.accept(update(1));
            webhook.accept(update(2));
            sim.advance(Duration.ofMinutes(1));

            assertThat(webhook.deliveries()).isEqualTo(new Deliveries(1, 1, 0, 0));
            assertThat(called).hasSize(6);
        }

        @Test
        void aRefusalIsNotTriedAgain() {
            outcomes.add(Outcome.REFUSED);
            Webhook webhook = webhook(settings);
            webhook.accept(update(1));
            sim.advance(Duration.ofMinutes(1));

            assertThat(called).hasSize(1);
            assertThat(webhook.deliveries()).isEqualTo(new Deliveries(0, 1, 0, 0));
        }

        @Test
        void whatDoesNotFitMakesTheOldestGoAndIsCounted() {
            failing(1);
            Webhook webhook = webhook(settings);
            for (int i = 1; i <= 10; i++) {
                webhook.accept(update(i));
            }
            assertThat(webhook.deliveries()).isEqualTo(new Deliveries(0, 0, 7, 3));
            sim.advance(Duration.ofMinutes(1));

            assertThat(webhook.deliveries()).isEqualTo(new Deliveries(3, 0, 7, 0));
        }

        @Test
        void onlyTheEventsAskedForAreTold() {
            Webhook webhook = webhook(settings.withEvents(List.of("policy.rolled_back")));
            webhook.accept(update(1));
            webhook.accept(change("policy.rolled_back", 2));

            assertThat(called).hasSize(1);
        }

        @Test
        void afterCloseNothingIsCalled() {
            failing(1);
            Webhook webhook = webhook(settings);
            webhook.accept(update(1));
            webhook.close();
            webhook.accept(update(2));
            sim.advance(Duration.ofMinutes(1));

            assertThat(called).hasSize(1);
            assertThat(sim.pending()).isZero();
        }
    }

    @Nested
    class OverARestart {
        @TempDir
        Path directory;

        private final Simulation sim = Simulation.seeded(1);
        private final StorageContext context = new StorageContext(
                sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
        private final WebhookSettings settings =
                WebhookSettings.of(SOMEWHERE, SECRET).withCapacity(3);
        private final List<String> bodies = new ArrayList<>();

        private Webhook webhook(Outcome outcome) {
            return new Webhook(settings, WebhookQueue.in(directory, settings), context, entry -> {
                bodies.add(entry.body());
                return outcome;
            });
        }

        @Test
        void whatWaitedIsToldOnce() {
            Webhook before = webhook(Outcome.FAILED);
            before.accept(update(1));
            before.accept(update(2));
            before.close();
            bodies.clear();

            Webhook after = webhook(Outcome.TAKEN);
            after.wake();
            after.accept(update(3));

            assertThat(bodies).hasSize(3);
            assertThat(bodies.get(0)).contains("\"version\":1,");
            bodies.clear();
            webhook(Outcome.TAKEN).wake();
            assertThat(bodies).isEmpty();
        }

        @Test
        void theFileIsForItsOwnerOnlyAndHoldsNoSecret() throws IOException {
            webhook(Outcome.FAILED).accept(update(1));

            try (Stream<Path> files = Files.list(directory)) {
                Path file = files.findFirst().orElseThrow();
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                assertThat(Files.readString(file)).doesNotContain(SECRET);
            }
        }

        @Test
        void aBrokenFileCostsItsBrokenLinesOnly() throws IOException {
            webhook(Outcome.FAILED).accept(update(1));
            try (Stream<Path> files = Files.list(directory)) {
                Path file = files.findFirst().orElseThrow();
                Files.writeString(file, "torn\n" + Files.readString(file));
            }

            bodies.clear();
            webhook(Outcome.TAKEN).wake();
            assertThat(bodies).hasSize(1);
        }

        @Test
        void aDirectoryThatCannotBeWrittenToCostsOnlyTheRestart() throws IOException {
            Path gone = directory.resolve("gone");
            Webhook webhook = new Webhook(settings, WebhookQueue.in(gone, settings), context, entry -> {
                bodies.add(entry.body());
                return Outcome.TAKEN;
            });
            webhook.accept(update(1));

            assertThat(bodies).hasSize(1);
            assertThat(webhook.deliveries().delivered()).isEqualTo(1);
        }
    }

    /** What is sent, to a real server. */
    @Nested
    class OverHttp {
        private final List<Integer> answers = new CopyOnWriteArrayList<>();
        private final List<Map<String, String>> calls = new CopyOnWriteArrayList<>();
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final StorageContext context = StorageContext.create("webhook");
        private final ExecutorService handlers = Executors.newCachedThreadPool();
        private volatile boolean slow;
        private final HttpServer server;
        private @Nullable Webhook opened;

        OverHttp() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        }

        @BeforeEach
        void serve() {
            server.setExecutor(handlers);
            server.createContext("/hook", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(Map.of(
                    "body", body,
                    "signature", exchange.getRequestHeaders().getFirst("AuthZ-Signature"),
                    "event", exchange.getRequestHeaders().getFirst("AuthZ-Event"),
                    "delivery", exchange.getRequestHeaders().getFirst("AuthZ-Delivery"),
                    "type", exchange.getRequestHeaders().getFirst("Content-Type")));
            int status = answers.isEmpty() ? 204 : answers.remove(0);
            if (slow) {
                exchange.sendResponseHeaders(200, 0); // The headers come at once, the body does not.
                exchange.getResponseBody().flush();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            } else {
                exchange.sendResponseHeaders(status, -1);
            }
            exchange.close();
        }

        private WebhookSettings settings() {
            URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/hook?key=hidden");
            return WebhookSettings.of(url, SECRET).withRetries(3, Duration.ofMillis(1), Duration.ofMillis(5));
        }

        private Webhook open(WebhookSettings settings) {
            Webhook webhook = Webhook.of(settings, WebhookQueue.inMemory(settings.capacity()), context);
            opened = webhook;
            return webhook;
        }

        @AfterEach
        void close() {
            goOn.countDown();
            if (opened != null) {
                opened.close();
            }
            context.close();
            server.stop(0);
            handlers.shutdownNow();
        }

        @Test
        void theReceiverCanVerifyWhoSentItAndWhen() throws GeneralSecurityException {
            Webhook webhook = open(settings());
            AuditRecord change = update(7);
            webhook.accept(change);
            await(() -> webhook.deliveries().delivered() == 1);

            Map<String, String> call = calls.get(0);
            String signature = Objects.requireNonNull(call.get("signature"));
            assertThat(call.get("body")).isEqualTo(change.toJson());
            assertThat(call.get("event")).isEqualTo("policy.updated");
            assertThat(call.get("type")).isEqualTo("application/json");
            assertThat(signature).matches("t=[0-9]{10},v1=[0-9a-f]{64}");
            String time = signature.substring(2, 12);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String expected = HexFormat.of()
                    .formatHex(mac.doFinal((time + "." + call.get("body")).getBytes(StandardCharsets.UTF_8)));
            assertThat(signature).endsWith(",v1=" + expected);
        }

        @Test
        void serverErrorsAndTooManyRequestsAreTriedAgainWithTheSameDeliveryId() {
            answers.addAll(List.of(500, 429, 503));
            Webhook webhook = open(settings());
            webhook.accept(update(1));
            await(() -> webhook.deliveries().delivered() == 1);

            assertThat(calls).hasSize(4);
            assertThat(calls)
                    .extracting(call -> call.get("delivery"))
                    .containsOnly(calls.get(0).get("delivery"));
        }

        @Test
        void refusalsAndRedirectionsAreNot() {
            answers.addAll(List.of(400, 302));
            Webhook webhook = open(settings());
            webhook.accept(update(1));
            webhook.accept(update(2));
            await(() -> webhook.deliveries().failed() == 2);

            assertThat(calls).hasSize(2);
        }

        @Test
        void aReceiverThatIsTooSlowFailsAtTheDeadlineAlsoInMidAnswer() {
            slow = true;
            Webhook webhook = open(settings()
                    .withTimeout(Duration.ofSeconds(2))
                    .withRetries(0, Duration.ofMillis(1), Duration.ofMillis(1)));
            webhook.accept(update(1));
            await(() ->
                    webhook.deliveries().failed() == 1 && webhook.deliveries().waiting() == 0);

            assertThat(goOn.getCount()).as("it is slow still").isEqualTo(1);
        }

        @Test
        void aReceiverThatIsNotThereIsAFailure() {
            Webhook webhook = open(settings());
            server.stop(0);
            webhook.accept(update(1));
            await(() -> webhook.deliveries().failed() == 1);

            assertThat(calls).isEmpty();
        }

        @Test
        void changeSetsComeInOrder() {
            Webhook webhook = open(settings());
            for (int i = 1; i <= 20; i++) {
                webhook.accept(update(i));
            }
            await(() -> webhook.deliveries().delivered() == 20);

            for (int i = 0; i < 20; i++) {
                assertThat(calls.get(i).get("body")).contains("\"version\":" + (i + 1) + ",");
            }
        }
    }

    @Nested
    class Settings {
        @Test
        void neverShowTheSecretOrTheQuery() {
            WebhookSettings settings =
                    WebhookSettings.of(URI.create("https://example.com:8443/hook?key=hidden"), SECRET);

            assertThat(settings.toString()).doesNotContain(SECRET, "hidden").contains("https://example.com:8443/hook");
        }

        @Test
        void refuseAddressesThatAreNoneOrHoldCredentials() {
            for (String url : List.of("ftp://example.com/", "https://me:secret@example.com/", "/hook", "https:///x")) {
                assertThatThrownBy(() -> WebhookSettings.of(URI.create(url), SECRET))
                        .as(url)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageNotContaining("secret@");
            }
        }

        @Test
        void refuseEventsThereAreNot() {
            assertThatThrownBy(() -> WebhookSettings.of(SOMEWHERE, SECRET).withEvents(List.of("policy.deleted")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
