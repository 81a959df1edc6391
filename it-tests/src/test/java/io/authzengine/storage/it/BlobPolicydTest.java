package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.testkit.FakeAzure;
import io.authzengine.storage.testkit.FakeGcs;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A policyd that follows a bucket, with the clients of two clouds and fakes of their APIs. */
@Timeout(300)
final class BlobPolicydTest {
    private static final String SECRET = "dGhlLWtleS1vZi10aGUtYWNjb3VudA==";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();

    private Path config(String provider, String credentials) throws IOException {
        return Files.writeString(directory.resolve("storage.yaml"), """
                        storage:
                          driver: blob
                          blob:
                            provider: %s
                            bucket: my-policies
                            pollInterval: 1
                            credentials: {%s}
                        """.formatted(provider, credentials));
    }

    @Test
    void anObjectOfGoogleIsServedWithinOnePoll() throws Exception {
        try (FakeGcs fake = FakeGcs.start("my-policies")) {
            fake.put("policies/album.yaml", SamplePolicies.resource("album"));
            Path config = config("gcs", "projectId: p, anonymous: true, endpoint: '" + fake.url() + "'");
            follow(config, () -> fake.put("policies/book.yaml", SamplePolicies.resource("book")));
        }
    }

    @Test
    void anObjectOfAzureIsServedWithinOnePoll() throws Exception {
        Files.writeString(directory.resolve("key"), SECRET);
        try (FakeAzure fake = FakeAzure.start("my-policies")) {
            fake.put("policies/album.yaml", SamplePolicies.resource("album"));
            Path config = config(
                    "azure",
                    "accountName: " + FakeAzure.ACCOUNT + ", accountKey: '${file:key}', endpoint: '" + fake.url()
                            + "'");
            follow(config, () -> fake.put("policies/book.yaml", SamplePolicies.resource("book")));
        }
    }

    private void follow(Path config, Runnable putBook) throws Exception {
        try (PolicydProcess policyd = PolicydProcess.serve(config, directory.resolve("policyd.log"))) {
            PolicydProcess.Ready ready = policyd.awaitReady();
            assertThat(ready.policies()).isEqualTo(1);
            putBook.run();
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(ready.url() + "/api/policies/resource.book.vdefault"))
                    .build();
            long begin = System.nanoTime();
            while (client.send(request, BodyHandlers.ofString()).statusCode() != 200) {
                assertThat(System.nanoTime() - begin).isLessThan(LIMIT.toNanos());
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(policyd.errors()).doesNotContain(SECRET, "\tat ", "ERROR");
        }
    }
}
