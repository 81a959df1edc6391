package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleDelta;
import io.authzengine.storage.bundle.BundleLimits;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.OnHardAge;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.server.Policies;
import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.testkit.SamplePolicies;
import io.authzengine.storage.testkit.SimulatedStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleEndpointTest {
    private final Served served;

    BundleEndpointTest(@TempDir Path directory) {
        served = new Served(directory, "  onInvalid: quarantine\n", Duration.ofSeconds(15));
    }

    @AfterEach
    void close() {
        served.close();
    }

    private HttpResponse<byte[]> bundle(String known) throws IOException, InterruptedException {
        return served.client()
                .send(
                        served.request("/api/bundle")
                                .header("If-None-Match", known)
                                .build(),
                        BodyHandlers.ofByteArray());
    }

    private static SortedMap<String, String> texts(byte[] bundle) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        Bundle.read(bundle, BundleLimits.DEFAULT, DocumentNames.defaults()::matches)
                .forEach((name, text) -> texts.put(name, new String(text, StandardCharsets.UTF_8)));
        return texts;
    }

    @Test
    void holdsEachPolicyAsItWasWrittenUnderItsOrigin() throws Exception {
        String album = Policies.resource("album", "view");
        String two = Policies.resource("photo", "view") + "---\n" + Policies.resource("book", "view");
        served.policies.with("a/album.yaml", album).with("two.yaml", two);
        served.store.start();
        HttpResponse<byte[]> answer = bundle("\"none\"");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/gzip");
        assertThat(answer.headers().firstValue("Policy-Version")).contains("1");
        SortedMap<String, String> texts = texts(answer.body());
        assertThat(texts).hasSize(3);
        assertThat(texts.keySet()).anyMatch(name -> name.endsWith("/a/album.yaml"));
        assertThat(texts.keySet()).anyMatch(name -> name.endsWith("/two.1.yaml"));
        assertThat(texts.keySet()).anyMatch(name -> name.endsWith("/two.2.yaml"));
        assertThat(texts.values()).contains(album);
    }

    @Test
    void isNotSentAgainUntilItChanges() throws Exception {
        served.policies.with("album.yaml", Policies.resource("album", "view"));
        served.store.start();
        String etag = bundle("\"none\"").headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> same = bundle(etag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        served.policies.with("album.yaml", Policies.resource("album", "edit"));
        served.store.checkAndReload(CheckMode.FORCE);
        HttpResponse<byte[]> next = bundle(etag);
        assertThat(next.statusCode()).isEqualTo(200);
        assertThat(texts(next.body()).values()).singleElement().asString().contains("edit");
    }

    private HttpResponse<byte[]> since(String known) throws IOException, InterruptedException {
        return served.client()
                .send(
                        served.request("/api/bundle")
                                .header("If-None-Match", known)
                                .header("A-IM", BundleDelta.MANIPULATION)
                                .build(),
                        BodyHandlers.ofByteArray());
    }

    @Test
    void isWhatHasChangedForWhoeverAsksForThatAndHasAnEarlierOne() throws Exception {
        served.policies
                .with("album.yaml", Policies.resource("album", "view"))
                .with("book.yaml", Policies.resource("book", "view"))
                .with("photo.yaml", Policies.resource("photo", "view"));
        served.store.start();
        HttpResponse<byte[]> whole = since("\"none\"");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(texts(whole.body())).hasSize(3);
        String etag = whole.headers().firstValue("ETag").orElseThrow();

        served.policies.with("album.yaml", Policies.resource("album", "edit"));
        Files.delete(served.policies.config().resolveSibling("policies").resolve("book.yaml"));
        served.store.checkAndReload(CheckMode.FORCE);
        HttpResponse<byte[]> next = since(etag);
        assertThat(next.statusCode()).isEqualTo(226);
        assertThat(next.headers().firstValue("IM")).contains(BundleDelta.MANIPULATION);
        assertThat(next.headers().firstValue("Delta-Base")).contains(etag);
        BundleDelta delta = BundleDelta.read(next.body(), BundleLimits.DEFAULT, DocumentNames.defaults()::matches);
        assertThat(delta.changed()).hasSize(1).allSatisfy((name, text) -> {
            assertThat(name).endsWith("/album.yaml");
            assertThat(new String(text, StandardCharsets.UTF_8)).contains("edit");
        });
        assertThat(delta.gone()).singleElement().asString().endsWith("/book.yaml");
        assertThat(next.headers().firstValue("ETag"))
                .isEqualTo(bundle("\"none\"").headers().firstValue("ETag"));
        assertThat(since(next.headers().firstValue("ETag").orElseThrow()).statusCode())
                .isEqualTo(304);
    }

    @Test
    void isNamedAfterWhatIsInIt() throws Exception {
        served.policies.with("album.yaml", Policies.resource("album", "view"));
        served.store.start();
        String first = bundle("\"none\"").headers().firstValue("ETag").orElseThrow();
        for (String action : List.of("edit", "view")) {
            served.policies.with("album.yaml", Policies.resource("album", action));
            served.store.checkAndReload(CheckMode.FORCE);
        }
        HttpResponse<byte[]> again = bundle("\"none\"");
        assertThat(again.headers().firstValue("ETag")).contains(first);
        assertThat(again.headers().firstValue("Policy-Version")).contains("3");
    }

    @Test
    void isNotHandedOnBeforeThereIsAnything() throws Exception {
        HttpResponse<byte[]> answer = bundle("\"none\"");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void isNotHandedOnWhileAPolicyIsBlocked() throws Exception {
        served.policies
                .with("album.yaml", Policies.resource("album", "view"))
                .with("photo.yaml", Policies.resource("photo", "view"));
        served.store.start();
        served.policies.with("photo.yaml", Policies.resource("photo", "view").replace("  rules", "  rulez"));
        served.store.checkAndReload(CheckMode.FORCE);
        assertThat(served.store.current().quarantined()).isNotEmpty();
        assertThat(bundle("\"none\"").statusCode()).isEqualTo(503);
    }

    @Test
    void isNotHandedOnIfADocumentCannotBeReadWhoeversItIs() throws Exception {
        served.policies.with("album.yaml", Policies.resource("album", "view")).with("photo.yaml", "nonsense");
        served.store.start();
        assertThat(served.store.current().quarantined()).isEmpty();
        assertThat(bundle("\"none\"").statusCode()).isEqualTo(503);
        served.policies.with("photo.yaml", Policies.resource("photo", "view"));
        served.store.checkAndReload(CheckMode.FORCE);
        HttpResponse<byte[]> mended = bundle("\"none\"");
        assertThat(mended.statusCode()).isEqualTo(200);
        assertThat(texts(mended.body())).hasSize(2);
    }

    /** A set that is too old to be served, on a clock that the test moves. */
    @Nested
    final class BlockedForItsAge {
        private static final Duration HARD = Duration.ofHours(1);

        private final StorageContext context = StorageContext.create("blocked");
        private final SimulatedStore simulated = SimulatedStore.of(
                1,
                store -> store.settings(StoreSettings.DEFAULT.withStaleness(
                        new Staleness(Optional.empty(), Optional.of(HARD), OnHardAge.FAIL_CLOSED))));
        private final PolicydServer server = PolicydServer.start(
                new ServerSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false, List.of()),
                simulated.store(),
                context);

        @BeforeEach
        void serve() {
            simulated.put(Map.of(
                    "album.yaml", SamplePolicies.resource("album"),
                    "photo.yaml", SamplePolicies.resource("photo")));
        }

        @AfterEach
        void close() {
            server.close();
            simulated.close();
            context.close();
        }

        private HttpResponse<byte[]> bundle() throws IOException, InterruptedException {
            URI path = URI.create(server.url() + "/api/bundle");
            return served.client().send(HttpRequest.newBuilder(path).build(), BodyHandlers.ofByteArray());
        }

        private void ageOut() {
            simulated.backend().goAway();
            simulated.advance(HARD);
            assertThat(simulated.store().current().isBlocked()).isTrue();
        }

        @Test
        void isNotHandedOnThoughItWasBefore() throws Exception {
            assertThat(bundle().statusCode()).isEqualTo(200);
            ageOut();
            assertThat(bundle().statusCode()).isEqualTo(503);
        }

        @Test
        void isHandedOnWholeOnceALookComesBack() throws Exception {
            long version = simulated.store().current().version().number();
            ageOut();
            assertThat(bundle().statusCode()).isEqualTo(503);
            simulated.backend().comeBack();
            simulated.settle();
            HttpResponse<byte[]> answer = bundle();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Policy-Version")).contains(Long.toString(version));
            assertThat(texts(answer.body())).hasSize(2);
        }
    }
}
