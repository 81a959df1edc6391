package io.authzengine.storage.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as a policyd does, with what a test says, and remembers what it was asked. */
final class FakePolicyd implements AutoCloseable {
    record Request(String line, String body, String authorization, String lastEventId) {}

    /** @param ends whether nothing comes after the body */
    private record Answer(int status, String type, String body, boolean ends) {
        Answer(int status, String type, String body) {
            this(status, type, body, true);
        }
    }

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    FakePolicyd() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    FakePolicyd with(String line, String json) {
        answers.put(line, new Answer(200, "application/json", json));
        return this;
    }

    FakePolicyd withStream(String events) {
        answers.put("GET /api/policies/stream", new Answer(200, "text/event-stream", events));
        return this;
    }

    FakePolicyd withOpenStream(String events) {
        answers.put("GET /api/policies/stream", new Answer(200, "text/event-stream", events, false));
        return this;
    }

    FakePolicyd refusing(String line, int status, String json) {
        answers.put(line, new Answer(status, "application/problem+json", json));
        return this;
    }

    /** Answers 503 with what is no problem but the answer, as health does. */
    FakePolicyd unavailable(String line, String json) {
        answers.put(line, new Answer(503, "application/json", json));
        return this;
    }

    Request last() {
        return requests.get(requests.size() - 1);
    }

    int asked() {
        return requests.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                line,
                body,
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID"))));
        Answer answer = answers.getOrDefault(
                line,
                new Answer(
                        404,
                        "application/problem+json",
                        "{\"code\":\"NOT_FOUND\",\"detail\":\"There is nothing at " + line + "\"}"));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), answer.ends() ? bytes.length : 0);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes);
        out.flush();
        if (answer.ends()) {
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
