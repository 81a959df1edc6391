package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.authzengine.storage.server.Await;
import io.authzengine.storage.server.Policies;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiTest {
    private static final String ALBUM = "resource.album.vdefault";

    private final Served served;

    ApiTest(@TempDir Path directory) {
        served = new Served(directory, "", Duration.ofSeconds(15));
        served.policies
                .with("album.yaml", Policies.resource("album", "view"))
                .with("photo.yaml", Policies.resource("photo", "view"));
    }

    @BeforeEach
    void start() {
        served.store.start();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response = served.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Served.json(response);
    }

    private JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> response = served.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Served.json(response);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) throws IOException {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(Served.json(response).path("code").asText())
                .as(response.body())
                .isEqualTo(code);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private String driver() {
        return served.store.status().drivers().keySet().iterator().next();
    }

    /** Adds an action to the album and waits until that is served. */
    private void changeAlbum(String action) {
        long before = served.store.current().version().number();
        served.policies.with("album.yaml", Policies.resource("album", action));
        Await.until("it is served", () -> served.store.current().version().number() > before);
    }

    @Nested
    final class Status {
        @Test
        void saysWhatIsServedFromWhere() throws Exception {
            JsonNode status = get("/api/status");
            assertThat(status.path("status").asText()).isEqualTo("healthy");
            assertThat(status.path("mode").asText()).isEqualTo("following");
            assertThat(status.path("policies").asInt()).isEqualTo(2);
            assertThat(status.path("digest").asText())
                    .isEqualTo(served.store.current().digest());
            assertThat(status.path("offlineCopy").isNull()).isTrue();
            assertThat(status.path("rights")).hasSize(2);
            JsonNode driver = status.path("drivers").path(driver());
            assertThat(driver.path("type").asText()).isEqualTo("filesystem");
            assertThat(driver.path("policiesLoaded").asInt()).isEqualTo(2);
        }

        @Test
        void hasTheFindingsOfWhatIsHeldBack() throws Exception {
            served.policies.with("photo.yaml", Policies.BROKEN);
            Await.until("it is found", () -> served.store.status().held().isPresent());
            JsonNode held = get("/api/status").path("held");
            assertThat(held.path("findings").path(0).path("line").asInt()).isEqualTo(5);
            JsonNode plan = post("/api/plan", "{}");
            assertThat(plan.path("passes").asBoolean(true)).isFalse();
            assertThat(plan.path("findings")).isNotEmpty();
        }

        @Test
        void isThereForOneDriverAndForNumbers() throws Exception {
            assertThat(get("/api/drivers").path("drivers").size()).isEqualTo(1);
            assertThat(get("/api/drivers/" + driver()).path("connected").asBoolean())
                    .isTrue();
            assertProblem(served.get("/api/drivers/nobody"), 404, "DRIVER_NOT_FOUND");
            JsonNode statistics = get("/api/statistics");
            assertThat(statistics.path("byKind").path("resourcePolicy").asInt()).isEqualTo(2);
            assertThat(statistics.path("history").path("remembered").asInt()).isEqualTo(1);
            assertThat(statistics.path("reloads").path("succeeded").asInt()).isEqualTo(1);
        }

        @Test
        void isFreshWhileLooksComeBack() throws Exception {
            assertThat(get("/health/fresh").path("fresh").asBoolean()).isTrue();
        }
    }

    @Nested
    final class ThePolicies {
        @Test
        void areFoundByDriverAndByPartOfTheirId() throws Exception {
            assertThat(get("/api/policies?q=ALB").path("count").asInt()).isEqualTo(1);
            assertThat(get("/api/policies?driver=" + driver()).path("count").asInt())
                    .isEqualTo(2);
            assertThat(get("/api/policies?driver=git").path("count").asInt()).isZero();
        }

        @Test
        void areNotSentAgainToWhoHasThem() throws Exception {
            String etag =
                    served.get("/api/policies").headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> again = served.get("/api/policies", "If-None-Match", etag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            changeAlbum("edit");
            assertThat(served.get("/api/policies", "If-None-Match", etag).statusCode())
                    .isEqualTo(200);
        }

        @Test
        void haveContentAndHistory() throws Exception {
            changeAlbum("edit");
            JsonNode policy = get("/api/policies/" + ALBUM);
            assertThat(policy.at("/content/resourcePolicy/rules/0/actions/0").asText())
                    .isEqualTo("edit");
            assertThat(policy.path("history").findValuesAsText("type")).containsExactly("modified", "added");
            assertThat(policy.path("history").findValuesAsText("version")).containsExactly("2", "1");
        }

        @Test
        void canBeSeenAsTheyWere() throws Exception {
            changeAlbum("edit");
            assertThat(get("/api/policies/" + ALBUM + "?version=1").path("raw").asText())
                    .contains("view");
            assertThat(get("/api/policies/" + ALBUM + "?version=previous")
                            .path("raw")
                            .asText())
                    .contains("view");
            assertProblem(served.get("/api/policies/" + ALBUM + "?version=99"), 404, "VERSION_NOT_FOUND");
            assertProblem(served.get("/api/policies/" + ALBUM + "?version=old"), 400, "INVALID_REQUEST");
            assertProblem(served.get("/api/policies/nobody"), 404, "POLICY_NOT_FOUND");
        }
    }

    @Nested
    final class TheVersions {
        @BeforeEach
        void two() {
            changeAlbum("edit");
        }

        @Test
        void areListedNewestFirst() throws Exception {
            JsonNode list = get("/api/versions");
            assertThat(list.path("current").asInt()).isEqualTo(2);
            assertThat(list.path("items").findValuesAsText("number")).containsExactly("2", "1");
            assertThat(list.at("/items/0/changes/modified").asInt()).isEqualTo(1);
            assertThat(list.at("/items/0/before").asInt()).isEqualTo(1);
            assertThat(list.at("/items/1/changes/added").asInt()).isEqualTo(2);
            assertThat(list.at("/items/1/before").isNull()).isTrue();
            JsonNode page = get("/api/versions?limit=1&offset=1");
            assertThat(page.path("items").findValuesAsText("number")).containsExactly("1");
            assertThat(page.path("count").asInt()).isEqualTo(2);
        }

        @ParameterizedTest
        @CsvSource({"1,1", "2,2", "current,2", "previous,1"})
        void areFoundByName(String name, int number) throws Exception {
            assertThat(get("/api/versions/" + name).path("number").asInt()).isEqualTo(number);
        }

        @ParameterizedTest
        @CsvSource({"99,404,VERSION_NOT_FOUND", "latest,400,INVALID_REQUEST", "-1,404,VERSION_NOT_FOUND"})
        void thatAreNotThereAreRefused(String name, int status, String code) throws Exception {
            assertProblem(served.get("/api/versions/" + name), status, code);
        }

        @Test
        void areCompared() throws Exception {
            for (String query : new String[] {"", "?from=1&to=2", "?from=previous&to=current&policy=" + ALBUM}) {
                JsonNode diff = get("/api/diff" + query);
                JsonNode modified = diff.path("modified").path(0);
                assertThat(modified.path("policyId").asText()).isEqualTo(ALBUM);
                assertThat(modified.at("/patch/0/op").asText()).isEqualTo("replace");
                assertThat(modified.at("/patch/0/path").asText()).isEqualTo("/resourcePolicy/rules/0/actions/0");
                assertThat(modified.path("text").asText())
                        .contains("-    - actions: [\"view\"]", "+    - actions: [\"edit\"]");
            }
            assertThat(get("/api/diff?policy=another").path("modified")).isEmpty();
            assertProblem(served.get("/api/diff?from=99"), 404, "VERSION_NOT_FOUND");
        }

        @Test
        void areFoundByTheTimeTheyWereServed() throws Exception {
            String first = get("/api/versions/1").path("createdAt").asText();
            assertThat(get("/api/as-of?at=" + first).path("number").asInt()).isEqualTo(1);
            assertProblem(served.get("/api/as-of?at=2001-01-01T00:00:00Z"), 404, "VERSION_NOT_FOUND");
            assertProblem(served.get("/api/as-of"), 400, "INVALID_REQUEST");
            assertProblem(served.get("/api/as-of?at=noon"), 400, "INVALID_REQUEST");
        }
    }

    @Nested
    final class Decisions {
        @BeforeEach
        void two() {
            changeAlbum("edit");
        }

        @Test
        void toGoBackAreTriedOutFirst() throws Exception {
            JsonNode dry = post("/api/rollback", "{\"version\": 1, \"dryRun\": true}");
            assertThat(dry.path("dryRun").asBoolean()).isTrue();
            assertThat(dry.path("rolledBack").asBoolean(true)).isFalse();
            assertThat(dry.at("/changes/changes/0/policyId").asText()).isEqualTo(ALBUM);
            assertThat(served.store.current().version().number()).isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "\"1\"", "\"previous\""})
        void toGoBackAreKeptWithWhoMadeThem(String version) throws Exception {
            JsonNode back =
                    post("/api/rollback", "{\"version\": " + version + ", \"reason\": \"bad\", \"author\": \"jane\"}");
            assertThat(back.path("rolledBack").asBoolean()).isTrue();
            assertThat(back.path("from").asInt()).isEqualTo(2);
            assertThat(back.path("to").asInt()).isEqualTo(1);
            assertThat(back.path("version").asInt()).isEqualTo(3);
            JsonNode now = get("/api/versions/current");
            assertThat(now.path("comment").asText()).isEqualTo("bad");
            assertThat(now.path("author").asText()).isEqualTo("jane (someone at 127.0.0.1)");
            assertThat(now.path("rolledBackTo").asInt()).isEqualTo(1);
            JsonNode status = get("/api/status");
            assertThat(status.path("mode").asText()).isEqualTo("rolled-back");
            assertThat(status.at("/departures/0/author").asText()).contains("jane");
            JsonNode plan = post("/api/plan", "");
            assertThat(plan.path("passes").asBoolean()).isTrue();
            assertThat(plan.at("/changes/changes/0/policyId").asText()).isEqualTo(ALBUM);
        }

        @Test
        void toPinHoldUntilUnpinned() throws Exception {
            assertThat(post("/api/pin", "{\"reason\": \"audit week\"}")
                            .path("mode")
                            .asText())
                    .isEqualTo("pinned");
            served.policies.with("more.yaml", Policies.resource("more", "view"));
            assertThat(post("/api/reload", "{\"force\": true}").path("changed").asBoolean(true))
                    .isFalse();
            JsonNode unpinned = post("/api/unpin", "{}");
            assertThat(unpinned.path("changed").asBoolean()).isTrue();
            assertThat(unpinned.path("mode").asText()).isEqualTo("following");
            assertThat(get("/api/status").path("policies").asInt()).isEqualTo(3);
        }

        @Test
        void toConfirmChangeNothingIfNothingWaits() throws Exception {
            String served = get("/api/versions/current").path("digest").asText();
            assertThat(confirm(served).path("changed").asBoolean(true)).isFalse();
        }

        private JsonNode confirm(String digest) throws Exception {
            return post("/api/confirm", "{\"digest\": \"" + digest + "\"}");
        }

        @Test
        void toConfirmLetPassWhatWasLookedAtAndNothingElse() throws Exception {
            served.policies.without("album.yaml").without("photo.yaml");
            Await.until("it is held", () -> served.store.status().held().isPresent());
            JsonNode plan = post("/api/plan", "");
            String held = plan.path("digest").asText();
            assertThat(plan.path("needsConfirmation").asBoolean()).isTrue();

            HttpResponse<String> other = served.post("/api/confirm", "{\"digest\": \"" + "0".repeat(64) + "\"}");
            assertProblem(other, 409, "CONFLICT");
            assertThat(other.body()).contains(held, "0 policies", "POST /api/plan");
            assertThat(served.store.current().size()).isEqualTo(2);

            assertThat(confirm(held).path("changed").asBoolean()).isTrue();
            assertThat(served.store.current().size()).isZero();
        }

        @Test
        void toConfirmSayWhatWasLookedAt() throws Exception {
            HttpResponse<String> nothing = served.post("/api/confirm", "{}");
            assertProblem(nothing, 400, "INVALID_JSON");
            assertThat(nothing.body()).contains("POST /api/plan");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "/api/rollback|{}|400|INVALID_JSON",
                    "/api/rollback|{\"version\": 77}|404|VERSION_NOT_FOUND",
                    "/api/rollback|{\"version\": true}|400|INVALID_JSON",
                    "/api/rollback|{\"version\": 1, \"to\": 2}|400|INVALID_JSON",
                    "/api/rollback|{\"version\": 1, \"version\": 2}|400|INVALID_JSON",
                    "/api/reload|{\"force\": \"yes\"}|400|INVALID_JSON",
                    "/api/confirm|{\"digest\": \"latest\"}|400|INVALID_JSON",
                    "/api/reload|[]|400|INVALID_JSON",
                    "/api/reload|{|400|INVALID_JSON",
                    "/api/pin|{\"reason\": 1}|400|INVALID_JSON"
                })
        void thatCannotBeUnderstoodAreRefused(String path, String body, int status, String code) throws Exception {
            assertProblem(served.post(path, body), status, code);
            assertThat(served.store.current().version().number()).isEqualTo(2);
        }

        @Test
        void thatAreTooLargeOrNoJsonAreRefused() throws Exception {
            String large = "{\"reason\": \"" + "x".repeat(2 * 1024 * 1024) + "\"}";
            assertProblem(served.post("/api/pin", large), 413, "BODY_TOO_LARGE");
            assertProblem(
                    served.post("/api/pin", "{\"reason\": \"" + "x".repeat(2000) + "\"}"), 400, "INVALID_REQUEST");
            HttpResponse<String> form = served.client()
                    .send(
                            served.request("/api/pin")
                                    .header("Content-Type", "text/plain")
                                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertProblem(form, 415, "UNSUPPORTED_MEDIA_TYPE");
            assertProblem(served.get("/api/pin"), 405, "METHOD_NOT_ALLOWED");
            assertThat(served.get("/api/pin").headers().firstValue("Allow")).contains("POST");
        }
    }

    @Nested
    final class Metrics {
        @Test
        void areThereForPrometheus() throws Exception {
            HttpResponse<String> response = served.get("/metrics");
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            assertThat(response.body())
                    .contains("authz_policy_reload_success_total 1.0", "authz_policyd_build_info{java=")
                    .doesNotContain("# EOF");
        }

        @Test
        void areThereForOpenMetrics() throws Exception {
            HttpResponse<String> response =
                    served.get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/openmetrics-text; version=1.0.0");
            assertThat(response.body()).endsWith("# EOF\n").contains("authz_policyd_stream_readers 0");
        }
    }
}
