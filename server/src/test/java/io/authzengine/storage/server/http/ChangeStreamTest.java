package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.authzengine.storage.server.Await;
import io.authzengine.storage.server.Policies;
import io.authzengine.storage.server.view.ChangeSetView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ChangeStreamTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(50);

    private final Served served;

    ChangeStreamTest(@TempDir Path directory) {
        served = new Served(directory, "", HEARTBEAT);
        served.policies.with("album.yaml", Policies.resource("album", "view"));
        served.store.start();
    }

    @AfterEach
    void close() {
        served.close();
    }

    /** The stream as a browser reads it. */
    private static final class Reader implements AutoCloseable {
        final HttpResponse<InputStream> response;
        private final BufferedReader lines;

        /** An event; comments come as events without a name. */
        record Event(String id, String name, String data) {
            /** Returns the id without the process, which is a part of it. */
            String version() {
                assertThat(id).matches("[0-9a-f]{8}-\\d+");
                return id.substring(9);
            }
        }

        Reader(Served served, @Nullable String lastEventId) throws IOException, InterruptedException {
            this(served, "", lastEventId);
        }

        Reader(Served served, String query, @Nullable String lastEventId) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    served.request("/api/policies/stream" + query).header("Accept", "text/event-stream");
            if (lastEventId != null) {
                request.header("Last-Event-ID", lastEventId);
            }
            response = served.client().send(request.build(), BodyHandlers.ofInputStream());
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** Returns the next event or comment; null at the end. */
        @Nullable
        Event next() throws IOException {
            String id = "";
            String name = "";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    return new Event(id, name, data.toString());
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                } else {
                    assertThat(line).matches("(: .*|retry: \\d+)");
                }
            }
            return null;
        }

        Event next(String name) throws IOException {
            for (Event event = next(); event != null; event = next()) {
                if (event.name().equals(name)) {
                    return event;
                }
            }
            throw new AssertionError("the stream ended without an event " + name);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Test
    void beginsWithWhatIsServed() throws Exception {
        try (Reader reader = new Reader(served, null)) {
            assertThat(reader.response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(reader.response.headers().firstValue("Cache-Control")).contains("no-cache");
            JsonNode version = Served.json(reader.next("policy-version").data());
            assertThat(version.path("version").asInt()).isEqualTo(1);
            assertThat(version.path("digest").asText())
                    .isEqualTo(served.store.current().digest());
        }
    }

    @Test
    void tellsOfEachChangeOnce() throws Exception {
        try (Reader reader = new Reader(served, null)) {
            reader.next("policy-version");
            served.policies.with("photo.yaml", Policies.resource("photo", "view"));
            Reader.Event added = reader.next("policy-change");
            assertThat(added.version()).isEqualTo("2");
            JsonNode json = Served.json(added.data());
            assertThat(json.fieldNames()).toIterable().containsExactly("version", "digest", "at", "cause", "changes");
            assertThat(json.path("version").asInt()).isEqualTo(2);
            assertThat(json.path("digest").asText())
                    .isEqualTo(served.store.current().digest());
            JsonNode change = json.path("changes").path(0);
            assertThat(change.fieldNames())
                    .toIterable()
                    .containsExactly("type", "policyId", "kind", "source", "contentHash");
            assertThat(change.path("type").asText()).isEqualTo("added");
            assertThat(change.path("policyId").asText()).isEqualTo("resource.photo.vdefault");
            assertThat(change.path("source").asText()).isEqualTo("policies/photo.yaml");

            served.policies.without("photo.yaml");
            JsonNode deleted = Served.json(reader.next("policy-change").data());
            assertThat(deleted.path("version").asInt()).isEqualTo(3);
            assertThat(deleted.path("changes").path(0).path("type").asText()).isEqualTo("deleted");
            assertThat(deleted.path("changes").path(0).path("contentHash").isNull())
                    .isTrue();
        }
    }

    @Test
    void tellsAtOnceWhatWasMissed() throws Exception {
        String lastId = idOfVersionOne();
        served.policies.with("photo.yaml", Policies.resource("photo", "view"));
        Await.until("it is served", () -> served.store.current().version().number() == 2);
        try (Reader reader = new Reader(served, lastId)) {
            Reader.Event greeting = reader.next("policy-version");
            assertThat(greeting.id()).isEmpty();
            assertThat(Served.json(greeting.data()).path("resync").asBoolean(true))
                    .isFalse();
            Reader.Event missed = reader.next("policy-change");
            assertThat(missed.version()).isEqualTo("2");
            assertThat(Served.json(missed.data()).path("cause").asText()).isEqualTo("resync");
            assertThat(Served.json(missed.data())
                            .path("changes")
                            .path(0)
                            .path("policyId")
                            .asText())
                    .isEqualTo("resource.photo.vdefault");
        }
    }

    private String idOfVersionOne() throws Exception {
        try (Reader reader = new Reader(served, null)) {
            Reader.Event greeting = reader.next("policy-version");
            assertThat(greeting.version()).isEqualTo("1");
            return greeting.id();
        }
    }

    @Test
    void hasNothingToTellAReaderThatMissedNothing() throws Exception {
        try (Reader reader = new Reader(served, idOfVersionOne())) {
            assertThat(reader.next("policy-version").data()).contains("\"resync\":false");
            assertThat(java.util.Objects.requireNonNull(reader.next()).name()).isEmpty();
        }
    }

    @Test
    void beginsAnewForAReaderWithAnIdItDoesNotKnow() throws Exception {
        String ours = idOfVersionOne().substring(0, 9);
        String another = (ours.startsWith("0") ? "1" : "0") + ours.substring(1);
        served.policies.with("photo.yaml", Policies.resource("photo", "view"));
        Await.until("it is served", () -> served.store.current().version().number() == 2);
        for (String id :
                new String[] {"1", "yesterday", another + "1", another + "2", ours + "999", ours + "x", ours}) {
            try (Reader reader = new Reader(served, id)) {
                Reader.Event greeting = reader.next("policy-version");
                assertThat(greeting.version()).isEqualTo("2");
                assertThat(greeting.data()).contains("\"version\":2", "\"resync\":true");
                assertThat(java.util.Objects.requireNonNull(reader.next()).name())
                        .isEmpty();
            }
        }
    }

    @Test
    void tellsReadersWhatTheyAskForAndNothingElse() throws Exception {
        try (Reader roles = new Reader(served, "?kind=derivedRoles", null);
                Reader others = new Reader(served, "?driver=another", null);
                Reader bodies = new Reader(served, "?kind=resourcePolicy&bodies=true", null)) {
            served.policies.with("photo.yaml", Policies.resource("photo", "view"));
            JsonNode change = Served.json(bodies.next("policy-change").data());
            assertThat(change.at("/changes/0/raw").asText()).isEqualTo(Policies.resource("photo", "view"));
            for (Reader reader : List.of(roles, others)) {
                reader.next("policy-version");
                Reader.Event event = java.util.Objects.requireNonNull(reader.next());
                while (event.id().isEmpty()) {
                    event = java.util.Objects.requireNonNull(reader.next()); // A heartbeat.
                }
                assertThat(event.version()).isEqualTo("2");
                assertThat(event.data()).isEmpty();
            }
        }
        assertThat(served.get("/api/policies/stream?kind=nothing").statusCode()).isEqualTo(400);
        assertThat(served.get("/api/policies/stream?bodies=yes").statusCode()).isEqualTo(400);
    }

    @Test
    void servesManyReadersWithFewThreads() throws Exception {
        List<Reader> readers = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                readers.add(new Reader(served, null));
            }
            served.policies.with("photo.yaml", Policies.resource("photo", "view"));
            for (Reader reader : readers) {
                assertThat(reader.next("policy-change").version()).isEqualTo("2");
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("served-worker")
                            || thread.getName().startsWith("JettyServerThreadPool"))
                    .hasSizeLessThan(readers.size() / 2);
        } finally {
            for (Reader reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void showsThatItIsStillThere() throws Exception {
        try (Reader reader = new Reader(served, null)) {
            reader.next("policy-version");
            assertThat(reader.next()).isEqualTo(new Reader.Event("", "", ""));
        }
    }

    @Test
    void forgetsAReaderThatIsGone() throws Exception {
        Reader reader = new Reader(served, null);
        reader.next("policy-version");
        assertThat(served.server.stream().readers()).isEqualTo(1);
        reader.close();
        Await.until("it is forgotten", () -> served.server.stream().readers() == 0);
    }

    @Test
    void endsWithTheServer() throws Exception {
        try (Reader reader = new Reader(served, null)) {
            reader.next("policy-version");
            served.server.close();
            Reader.Event event = reader.next();
            while (event != null) {
                event = reader.next();
            }
            assertThat(served.server.stream().readers()).isZero();
        }
    }

    @Test
    void cutsOffAReaderThatDoesNotReadAndDelaysNobodyElse() throws Exception {
        try (Socket lazy = new Socket()) {
            lazy.setReceiveBufferSize(1024);
            lazy.connect(served.server.address());
            lazy.getOutputStream()
                    .write("GET /api/policies/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            Await.until("it reads", () -> served.server.stream().readers() == 1);
            flood();
            Await.until("it is cut off", () -> served.server.stream().readers() == 0);
            try (Reader diligent = new Reader(served, null)) {
                diligent.next("policy-version");
                served.policies.with("photo.yaml", Policies.resource("photo", "view"));
                assertThat(diligent.next("policy-change").version()).isEqualTo("2");
            }
            lazy.setSoTimeout(60_000);
            assertThat(isEnded(lazy)).isTrue();
        }
    }

    /** Sends more than the buffers of both ends and the queue can hold. */
    private void flood() {
        String large = "x".repeat(100_000);
        for (int version = 9; version < 609; version++) { // Each its own, as a reader skips what it was told already.
            ChangeSetView changes = new ChangeSetView(version, null, Instant.EPOCH, large, List.of());
            served.server.stream().send(StreamFrame.change(Integer.toString(version), changes));
        }
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketException e) {
            return true; // Reset, which is an end too.
        }
    }
}
