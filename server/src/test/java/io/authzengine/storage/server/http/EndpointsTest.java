package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.authzengine.storage.server.Await;
import io.authzengine.storage.server.Policies;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointsTest {
    private static final String SCOPED =
            Policies.resource("album", "view").replace("  version: default", "  version: default\n  scope: acme");

    private Served served;

    EndpointsTest(@TempDir Path directory) {
        served = new Served(directory, "  onInvalid: quarantine\n", Duration.ofSeconds(15));
    }

    @BeforeEach
    void threePolicies() {
        served.policies
                .with("album.yaml", Policies.resource("album", "view"))
                .with("acme.yaml", SCOPED)
                .with("photo.yaml", Policies.resource("photo", "view"));
    }

    @AfterEach
    void close() {
        served.close();
    }

    private JsonNode problem(HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        JsonNode problem = Served.json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asText()).isNotEmpty();
        return problem;
    }

    @Nested
    final class BeforeTheFirstVersion {
        @Test
        void itIsAliveAndNotReady() throws Exception {
            assertThat(served.get("/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = served.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(Served.json(ready).path("ready").asBoolean(true)).isFalse();
            assertThat(Served.json(ready).path("message").asText()).isNotEmpty();
        }

        @Test
        void itIsUnhealthyAndHasNothing() throws Exception {
            HttpResponse<String> health = served.get("/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(Served.json(health).path("status").asText()).isEqualTo("unhealthy");
            assertThat(Served.json(served.get("/api/policies")).path("count").asInt(-1))
                    .isZero();
        }
    }

    @Nested
    final class Health {
        @Test
        void isGoodOnceServed() throws Exception {
            served.store.start();
            JsonNode ready = Served.json(served.get("/health/ready"));
            assertThat(ready.path("ready").asBoolean()).isTrue();
            assertThat(ready.path("version").asInt()).isEqualTo(1);
            HttpResponse<String> health = served.get("/health");
            assertThat(health.statusCode()).isEqualTo(200);
            JsonNode json = Served.json(health);
            assertThat(json.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "status",
                            "message",
                            "version",
                            "policies",
                            "lastCheckedAt",
                            "lastReloadAt",
                            "drivers",
                            "held",
                            "lastError");
            assertThat(json.path("status").asText()).isEqualTo("healthy");
            assertThat(json.path("policies").asInt()).isEqualTo(3);
            assertThat(json.path("held").isNull()).isTrue();
            assertThat(json.path("lastReloadAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        }

        @Test
        void namesThePlaceOfWhatIsHeldBack() throws Exception {
            served.store.start();
            served.policies.with("photo.yaml", Policies.BROKEN.replace("album", "photo"));
            Await.until("it is found", () -> served.store.status().held().isPresent());
            HttpResponse<String> health = served.get("/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(Served.json(health).path("status").asText()).isEqualTo("degraded");
            JsonNode held = Served.json(health).path("held");
            assertThat(held.path("since").asText()).isNotEmpty();
            JsonNode finding = held.path("findings").path(0);
            assertThat(finding.path("file").asText()).isEqualTo("policies/photo.yaml");
            assertThat(finding.path("line").asInt()).isEqualTo(5);
            assertThat(finding.path("column").asInt()).isEqualTo(3);
        }
    }

    @Nested
    final class TheList {
        @BeforeEach
        void start() {
            served.store.start();
        }

        @Test
        void holdsVersionDigestAndMetadata() throws Exception {
            HttpResponse<String> response = served.get("/api/policies");
            assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(response.headers().firstValue("Policy-Version")).contains("1");
            JsonNode list = Served.json(response);
            assertThat(list.fieldNames())
                    .toIterable()
                    .containsExactly("version", "digest", "count", "offset", "items", "quarantined");
            assertThat(list.path("count").asInt()).isEqualTo(3);
            assertThat(list.path("digest").asText())
                    .isEqualTo(served.store.current().digest());
            JsonNode first = list.path("items").path(0);
            assertThat(first.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "id",
                            "kind",
                            "name",
                            "version",
                            "scope",
                            "source",
                            "contentHash",
                            "lastModified",
                            "provenance");
            assertThat(first.path("id").asText()).isEqualTo("resource.album.vdefault");
            assertThat(first.path("source").asText()).isEqualTo("policies/album.yaml");
        }

        @Test
        void isFiltered() throws Exception {
            assertThat(ids("?name=album")).containsExactly("resource.album.vdefault", "resource.album.vdefault/acme");
            assertThat(ids("?name=album&scope=acme")).containsExactly("resource.album.vdefault/acme");
            assertThat(ids("?name=album&scope=")).containsExactly("resource.album.vdefault");
            assertThat(ids("?kind=rolePolicy")).isEmpty();
        }

        @Test
        void comesInPages() throws Exception {
            assertThat(ids("?limit=2")).hasSize(2);
            assertThat(ids("?limit=2&offset=2")).containsExactly("resource.photo.vdefault");
            assertThat(ids("?offset=99")).isEmpty();
            assertThat(Served.json(served.get("/api/policies?limit=0"))
                            .path("count")
                            .asInt())
                    .isEqualTo(3);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "limit=-1",
                    "limit=many",
                    "limit=99999999999",
                    "limit=10001",
                    "offset=-5",
                    "kind=policy",
                    "colour=blue",
                    "name=a&name=b"
                })
        void refusesAnOddQuery(String query) throws Exception {
            problem(served.get("/api/policies?" + query), 400);
        }

        private java.util.List<String> ids(String query) throws Exception {
            return Served.json(served.get("/api/policies" + query))
                    .path("items")
                    .findValuesAsText("id");
        }
    }

    @Nested
    final class OnePolicy {
        @BeforeEach
        void start() {
            served.store.start();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "resource.album.vdefault/acme",
                    "resource.album.vdefault%2Facme",
                    "resource%2Ealbum.vdefault%2facme"
                })
        void isFoundHoweverItsIdIsEncoded(String id) throws Exception {
            HttpResponse<String> response = served.get("/api/policies/" + id);
            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode policy = Served.json(response);
            assertThat(policy.path("id").asText()).isEqualTo("resource.album.vdefault/acme");
            assertThat(policy.path("raw").asText()).isEqualTo(SCOPED);
            assertThat(policy.path("contentHash").asText()).hasSize(64);
            assertThat(policy.path("provenance").path("location").asText()).isEqualTo("policies/acme.yaml");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "nothing",
                    "resource.album.vdefault/acme/more",
                    "%F0%9F%98%80",
                    "a%20b",
                    "%3Cscript%3E",
                    "resource.album.vdefault%2F",
                    "%25%25"
                })
        void thatIsNotThereIsAbsent(String id) throws Exception {
            problem(served.get("/api/policies/" + id), 404);
        }

        @Test
        void thatIsBlockedIsLockedWithReasons() throws Exception {
            served.policies.with("photo.yaml", Policies.BROKEN.replace("album", "photo"));
            Await.until(
                    "it is blocked", () -> !served.store.current().quarantined().isEmpty());
            JsonNode problem = problem(served.get("/api/policies/resource.photo.vdefault"), 423);
            assertThat(problem.path("findings").path(0).path("line").asInt()).isEqualTo(5);
            JsonNode list = Served.json(served.get("/api/policies"));
            assertThat(list.path("quarantined").path(0).path("id").asText()).isEqualTo("resource.photo.vdefault");
        }
    }

    @Nested
    final class Requests {
        @ParameterizedTest
        @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
        void thatWouldChangeSomethingAreNotAllowed(String method) throws Exception {
            HttpRequest request = served.request("/api/policies")
                    .method(method, BodyPublishers.noBody())
                    .build();
            HttpResponse<String> response = served.client().send(request, BodyHandlers.ofString());
            problem(response, 405);
            assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }

        @Test
        void forNothingAreToldWhereToLook() throws Exception {
            assertThat(problem(served.get("/nowhere"), 404).path("detail").asText())
                    .contains("GET /");
        }

        @Test
        void forTheRootGetThePageThatMayRunItsOwnScriptsOnly() throws Exception {
            HttpResponse<String> page = served.get("/");
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
            assertThat(page.body())
                    .contains("/api/policies", "/api/status", "/api/policies/stream")
                    .doesNotContain("/*{", "src=\"http", "url(http");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'sha256-", "style-src 'sha256-")
                    .doesNotContain("unsafe");
        }

        @Test
        void ofHeadGetHeadersOnly() throws Exception {
            for (String path : new String[] {"/api/policies", "/api/policies/stream", "/health/live"}) {
                HttpRequest head = served.request(path)
                        .method("HEAD", BodyPublishers.noBody())
                        .build();
                assertThat(served.client().send(head, BodyHandlers.ofString()).statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"evil.example", "127.evil.example", "127.0.0.1.evil.example:8181", "localhost.evil"})
        void forAnotherHostAreRefused(String host) throws IOException {
            assertThat(raw("GET /api/policies HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 421")
                    .contains("application/problem+json");
            assertThat(raw("POST /api/pin HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host
                            + "\r\nContent-Type: application/json\r\nContent-Length: 17\r\nConnection: close\r\n\r\n"
                            + "{\"reason\": \"any\"}"))
                    .startsWith("HTTP/1.1 421");
        }

        @Test
        void forThisMachineAreAnswered() throws IOException {
            assertThat(raw("GET /health/live HTTP/1.1\r\nHost: 127.0.0.9\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(raw("GET /health/live HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(raw("GET /health/live HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/api/policies/%zz",
                    "/api/policies/%",
                    "/api/policies/a%00b",
                    "/../../etc/passwd",
                    "/api/policies/%C3%28",
                    "/api/policies/..%2f..%2fx"
                })
        void withAMalformedPathAreRefusedInTheSameForm(String path) throws IOException {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 40")
                    .contains("application/problem+json")
                    .contains("\"type\":\"about:blank\"")
                    .doesNotContain("\tat ");
        }

        @Test
        void thatAreFarTooLongAreRefused() throws Exception {
            String query = "/api/policies?name=" + "x".repeat(100_000);
            assertThat(raw("GET " + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 414");
        }

        @Test
        void thatAreNoHttpAreRefused() throws IOException {
            assertThat(raw("\u0000\u0001\u0002\r\n\r\n")).startsWith("HTTP/1.1 400");
        }

        private String raw(String request) throws IOException {
            try (Socket socket = new Socket(
                    served.server.address().getAddress(),
                    served.server.address().getPort())) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Nested
    final class Explanations {
        @Test
        void sayWhereEachRuleStands() throws Exception {
            assertThat(served.get("/api/explain/resource.album.vdefault").statusCode())
                    .isEqualTo(503);
            served.store.start();
            JsonNode json = Served.json(served.get("/api/explain/resource.album.vdefault/acme"));
            assertThat(json.path("id").asText()).isEqualTo("resource.album.vdefault/acme");
            assertThat(json.path("served").asBoolean()).isTrue();
            assertThat(json.path("policy").path("source").asText()).isEqualTo("policies/acme.yaml");
            assertThat(json.path("sources")).hasSize(1);
            assertThat(json.path("rules")
                            .path(0)
                            .path("origins")
                            .path(0)
                            .path("line")
                            .asInt())
                    .isEqualTo(7);
            assertThat(problem(served.get("/api/explain/resource.nobody.vdefault"), 404)
                            .path("detail")
                            .asText())
                    .contains("No source");
        }
    }
}
