package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.database.server.Certificate;
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process on a real PostgreSQL, with the configuration that the design document shows. */
@Timeout(300)
final class PolicydDatabaseTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 10_000_000;

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();
    private String url = "";

    @Test
    void anUpdateIsServedAndAServerThatIsStoppedTakesNothingAway() throws Exception {
        PostgresServer server = PostgresServer.startAnother();
        try {
            String database = server.createDatabase();
            Path config = config(server, database);
            assertThat(PolicydProcess.run("database", "check", config.toString())
                            .exitCode())
                    .isEqualTo(1);
            assertThat(PolicydProcess.run("database", "init", config.toString()).exitCode())
                    .isZero();
            assertThat(PolicydProcess.run("database", "check", config.toString())
                            .exitCode())
                    .isZero();
            put(server, database, "album", "view");
            put(server, database, "book", "view");
            try (PolicydProcess policyd = PolicydProcess.serve(config, directory.resolve("errors.log"))) {
                PolicydProcess.Ready ready = policyd.awaitReady();
                url = ready.url();
                assertThat(ready.policies()).isEqualTo(2);
                try (EventStream events = EventStream.open(client, URI.create(url + "/api/policies/stream"))) {
                    put(server, database, "album", "edit");
                    assertThat(events.next()).contains("\"policyId\":\"resource.album.vdefault\"", "\"version\":2");
                    assertThat(get("/api/policies/resource.album.vdefault")).contains("edit");
                }
                server.stop();
                await("/health", body -> body.contains("\"status\":\"degraded\""));
                assertThat(get("/api/policies")).contains("\"count\":2", "\"version\":2");
                server.start();
                put(server, database, "book", "edit");
                await("/api/policies/resource.book.vdefault", body -> body.contains("edit"));
                await("/health", body -> body.contains("\"status\":\"healthy\""));
                assertThat(get("/api/policies")).contains("\"count\":2", "\"version\":3");
                assertThat(policyd.errors()).doesNotContain(server.password());
            }
        } finally {
            server.stop();
        }
    }

    private Path config(PostgresServer server, String database) throws IOException {
        return Files.writeString(directory.resolve("storage.yaml"), """
                storage:
                  driver: database
                  database:
                    dialect: postgresql
                    connection:
                      host: ${PG_HOST:-localhost}
                      port: %d
                      database: %s
                      user: %s
                      password: %s
                      ssl:
                        ca: %s
                    table: policies
                    pollInterval: 1
                    useNotify: true
                    connectTimeout: 2s
                """.formatted(
                        server.port(),
                        database,
                        server.user(),
                        server.password(),
                        Certificate.shared().pem()));
    }

    private static void put(PostgresServer server, String database, String name, String action) throws SQLException {
        try (Connection connection = server.connect(database);
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO policies (id, name, version, kind, raw_content) VALUES (?, ?, 'default', 'resourcePolicy', ?)"
                                + " ON CONFLICT (id) DO UPDATE SET raw_content = excluded.raw_content")) {
            statement.setString(1, "resource." + name + ".vdefault");
            statement.setString(2, name);
            statement.setString(3, SamplePolicies.resource(name, "default", action));
            statement.executeUpdate();
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
                .body();
    }

    private void await(String path, Predicate<String> expected) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        String body = get(path);
        while (!expected.test(body)) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError(path + " still answers " + body);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            body = get(path);
        }
    }
}
