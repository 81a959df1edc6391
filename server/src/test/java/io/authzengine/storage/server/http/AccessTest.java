package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.authzengine.storage.server.Policies;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTest {
    private static final String READER = "reader-0123456789";
    private static final String OPERATOR = "operator-0123456789";
    private static final String SITE = "https://ops.example.com";

    private final Served served;

    AccessTest(@TempDir Path directory) {
        AccessSettings access = new AccessSettings(
                List.of(
                        new AccessToken("scraper", READER, Set.of(Right.READ)),
                        new AccessToken("ops", OPERATOR, Set.of(Right.CHANGE))),
                Optional.empty(),
                List.of(SITE),
                1_000);
        served = new Served(directory, "", Duration.ofSeconds(15), access);
        served.policies.with("album.yaml", Policies.resource("album", "view"));
        served.store.start();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static String[] as(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Served.json(response).path("code").asText()).isEqualTo(code);
        assertThat(response.body()).doesNotContain(READER).doesNotContain(OPERATOR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/status",
                "/api/policies",
                "/api/policies/resource.album.vdefault",
                "/api/policies/stream",
                "/api/bundle",
                "/api/versions",
                "/metrics",
                "/health",
                "/nowhere"
            })
    void asksWhoWantsToSeeAnything(String path) throws Exception {
        HttpResponse<String> response = served.get(path);
        assertProblem(response, 401, "UNAUTHORIZED");
        assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/openapi.json", "/health/live", "/health/ready", "/health/fresh"})
    void showsToAnybodyWhatHoldsNoSecret(String path) throws Exception {
        assertThat(served.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void letsReadersReadAndNothingElse() throws Exception {
        JsonNode status = Served.json(served.get("/api/status", as(READER)));
        assertThat(status.path("rights").toString()).isEqualTo("[\"read\"]");
        assertProblem(served.post("/api/pin", "{}", as(READER)), 403, "FORBIDDEN");
        assertProblem(served.post("/api/pin", "{}"), 401, "UNAUTHORIZED");
        assertThat(served.store.status().departures()).isEmpty();
    }

    @Test
    void letsOperatorsChangeAndKeepsWhoItWas() throws Exception {
        assertThat(served.post("/api/pin", "{\"reason\": \"audit\"}", as(OPERATOR))
                        .statusCode())
                .isEqualTo(200);
        JsonNode status = Served.json(served.get("/api/status", as(OPERATOR)));
        assertThat(status.path("rights").toString()).isEqualTo("[\"read\",\"change\"]");
        assertThat(status.at("/departures/0/author").asText()).isEqualTo("ops at 127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader-012345678", "reader-01234567890", "READER-0123456789", "x"})
    void refusesTokensThatAreNearlyRight(String token) throws Exception {
        assertProblem(served.get("/api/status", as(token)), 401, "UNAUTHORIZED");
    }

    @Test
    void answersNobodyWhoGuesses() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertProblem(served.get("/api/status", as("guess-" + i)), 401, "UNAUTHORIZED");
        }
        HttpResponse<String> response = served.get("/api/status", as("one guess more"));
        assertProblem(response, 429, "TOO_MANY_REQUESTS");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(served.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void knowsARightTokenHoweverManyWrongOnesCameFromItsAddress() throws Exception {
        for (int i = 0; i < 20; i++) {
            served.get("/api/status", as("guess-" + i));
        }
        assertThat(served.get("/api/status", as(READER)).statusCode()).isEqualTo(200);
        assertThat(served.post("/api/pin", "{}", as(OPERATOR)).statusCode()).isEqualTo(200);
        assertProblem(served.get("/api/status", as("one guess more")), 429, "TOO_MANY_REQUESTS");
        assertProblem(served.get("/api/status"), 401, "UNAUTHORIZED");
    }

    @Test
    void letsPagesOfNamedSitesInAndNoOthers() throws Exception {
        Answer named = raw("GET", SITE, "");
        assertThat(named.status()).isEqualTo(200);
        assertThat(named.text()).contains("Access-Control-Allow-Origin: " + SITE);
        assertThat(raw("GET", "https://evil.example", "").text()).doesNotContain("Access-Control-Allow-Origin");
        assertThat(raw("POST", "https://evil.example", "").text()).contains("CROSS_SITE");
        Answer asks = raw("OPTIONS", SITE, "Access-Control-Request-Method: POST\r\n");
        assertThat(asks.status()).isEqualTo(204);
        assertThat(asks.text()).contains("Access-Control-Allow-Headers: Authorization");
    }

    private record Answer(int status, String text) {}

    /** The JDK's client lets nobody set an origin. */
    private Answer raw(String method, String origin, String more) throws Exception {
        try (Socket socket = new Socket(
                served.server.address().getAddress(), served.server.address().getPort())) {
            socket.setSoTimeout(30_000);
            String path = method.equals("POST") ? "/api/unpin" : "/api/status";
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                                    + "\r\nAuthorization: Bearer " + OPERATOR
                                    + "\r\nContent-Length: 0\r\nConnection: close\r\n" + more + "\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(Integer.parseInt(text.substring(9, 12)), text);
        }
    }
}
