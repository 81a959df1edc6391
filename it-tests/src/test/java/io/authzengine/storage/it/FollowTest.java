package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** policyd behind a URL: a document on some server, and another policyd. */
@Timeout(300)
final class FollowTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 10_000_000;
    private static final String ALBUM = """
            apiVersion: api.cerbos.dev/v1
            resourcePolicy:
              resource: album
              version: default
              rules:
                - {actions: ["%s"], effect: EFFECT_ALLOW, roles: [user]}
            """;

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();

    private PolicydProcess serve(String name, String storage) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Path config = Files.writeString(home.resolve("storage.yaml"), "storage:\n" + storage.indent(2));
        return PolicydProcess.serve(config, home.resolve("errors.log"));
    }

    private String get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    private void await(String url, Predicate<String> expected) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        String body = get(url);
        while (!expected.test(body)) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError(url + " still answers " + body);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            body = get(url);
        }
    }

    @Test
    void aDocumentBehindAUrlIsFollowed() throws Exception {
        String[] action = {"view"};
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = ALBUM.formatted(action[0]).getBytes(StandardCharsets.UTF_8);
            String etag = "\"" + action[0] + "\"";
            boolean known = etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            exchange.getResponseHeaders().set("ETag", etag);
            exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : body.length);
            if (!known) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/album.yaml";
        try (PolicydProcess policyd =
                serve("one", "driver: http\nhttp:\n  urls: [" + url + "]\n  pollInterval: 200ms\n")) {
            String served = policyd.awaitReady().url();
            assertThat(get(served + "/api/policies/resource.album.vdefault")).contains("view");
            action[0] = "edit";
            await(served + "/api/policies/resource.album.vdefault", body -> body.contains("edit"));
            server.stop(0);
            await(served + "/health", body -> body.contains("\"status\":\"degraded\""));
            assertThat(get(served + "/api/policies/resource.album.vdefault")).contains("edit");
        }
    }

    @Test
    void anotherPolicydIsFollowedByItsEvents() throws Exception {
        Path policies = Files.createDirectories(directory.resolve("up/policies"));
        Path album = Files.writeString(policies.resolve("album.yaml"), ALBUM.formatted("view"));
        try (PolicydProcess up = serve("up", "driver: filesystem\nfilesystem: {paths: [policies]}\n")) {
            String upstream = up.awaitReady().url();
            String follow =
                    "driver: http\nhttp:\n  urls: [" + upstream + "/api/bundle]\n  hint: sse\n  pollInterval: 1h\n";
            try (PolicydProcess down = serve("down", follow)) {
                String downstream = down.awaitReady().url();
                try (EventStream events = EventStream.open(client, URI.create(downstream + "/api/policies/stream"))) {
                    replace(album, ALBUM.formatted("edit"));
                    assertThat(events.next()).contains("\"policyId\":\"resource.album.vdefault\"", "\"version\":2");
                    assertThat(get(downstream + "/api/policies/resource.album.vdefault"))
                            .contains("edit", upstream + "/api/bundle!/", "/policies/album.yaml");

                    replace(album, "nonsense: [");
                    await(upstream + "/health", body -> body.contains("\"status\":\"degraded\""));
                    assertThat(events.isQuiet()).isTrue();
                    replace(album, ALBUM.formatted("own"));
                    assertThat(events.next()).contains("\"version\":3");

                    assertThat(up.terminate()).isEqualTo(143);
                    await(downstream + "/health", body -> body.contains("\"status\":\"degraded\""));
                    assertThat(get(downstream + "/api/policies/resource.album.vdefault"))
                            .contains("own");
                }
            }
        }
    }

    private void replace(Path file, String text) throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
