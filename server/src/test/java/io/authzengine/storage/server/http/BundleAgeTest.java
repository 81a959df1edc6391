package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.bundle.BundleDelta;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.testkit.SamplePolicies;
import io.authzengine.storage.testkit.SimulatedStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How old what is handed on is, told to whoever follows. On clocks that the test moves; only the network runs by itself. */
final class BundleAgeTest {
    private final StorageContext real = StorageContext.create("followed");
    private final SimulatedStore upstream = SimulatedStore.empty().put("album.yaml", SamplePolicies.resource("album"));
    private final PolicydServer server = PolicydServer.start(
            new ServerSettings(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false, List.of(), AccessSettings.OPEN),
            upstream.store(),
            real,
            Duration.ofSeconds(15));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        server.close();
        upstream.close();
        real.close();
    }

    private HttpResponse<byte[]> bundle(String known) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/bundle"))
                .header("If-None-Match", known)
                .header("A-IM", BundleDelta.MANIPULATION)
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    @Test
    void isThatOfTheStoreWhateverTheAnswer() throws Exception {
        HttpResponse<byte[]> fresh = bundle("\"none\"");
        assertThat(header(fresh, "Age")).isEqualTo("none");

        upstream.put("book.yaml", SamplePolicies.resource("book"));
        upstream.backend().goAway();
        upstream.simulation().pause(Duration.ofMillis(90_900));
        HttpResponse<byte[]> whole = bundle("\"none\"");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(header(whole, "Age")).isEqualTo("90");
        HttpResponse<byte[]> delta = bundle(header(fresh, "ETag"));
        assertThat(delta.statusCode()).isEqualTo(226);
        assertThat(header(delta, "Age")).isEqualTo("90");
        HttpResponse<byte[]> same = bundle(header(whole, "ETag"));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(header(same, "Age")).isEqualTo("90");
    }

    @Test
    void isAlsoThatOfWhatTheStoreFollowsItself() throws Exception {
        upstream.backend().answersAged(Duration.ofDays(2));
        upstream.store().checkAndReload();
        assertThat(header(bundle("\"none\""), "Age")).isEqualTo("172800");
    }

    /** The clock of the follower is its own; what it does, it does when it is asked to. */
    @Test
    void makesAFollowersOwnLimitsHoldThoughEachOfItsLooksComesBack() {
        Simulation time = Simulation.seeded(2);
        StorageContext context = new StorageContext(
                time.clock(), time::nanoTime, time.random(), time.scheduler(), real.workers(), real.waiting());
        try (PolicyStore follower = PolicyStore.builder(
                        StorageConfig.parse("""
                        storage:
                          driver: http
                          http:
                            urls: [%s/api/bundle]
                            retries: 0
                            softAge: 5m
                            hardAge: 1h
                            onHardAge: fail-closed
                        """.formatted(server.url()), "follower.yaml", Map.of()))
                .context(context)
                .build()) {
            follower.checkAndReload();
            assertThat(follower.status().freshness()).isEqualTo(Freshness.FRESH);

            upstream.backend().goAway();
            look(time, follower, Duration.ofMinutes(4));
            assertThat(follower.status().freshness()).isEqualTo(Freshness.FRESH);
            look(time, follower, Duration.ofMinutes(2));
            assertThat(follower.status().freshness()).isEqualTo(Freshness.STALE);
            assertThat(follower.current().size()).isEqualTo(1);
            look(time, follower, Duration.ofMinutes(55));
            assertThat(follower.status().freshness()).isEqualTo(Freshness.FAILED_CLOSED);
            assertThat(follower.current().isBlocked()).isTrue();
            assertThat(follower.status().lastError()).isEmpty();
            assertThat(upstream.store().current().isBlocked()).isFalse();

            upstream.backend().comeBack();
            look(time, follower, Duration.ofMinutes(2));
            assertThat(follower.status().freshness()).isEqualTo(Freshness.FRESH);
            assertThat(follower.current().isBlocked()).isFalse();
        }
    }

    private void look(Simulation time, PolicyStore follower, Duration later) {
        upstream.advance(later);
        time.advance(later);
        follower.checkAndReload();
    }
}
