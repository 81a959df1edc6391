package io.authzengine.storage.driver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.simulation.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts against a real server, with the time between them on a clock that stands still. */
class HttpRetryTest {
    private static final String PATH = "/policy.yaml";

    private final Simulation sim = Simulation.seeded(1);
    private final DocumentServer server = DocumentServer.start();
    private final List<Long> attempts = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        server.close();
    }

    private StorageDriver driver(double random) {
        RandomGenerator constant = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("only nextDouble is drawn");
            }

            @Override
            public double nextDouble() {
                return random;
            }
        };
        StorageContext context =
                new StorageContext(sim.clock(), sim::nanoTime, constant, sim.scheduler(), sim.workers(), sim::await);
        return new HttpDriverProvider().create(HttpConfig.of(server.url(PATH)), context);
    }

    private void answer(int status, Map<String, String> headers) {
        server.on(PATH, exchange -> {
            attempts.add(sim.nanoTime());
            DocumentServer.send(exchange, status, headers, "x".getBytes(StandardCharsets.UTF_8));
        });
    }

    private List<Double> delays() {
        List<Double> seconds = new ArrayList<>();
        for (int i = 1; i < attempts.size(); i++) {
            seconds.add((attempts.get(i) - attempts.get(i - 1)) / 1e9);
        }
        return seconds;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.25, 0.5, 0.999_999})
    void threeRetriesWaitAShareOfHalfASecondOneAndTwo(double random) {
        answer(503, Map.of());
        assertThatThrownBy(driver(random)::init).isInstanceOf(StorageException.class);
        assertThat(attempts).hasSize(4);
        double[] bounds = {0.5, 1, 2};
        for (int i = 0; i < bounds.length; i++) {
            assertThat(delays().get(i)).isBetween(bounds[i] * random - 1e-6, bounds[i] * random + 1e-6);
        }
    }

    @Test
    void noDelayIsLongerThanTheCap() {
        answer(503, Map.of());
        RandomGenerator random = sim.random();
        StorageContext context =
                new StorageContext(sim.clock(), sim::nanoTime, random, sim.scheduler(), sim.workers(), sim::await);
        HttpConfig.Timing usual = HttpConfig.Timing.DEFAULT;
        HttpConfig.Timing many = new HttpConfig.Timing(
                usual.timeout(), usual.callTimeout(), usual.pollInterval(), 12, usual.retryBase(), usual.retryCap());
        StorageDriver driver =
                new HttpDriverProvider().create(HttpConfig.of(server.url(PATH)).withTiming(many), context);
        assertThatThrownBy(driver::init).isInstanceOf(StorageException.class);
        assertThat(delays()).hasSize(12).allSatisfy(delay -> assertThat(delay).isBetween(0.0, 8.0));
        assertThat(delays().stream().distinct()).hasSizeGreaterThan(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 503})
    void whatMayPassIsTriedAgain(int status) {
        answer(status, Map.of());
        assertThatThrownBy(driver(0.5)::init).hasMessageContaining("answered " + status);
        assertThat(attempts).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 405, 410, 422})
    void whatWillNotPassIsNot(int status) {
        answer(status, Map.of());
        assertThatThrownBy(driver(0.5)::init).hasMessageContaining("answered " + status);
        assertThat(attempts).hasSize(1);
    }

    @Test
    void aConnectionThatBreaksOffIsTriedAgain() {
        server.on(PATH, exchange -> {
            attempts.add(sim.nanoTime());
            exchange.close();
        });
        assertThatThrownBy(driver(0.5)::init).hasMessageContaining("SD-001");
        assertThat(attempts.size()).isGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"3,3", "600,8", "0,0.25"})
    void retryAfterIsHonouredUpToTheCap(String asked, double waited) {
        answer(429, Map.of("Retry-After", asked));
        assertThatThrownBy(driver(0.5)::init).isInstanceOf(StorageException.class);
        assertThat(delays().get(0)).isBetween(waited - 1e-6, waited + 1e-6);
    }

    @Test
    void aRecoveryDuringTheRetriesIsASuccess() {
        server.on(PATH, exchange -> {
            attempts.add(sim.nanoTime());
            DocumentServer.send(
                    exchange,
                    attempts.size() < 3 ? 500 : 200,
                    Map.of(),
                    Driven.album("view").getBytes(StandardCharsets.UTF_8));
        });
        StorageDriver driver = driver(0.5);
        driver.init();
        assertThat(attempts).hasSize(3);
        assertThat(driver.getPolicy(Driven.ALBUM)).isPresent();
    }

    @Test
    void afterAllRetriesTheServerIsLeftAloneForAWhile() {
        answer(503, Map.of());
        StorageDriver driver = driver(0.5);
        assertThatThrownBy(driver::init).isInstanceOf(StorageException.class);
        attempts.clear();
        assertThat(driver.checkNow(io.authzengine.storage.driver.CheckMode.IF_CHANGED))
                .isFalse();
        assertThat(attempts).isEmpty();
        sim.advance(Duration.ofSeconds(3));
        assertThatThrownBy(() -> driver.checkNow(io.authzengine.storage.driver.CheckMode.IF_CHANGED))
                .isInstanceOf(StorageException.class);
        assertThat(attempts).isNotEmpty();
    }
}
