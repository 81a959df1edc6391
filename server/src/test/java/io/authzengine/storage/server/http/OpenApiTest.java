package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.authzengine.storage.server.Await;
import io.authzengine.storage.server.Policies;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenApiTest {
    private final Served served;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    OpenApiTest(@TempDir Path directory) {
        served = new Served(directory, "  onInvalid: quarantine\n", Duration.ofSeconds(15));
        served.policies
                .with("album.yaml", Policies.resource("album", "view"))
                .with("photo.yaml", Policies.resource("photo", "view"));
    }

    @AfterEach
    void close() {
        served.close();
    }

    private JsonNode document() throws Exception {
        return Served.json(served.get("/openapi.json"));
    }

    @Test
    void describesEachRouteAndNoOther() throws Exception {
        Set<String> described = new TreeSet<>();
        document()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> routes = served.server.routes().stream()
                .map(route -> route.replace('<', '{').replace('>', '}'))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void describesWhatIsAnswered() throws Exception {
        assertAnswer("get", "/health/ready", served.get("/health/ready"));
        assertAnswer("get", "/health/fresh", served.get("/health/fresh"));
        assertAnswer("get", "/api/reloads", served.get("/api/reloads"));
        assertAnswer("post", "/api/plan", served.post("/api/plan", "{}"));
        served.store.start();
        served.policies.with("album.yaml", Policies.resource("album", "edit"));
        Await.until("it is served", () -> served.store.current().version().number() == 2);
        assertAllReadable();
        served.policies.with("photo.yaml", Policies.BROKEN.replace("album", "photo"));
        Await.until("it is blocked", () -> !served.store.current().quarantined().isEmpty());
        assertAllReadable();
        assertAnswer("post", "/api/plan", served.post("/api/plan", "{}"));
        assertAnswer("post", "/api/rollback", served.post("/api/rollback", "{\"version\": 1, \"dryRun\": true}"));
        assertAnswer("post", "/api/rollback", served.post("/api/rollback", "{\"version\": 1, \"reason\": \"r\"}"));
        assertAnswer("post", "/api/rollback", served.post("/api/rollback", "{\"version\": 99}"));
        assertAnswer("post", "/api/pin", served.post("/api/pin", "{}"));
        assertAnswer("post", "/api/unpin", served.post("/api/unpin", "{}"));
        assertAnswer("post", "/api/reload", served.post("/api/reload", "{}"));
        assertAnswer("post", "/api/confirm", served.post("/api/confirm", "{}"));
        String digest = "{\"digest\": \"" + served.store.current().digest() + "\"}";
        assertAnswer("post", "/api/confirm", served.post("/api/confirm", digest));
        assertAnswer("post", "/hooks/{driver}", served.post("/hooks/nobody", "{}"));
    }

    private void assertAllReadable() throws Exception {
        assertAnswer("get", "/api/policies/{id}", served.get("/api/policies/resource.album.vdefault"));
        assertAnswer("get", "/api/policies/{id}", served.get("/api/policies/resource.photo.vdefault"));
        assertAnswer("get", "/api/policies/{id}", served.get("/api/policies/nobody"));
        assertAnswer("get", "/api/explain/{id}", served.get("/api/explain/resource.album.vdefault"));
        assertAnswer(
                "get",
                "/api/drivers/{id}",
                served.get("/api/drivers/"
                        + served.store.status().drivers().keySet().iterator().next()));
        assertAnswer("get", "/api/versions/{version}", served.get("/api/versions/current"));
        assertAnswer("get", "/api/versions/{version}", served.get("/api/versions/none"));
        assertAnswer("get", "/api/diff", served.get("/api/diff?from=1&to=current"));
        assertAnswer("get", "/api/as-of", served.get("/api/as-of?at=2999-01-01T00:00:00Z"));
        for (String path : new String[] {
            "/health",
            "/health/live",
            "/health/ready",
            "/health/fresh",
            "/api/status",
            "/api/drivers",
            "/api/statistics",
            "/api/reloads",
            "/api/policies",
            "/api/versions"
        }) {
            assertAnswer("get", path, served.get(path));
        }
    }

    private void assertAnswer(String method, String path, HttpResponse<String> response) throws Exception {
        JsonNode document = document();
        JsonNode answers = document.path("paths").path(path).path(method).path("responses");
        String type = response.headers().firstValue("Content-Type").orElse("");
        JsonNode described = answers.path(Integer.toString(response.statusCode()));
        boolean problem = type.equals("application/problem+json");
        // An unhealthy store says so with the same body; only problems are described once for all.
        JsonNode answer = described.isMissingNode() ? answers.path(problem ? "default" : "200") : described;
        JsonNode schema = answer.path("content").path(type).path("schema");
        assertThat(schema.isObject())
                .as(method + " " + path + " " + response.statusCode() + " " + type)
                .isTrue();
        ObjectNode whole = schema.deepCopy();
        whole.set("components", Objects.requireNonNull(document.get("components")));
        assertThat(schemas.getSchema(whole.toString()).validate(response.body(), InputFormat.JSON))
                .as(path + ": " + response.body())
                .isEmpty();
    }
}
