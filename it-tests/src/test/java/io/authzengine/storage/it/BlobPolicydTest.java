package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.blob.s3.remote.S3Server;
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

/** A policyd that follows a bucket, with the client of each cloud: over a server that speaks S3, and fakes of the other two's APIs. */
@Timeout(300)
final class BlobPolicydTest {
    private static final String SECRET = "dGhlLWtleS1vZi10aGUtYWNjb3VudA==";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();

    private Path config(String provider, String credentials) throws IOException {
        return config("storage.yaml", provider, credentials, "objects");
    }

    private Path config(String name, String provider, String credentials, String layout) throws IOException {
        return Files.writeString(directory.resolve(name), """
                        storage:
                          driver: blob
                          blob:
                            provider: %s
                            bucket: my-policies
                            pollInterval: 1
                            layout: %s
                            credentials: {%s}
                        """.formatted(provider, layout, credentials));
    }

    private String s3(S3Server server) throws IOException {
        Files.writeString(directory.resolve("key"), S3Server.SECRET);
        return "accessKeyId: " + S3Server.KEY + ", secretAccessKey: '${file:key}', endpoint: '" + server.endpoint()
                + "'";
    }

    @Test
    void anObjectOfAmazonIsServedWithinOnePoll() throws Exception {
        try (S3Server server = S3Server.start()) {
            server.make("my-policies");
            server.put("my-policies", "policies/album.yaml", SamplePolicies.resource("album"));
            follow(
                    config("s3", s3(server)),
                    () -> server.put("my-policies", "policies/book.yaml", SamplePolicies.resource("book")));
        }
    }

    @Test
    void aBundleIsCopiedAndServedAsAWhole() throws Exception {
        try (S3Server server = S3Server.start()) {
            server.make("my-policies");
            server.put("my-policies", "policies/album.yaml", SamplePolicies.resource("album"));
            String objects = config("s3", s3(server)).toString();
            Path bundle = config("bundle.yaml", "s3", s3(server), "bundle");
            assertThat(copy(objects, bundle).output()).contains("1 added");
            follow(bundle, () -> {
                server.put("my-policies", "policies/book.yaml", SamplePolicies.resource("book"));
                assertThat(copy(objects, bundle).output()).contains("1 added");
            });
        }
    }

    private static PolicydProcess.Ended copy(String from, Path to) {
        try {
            PolicydProcess.Ended ended = PolicydProcess.run("copy", from, to.toString(), "--apply");
            assertThat(ended.exitCode()).as(ended.output()).isZero();
            return ended;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
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
            assertThat(policyd.errors()).doesNotContain(SECRET, S3Server.SECRET, "\tat ", "ERROR");
        }
    }
}
