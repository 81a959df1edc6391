package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.ConfigException;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.server.Await;
import io.authzengine.storage.server.Policies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HookEndpointTest {
    private static final String SECRET = "secret-of-the-hooks";

    @TempDir
    private Path directory = Path.of("");

    private final StorageContext context = StorageContext.create("hooks");
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable PolicyStore store;
    private @Nullable PolicydServer server;
    private @Nullable Policies policies;

    @BeforeEach
    void serve() {
        Policies files = new Policies(directory);
        // Nothing but a hook finds a change before the test is over.
        files.write(
                "storage.yaml",
                "storage: {driver: filesystem, filesystem: {paths: [policies], watch: false, rescanInterval: 1h}}\n");
        files.write("policies/album.yaml", Policies.resource("album", "view"));
        policies = files;
        PolicyStore started = PolicyStore.builder(StorageConfig.load(files.config()))
                .context(context)
                .build();
        started.start();
        store = started;
        List<Hook> hooks = List.of(
                new Hook("hub", HookProvider.GITHUB, SECRET),
                new Hook("lab", HookProvider.GITLAB, SECRET),
                new Hook("tea", HookProvider.GITEA, SECRET),
                new Hook("bucket", HookProvider.BITBUCKET, SECRET),
                new Hook("any", HookProvider.GENERIC, SECRET));
        server = PolicydServer.start(
                new ServerSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false, hooks),
                started,
                context);
    }

    @AfterEach
    void end() {
        java.util.Objects.requireNonNull(server).close();
        java.util.Objects.requireNonNull(store).close();
        context.close();
    }

    private int post(String path, String body, String... headers) throws IOException, InterruptedException {
        String url = java.util.Objects.requireNonNull(server).url();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.body()).doesNotContain(SECRET);
        return response.statusCode();
    }

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void causeALook() throws Exception {
        java.util.Objects.requireNonNull(policies).write("policies/book.yaml", Policies.resource("book", "view"));
        assertThat(post("/hooks/hub", "{}", "X-Hub-Signature-256", "sha256=" + hmac("{}"), "X-GitHub-Delivery", "1"))
                .isEqualTo(202);
        Await.until(
                "the change to be served",
                () -> java.util.Objects.requireNonNull(store).current().size() == 2);
    }

    @Test
    void areTakenInTheMannerOfEachProvider() throws Exception {
        assertThat(post("/hooks/hub", "a", "X-Hub-Signature-256", "sha256=" + hmac("a"), "X-GitHub-Delivery", "1"))
                .isEqualTo(202);
        assertThat(post("/hooks/lab", "a", "X-Gitlab-Token", SECRET, "X-Gitlab-Event-UUID", "1"))
                .isEqualTo(202);
        assertThat(post("/hooks/tea", "a", "X-Gitea-Signature", hmac("a"), "X-Gitea-Delivery", "1"))
                .isEqualTo(202);
        assertThat(post("/hooks/bucket", "a", "X-Hub-Signature", "sha256=" + hmac("a"), "X-Request-UUID", "1"))
                .isEqualTo(202);
        assertThat(post("/hooks/any", "", "X-Signature-256", "sha256=" + hmac("1\n"), "X-Delivery-Id", "1"))
                .isEqualTo(202);
        assertThat(post("/hooks/any", "", "X-Signature-256", "sha256=" + hmac("2\n"), "X-Delivery-Id", "2"))
                .isEqualTo(202);
    }

    @Nested
    class AreRefused {
        @Test
        void withoutTheRightProof() throws Exception {
            String signed = "sha256=" + hmac("a");
            assertThat(post("/hooks/hub", "a", "X-GitHub-Delivery", "1")).isEqualTo(401);
            assertThat(post("/hooks/hub", "b", "X-Hub-Signature-256", signed, "X-GitHub-Delivery", "1"))
                    .isEqualTo(401);
            assertThat(post("/hooks/hub", "a", "X-Hub-Signature", signed, "X-GitHub-Delivery", "1"))
                    .isEqualTo(401);
            assertThat(post("/hooks/hub", "a", "X-Gitlab-Token", SECRET, "X-GitHub-Delivery", "1"))
                    .isEqualTo(401);
            assertThat(post("/hooks/lab", "a", "X-Gitlab-Token", SECRET + "x", "X-Gitlab-Event-UUID", "1"))
                    .isEqualTo(401);
            assertThat(post("/hooks/tea", "a", "X-Gitea-Signature", hmac("a").toUpperCase(java.util.Locale.ROOT)))
                    .isEqualTo(401);
            assertThat(post("/hooks/any", "", "X-Signature-256", "sha256=" + hmac("1\n"), "X-Delivery-Id", "2"))
                    .isEqualTo(401);
        }

        @Test
        void unreadIfNothingIsToShowThatTheSenderKnowsTheSecret() throws Exception {
            try (Socket socket = begun("X-Other: none")) {
                socket.setSoTimeout(20_000);
                byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 401".length());
                assertThat(new String(status, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 401");
            }
        }

        @Test
        void ifTooManyAreBeingReceivedAtOnceSoThatOthersAreStillAnswered() throws Exception {
            List<Socket> slow = new ArrayList<>();
            try {
                for (int i = 0; i < 100; i++) {
                    Socket socket = begun("X-Hub-Signature-256: sha256=wrong");
                    slow.add(socket);
                    socket.getOutputStream().write('x');
                }
                Await.until(
                        "all but eight are sent away",
                        () -> slow.stream().filter(AreRefused::isAnswered).count() >= 92);
                String url = java.util.Objects.requireNonNull(server).url();
                HttpRequest live = HttpRequest.newBuilder(URI.create(url + "/health/live"))
                        .timeout(Duration.ofSeconds(20))
                        .build();
                assertThat(client.send(live, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(200);
            } finally {
                for (Socket socket : slow) {
                    socket.close();
                }
            }
        }

        /** Returns the connection of a webhook of which nothing but the head has been sent. */
        private Socket begun(String header) throws IOException {
            InetSocketAddress address = java.util.Objects.requireNonNull(server).address();
            Socket socket = new Socket(address.getAddress(), address.getPort());
            socket.getOutputStream()
                    .write(("POST /hooks/hub HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n" + header
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return socket;
        }

        private static boolean isAnswered(Socket socket) {
            try {
                return socket.getInputStream().available() > 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void ifTheyWereTakenBefore() throws Exception {
            String[] first = {"X-Hub-Signature-256", "sha256=" + hmac("a"), "X-GitHub-Delivery", "1"};
            assertThat(post("/hooks/hub", "a", first)).isEqualTo(202);
            assertThat(post("/hooks/hub", "a", first)).isEqualTo(409);
            assertThat(post("/hooks/hub", "a", "X-Hub-Signature-256", first[1], "X-GitHub-Delivery", "2"))
                    .isEqualTo(409);
            assertThat(post("/hooks/lab", "a", "X-Gitlab-Token", SECRET, "X-Gitlab-Event-UUID", "1"))
                    .isEqualTo(202);
            assertThat(post("/hooks/lab", "a", "X-Gitlab-Token", SECRET, "X-Gitlab-Event-UUID", "1"))
                    .isEqualTo(409);
        }

        @Test
        void ifTheyAreTooLongOrUnnamedOrForNobody() throws Exception {
            String large = "x".repeat(5 * 1024 * 1024 + 1);
            assertThat(post(
                            "/hooks/hub",
                            large,
                            "X-Hub-Signature-256",
                            "sha256=" + hmac(large),
                            "X-GitHub-Delivery",
                            "1"))
                    .isEqualTo(413);
            assertThat(post("/hooks/hub", "a", "X-Hub-Signature-256", "sha256=" + hmac("a")))
                    .isEqualTo(400);
            assertThat(post("/hooks/nobody", "a")).isEqualTo(404);
        }
    }

    @Nested
    class Settings {
        private ServerSettings read(String hooks) {
            StorageConfig config = StorageConfig.parse(
                    "storage: {type: filesystem, paths: [a]}\nserver: {hooks: " + hooks + "}\n",
                    "storage.yaml",
                    Map.of("SECRET", SECRET));
            return ServerSettings.read(config.server(), Optional.empty());
        }

        @Test
        void nameDriverProviderAndSecret() {
            assertThat(read("[{driver: git-main, provider: github, secret: '${SECRET}'}]")
                            .hooks())
                    .singleElement()
                    .satisfies(hook -> {
                        assertThat(hook.secret()).isEqualTo(SECRET);
                        assertThat(hook).hasToString("/hooks/git-main by github");
                    });
        }

        @Test
        void areRefusedIfSomethingIsMissingOrTwice() {
            assertThatThrownBy(() -> read("[{driver: a/b, provider: github}]"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("/hooks/DRIVER")
                    .hasMessageContaining("secret");
            assertThatThrownBy(() -> read("[{driver: a, secret: '${SECRET}'}, {driver: a, secret: '${SECRET}'}]"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("has a hook already")
                    .hasMessageNotContaining(SECRET);
        }
    }

    @Test
    void memoryEndsAfterAnHourAndHoldsSoManyOnly() {
        long[] now = {0};
        DeliveryMemory memory = new DeliveryMemory(() -> now[0]);
        assertThat(memory.isNew(List.of("a", "b"))).isTrue();
        assertThat(memory.isNew(List.of("c", "b"))).isFalse();
        now[0] = java.time.Duration.ofMinutes(61).toNanos();
        assertThat(memory.isNew(List.of("b"))).isTrue();
        for (int i = 0; i < 10_100; i++) {
            assertThat(memory.isNew(List.of("n" + i))).isTrue();
        }
        assertThat(memory.isNew(List.of("b"))).isTrue();
    }
}
