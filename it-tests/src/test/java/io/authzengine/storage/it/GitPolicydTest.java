package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.git.remote.GitCommand;
import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GitOps as a team would do it: {@code git push} to a remote that wants a token, and a policyd that follows it. */
@Timeout(300)
final class GitPolicydTest {
    private static final String TOKEN = "token-of-the-team";
    private static final String SECRET = "secret-of-the-hook";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();

    private Path config(GitHttpServer remote, String pollInterval) throws IOException {
        Files.writeString(directory.resolve("token"), TOKEN);
        Files.writeString(directory.resolve("secret"), SECRET);
        return Files.writeString(directory.resolve("storage.yaml"), """
                        storage:
                          driver: git
                          git:
                            repository: %s
                            branch: main
                            directory: policies/
                            pollInterval: %s
                            auth:
                              type: token
                              credentials:
                                token: ${file:token}
                        server:
                          hooks:
                            - driver: git
                              provider: github
                              secret: ${file:secret}
                        """.formatted(remote.url(), pollInterval));
    }

    private Path clone(GitHttpServer remote) throws Exception {
        String url = remote.url().replace("http://", "http://x-access-token:" + TOKEN + "@");
        GitCommand.git(directory, "clone", "-q", url, "work");
        return directory.resolve("work");
    }

    private static void push(Path work, String name, String action) throws Exception {
        Files.writeString(
                Files.createDirectories(work.resolve("policies")).resolve(name + ".yaml"),
                SamplePolicies.resource(name, "default", action));
        GitCommand.git(work, "add", ".");
        GitCommand.git(work, "commit", "-q", "-m", name + " may be seen");
        GitCommand.git(work, "push", "-q", "origin", "HEAD:main");
    }

    @Test
    void aPushIsServedWithinOnePollAndAtOnceWithAHook() throws Exception {
        try (Origin origin = Origin.create(directory.resolve("origin.git"));
                GitHttpServer remote = GitHttpServer.start(origin.repository())) {
            origin.with("policies/album.yaml", SamplePolicies.resource("album"))
                    .with("policies/door.yaml", SamplePolicies.resource("door"))
                    .commit("first");
            remote.require("x-access-token", TOKEN);
            Path work = clone(remote);
            try (PolicydProcess policyd = PolicydProcess.serve(config(remote, "1s"), directory.resolve("polled.log"))) {
                PolicydProcess.Ready ready = policyd.awaitReady();
                assertThat(ready.policies()).isEqualTo(2);
                push(work, "book", "view");
                await(ready.url(), "resource.book.vdefault", "view");
                assertThat(policyd.errors()).doesNotContain(TOKEN, SECRET, "\tat ", "ERROR");
            }
            try (PolicydProcess policyd = PolicydProcess.serve(config(remote, "1h"), directory.resolve("hooked.log"))) {
                PolicydProcess.Ready ready = policyd.awaitReady();
                push(work, "car", "drive");
                assertThat(tell(ready.url(), "{\"ref\":\"refs/heads/main\"}")).isEqualTo(202);
                await(ready.url(), "resource.car.vdefault", "drive");
                assertThat(policyd.errors()).doesNotContain(TOKEN, SECRET, "\tat ", "ERROR");
            }
        }
    }

    private int tell(String url, String body) throws IOException, InterruptedException, GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/hooks/git"))
                .header("X-GitHub-Delivery", "1")
                .header("X-Hub-Signature-256", "sha256=" + signature)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private void await(String url, String id, String text) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/api/policies/" + id)).build();
        while (!client.send(request, BodyHandlers.ofString()).body().contains(text)) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError(id + " is not served");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }
}
