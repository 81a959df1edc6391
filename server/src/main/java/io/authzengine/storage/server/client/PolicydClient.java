package io.authzengine.storage.server.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.authzengine.storage.server.view.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** Asks a policyd that runs. All calls block and may be interrupted. Thread-safe. */
public final class PolicydClient {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A reload reads a whole backend. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERRORS = 500;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final URI server;
    private final Optional<String> token;

    /**
     * @param server without a path, such as {@code http://127.0.0.1:8181}
     * @param token sent with each request; never shown
     * @throws IllegalArgumentException if {@code server} is no such URL
     */
    public PolicydClient(URI server, Optional<String> token) {
        boolean web = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
        if (!web || server.getHost() == null || server.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "--server: expected a URL such as http://127.0.0.1:8181, without credentials in it");
        }
        String text = server.toString();
        this.server = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : server;
        this.token = token;
    }

    /**
     * Returns what is at {@code path}.
     *
     * @throws ServerException if it is not there or cannot be had
     */
    public JsonNode get(String path) {
        return json(text(request(path).GET()));
    }

    /** Returns what is at {@code path} also if the server calls it unavailable: then it says why. */
    public JsonNode getEvenIfUnavailable(String path) {
        HttpResponse<String> answer = send(request(path).GET(), BodyHandlers.ofString());
        boolean says = answer.statusCode() == 503 && isJson(answer);
        JsonNode body = says ? parse(answer.body()) : MAPPER.missingNode();
        return body.isObject() ? body : json(checked(answer));
    }

    /**
     * Asks for {@code path} to be done.
     *
     * @throws ServerException if it is refused or cannot be done
     */
    public JsonNode post(String path, Map<String, ?> body) {
        return json(text(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.line(body)))));
    }

    /**
     * Reads the stream of changes until its connection ends or this thread is interrupted.
     *
     * @param lastEventId the last one seen before; empty for what comes from now on
     * @param line told each line, one after another, on a thread of the client's
     * @throws ServerException if it cannot be had, breaks off, or this thread is interrupted
     */
    public void stream(Optional<String> lastEventId, Consumer<String> line) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/api/policies/stream"))
                .header("Accept", "text/event-stream");
        lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
        HttpResponse<Optional<String>> answer = send(
                authorized(request).GET(),
                head -> head.statusCode() == OK
                        ? BodySubscribers.fromLineSubscriber(
                                new Lines(line), read -> Optional.empty(), StandardCharsets.UTF_8, null)
                        : BodySubscribers.mapping(BodySubscribers.ofString(StandardCharsets.UTF_8), Optional::of));
        if (answer.body().isPresent()) {
            throw refusal(answer.statusCode(), answer.body().get());
        }
    }

    /** Lines as they come. A body read by this thread itself would not let it be interrupted, up to Java 17. */
    private record Lines(Consumer<String> line) implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String next) {
            line.accept(next);
        }

        @Override
        public void onError(Throwable failure) {
            // The one who sent the request is told.
        }

        @Override
        public void onComplete() {
            // So is the one who sent it.
        }
    }

    private HttpRequest.Builder request(String path) {
        return authorized(HttpRequest.newBuilder(URI.create(server + path))
                .timeout(ANSWER)
                .header("Accept", "application/json"));
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return request;
    }

    private String text(HttpRequest.Builder request) {
        return checked(send(request, BodyHandlers.ofString(StandardCharsets.UTF_8)));
    }

    private String checked(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 == 2) {
            return answer.body();
        }
        throw refusal(answer.statusCode(), answer.body());
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            String why = e.getMessage() == null ? "no connection" : e.getMessage();
            throw new ServerException(
                    ServerException.Kind.UNAVAILABLE,
                    "the server does not answer at " + server + ": " + why
                            + "; is it running, and is this its address? --server URL names another",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException(ServerException.Kind.UNAVAILABLE, "interrupted while waiting for " + server, e);
        }
    }

    private JsonNode json(String body) {
        JsonNode node = parse(body);
        if (node.isMissingNode()) {
            throw new ServerException(
                    ServerException.Kind.UNAVAILABLE,
                    "what answers at " + server + " is not policyd; --server URL names another");
        }
        return node;
    }

    /** Problems are JSON of a type of their own. */
    private static boolean isJson(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
    }

    private static JsonNode parse(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }

    private ServerException refusal(int status, String body) {
        JsonNode problem = parse(body);
        String code = problem.path("code").asText("");
        String detail = problem.path("detail").asText("HTTP " + status);
        StringBuilder message = new StringBuilder(detail);
        if (!code.isEmpty()) {
            message.append(" (").append(code).append(')');
        }
        for (JsonNode finding : problem.path("findings")) {
            message.append('\n')
                    .append(finding.path("file").asText())
                    .append(':')
                    .append(finding.path("line").asInt())
                    .append(": ")
                    .append(finding.path("message").asText());
        }
        if ((status == UNAUTHORIZED || status == FORBIDDEN) && token.isEmpty()) {
            message.append("; give the token in a file with --token-file, or in POLICYD_TOKEN");
        }
        return new ServerException(kind(status, code), server + ": " + message);
    }

    private static ServerException.Kind kind(int status, String code) {
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            return ServerException.Kind.FORBIDDEN;
        }
        if (status == BAD_REQUEST && !code.equals("VALIDATION_FAILED")) {
            return ServerException.Kind.MISUSED;
        }
        boolean refused = status >= BAD_REQUEST && status < SERVER_ERRORS && (status != NOT_FOUND || !code.isEmpty());
        return refused ? ServerException.Kind.REFUSED : ServerException.Kind.UNAVAILABLE;
    }
}
