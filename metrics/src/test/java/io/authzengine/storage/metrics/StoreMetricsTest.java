package io.authzengine.storage.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.SubscribeOptions;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.config.WebhookSettings;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.OnHardAge;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.source.SyncSettings;
import io.authzengine.storage.testkit.InMemorySource;
import io.authzengine.storage.testkit.SamplePolicies;
import io.authzengine.storage.testkit.SimulatedContext;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StoreMetricsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Duration POLL = Duration.ofSeconds(60);
    private static final Map<String, String> THE_THIRTEEN = Map.ofEntries(
            Map.entry("authz_policy_reload_attempts_total", "counter"),
            Map.entry("authz_policy_reload_success_total", "counter"),
            Map.entry("authz_policy_reload_failures_total", "counter"),
            Map.entry("authz_policy_reload_duration_seconds", "histogram"),
            Map.entry("authz_policy_current_version", "gauge"),
            Map.entry("authz_policy_count", "gauge"),
            Map.entry("authz_policy_rollback_attempts_total", "counter"),
            Map.entry("authz_policy_rollback_success_total", "counter"),
            Map.entry("authz_policy_rollback_failures_total", "counter"),
            Map.entry("authz_policy_rollback_duration_seconds", "histogram"),
            Map.entry("authz_policy_validation_attempts_total", "counter"),
            Map.entry("authz_policy_validation_success_total", "counter"),
            Map.entry("authz_policy_validation_failures_total", "counter"));

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context = SimulatedContext.of(sim);
    private final InMemorySource source = new InMemorySource();
    private final PolicyStore store = storeOver(source, "memory");
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final StoreMetrics metrics = new StoreMetrics(store);

    private PolicyStore storeOver(InMemorySource backend, String id) {
        return PolicyStore.builder(backend.driver(id, SyncSettings.DEFAULT.withRetries(0), context))
                .settings(StoreSettings.DEFAULT)
                .context(context)
                .build();
    }

    @AfterEach
    void close() {
        metrics.close();
        store.close();
    }

    /** Returns the samples of an exposition, by name with labels. */
    private static Map<String, Double> samples(PrometheusMeterRegistry from) {
        return from.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.parseDouble(
                                line.substring(line.lastIndexOf(' ') + 1).replace("+Inf", "Infinity")),
                        (one, other) -> other,
                        TreeMap::new));
    }

    private double value(String name) {
        return value(samples(registry), name);
    }

    private static double value(Map<String, Double> samples, String name) {
        return Objects.requireNonNull(samples.get(name), () -> "there is no " + name);
    }

    private static Map<String, String> types(PrometheusMeterRegistry from) {
        return from.scrape()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(words -> words[2], words -> words[3]));
    }

    private void put(String name) {
        source.put(name + ".yaml", SamplePolicies.resource(name)); // Which hints at it.
    }

    private void breakIt() {
        source.put("broken.yaml", SamplePolicies.broken());
    }

    @Nested
    class Names {
        @Test
        void theThirteenAreThereWithTheirTypesAndWithoutLabels() {
            metrics.bindTo(registry);
            store.start();

            assertThat(types(registry)).containsAllEntriesOf(THE_THIRTEEN);
            assertThat(samples(registry))
                    .containsKeys(THE_THIRTEEN.entrySet().stream()
                            .filter(metric -> !metric.getValue().equals("histogram"))
                            .map(Map.Entry::getKey)
                            .toArray(String[]::new))
                    .containsKeys(
                            "authz_policy_reload_duration_seconds_count",
                            "authz_policy_reload_duration_seconds_sum",
                            "authz_policy_rollback_duration_seconds_count");
        }

        @Test
        void theHistogramsHaveTheBucketsPrometheusHasByDefault() {
            metrics.bindTo(registry);
            store.start();

            Set<String> buckets = samples(registry).keySet().stream()
                    .filter(name -> name.startsWith("authz_policy_reload_duration_seconds_bucket"))
                    .map(name -> name.replaceAll(".*le=\"(.*)\".*", "$1"))
                    .collect(Collectors.toSet());
            assertThat(buckets)
                    .containsExactlyInAnyOrder(
                            "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0",
                            "+Inf");
        }

        @Test
        void allOthersAreOutsideTheThirteenAndDocumented() throws IOException {
            metrics.bindTo(registry);
            store.start();
            String page = Files.readString(DOCS.resolve("metrics.md"));

            assertThat(types(registry).keySet())
                    .allSatisfy(name -> assertThat(page)
                            .as(name)
                            .contains("`" + name.replaceAll("_seconds_max$", "_seconds") + "`"));
        }

        @Test
        void whatTheDashboardAsksForIsThere() throws IOException {
            metrics.bindTo(registry);
            store.start();
            Set<String> there = new TreeSet<>();
            samples(registry).keySet().forEach(name -> there.add(name.replaceAll("\\{.*", "")));

            Set<String> asked = new TreeSet<>();
            Matcher metric = Pattern.compile("\\bauthz_[a-z_]+")
                    .matcher(Files.readString(DOCS.resolve("grafana-dashboard.json")));
            while (metric.find()) {
                asked.add(metric.group());
            }
            assertThat(asked).isNotEmpty();
            assertThat(there).containsAll(asked);
        }
    }

    @Nested
    class Recording {
        @Test
        void aReloadIsCountedTimedAndShown() {
            metrics.bindTo(registry);
            store.start();
            put("one");
            put("two");

            assertThat(value("authz_policy_reload_attempts_total")).isEqualTo(3);
            assertThat(value("authz_policy_reload_success_total")).isEqualTo(3);
            assertThat(value("authz_policy_reload_failures_total")).isZero();
            assertThat(value("authz_policy_reload_duration_seconds_count")).isEqualTo(3);
            assertThat(value("authz_policy_validation_success_total")).isEqualTo(3);
            assertThat(value("authz_policy_current_version")).isEqualTo(3);
            assertThat(value("authz_policy_count")).isEqualTo(2);
            assertThat(value("authz_policy_health")).isEqualTo(2);
            assertThat(value("authz_policy_ready")).isEqualTo(1);
            assertThat(value("authz_policy_last_reload_timestamp_seconds"))
                    .isEqualTo((double) sim.clock().instant().getEpochSecond());
        }

        @Test
        void aLookThatFindsNothingNewIsNoReload() {
            metrics.bindTo(registry);
            store.start();
            sim.advance(POLL.multipliedBy(10));

            assertThat(value("authz_policy_reload_attempts_total")).isEqualTo(1);
        }

        @Test
        void aRefusalIsAFailedValidationAndAFailedReload() {
            metrics.bindTo(registry);
            store.start();
            breakIt();

            assertThat(value("authz_policy_reload_failures_total")).isEqualTo(1);
            assertThat(value("authz_policy_validation_failures_total")).isEqualTo(1);
            assertThat(value("authz_policy_health")).isEqualTo(1);
        }

        @Test
        void aFailedLookIsAFailedReloadThatIsNotTimedAndLooksAreHeldOff() {
            metrics.bindTo(registry);
            store.start();
            source.goAway();
            sim.advance(POLL);

            assertThat(value("authz_policy_reload_failures_total")).isPositive();
            assertThat(value("authz_policy_reload_duration_seconds_count")).isEqualTo(1);
            assertThat(value("authz_policy_reload_suppressed_until_seconds"))
                    .isGreaterThan(sim.clock().instant().minus(POLL).getEpochSecond() / 1.0);
            assertThat(value("authz_policy_driver_health{driver=\"memory\"}")).isEqualTo(1);
            assertThat(value("authz_policy_age_seconds")).isPositive();
            source.comeBack();
            sim.advance(POLL);
            assertThat(value("authz_policy_reload_suppressed_until_seconds")).isZero();
            assertThat(value("authz_policy_driver_health{driver=\"memory\"}")).isEqualTo(2);
        }

        @Test
        void aStartThatFailsIsCountedToo() {
            metrics.bindTo(registry);
            source.goAway();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(store::start))
                    .isInstanceOf(StorageException.class);

            assertThat(value("authz_policy_reload_failures_total")).isEqualTo(1);
            assertThat(value("authz_policy_ready")).isZero();
            assertThat(value("authz_policy_last_reload_timestamp_seconds")).isNaN();
        }

        @Test
        void aReturnToAnEarlierVersionIsCountedAndTimedAndTheGaugeShowsTheNewNumber() {
            metrics.bindTo(registry);
            store.start();
            put("one");
            store.history().rollbackToPrevious(Note.of("too early"));

            assertThat(value("authz_policy_rollback_attempts_total")).isEqualTo(1);
            assertThat(value("authz_policy_rollback_success_total")).isEqualTo(1);
            assertThat(value("authz_policy_rollback_duration_seconds_count")).isEqualTo(1);
            assertThat(value("authz_policy_current_version")).isEqualTo(3);
            assertThat(value("authz_policy_count")).isZero();
        }

        @Test
        void aReturnToAVersionThereIsNotIsAFailedRollback() {
            metrics.bindTo(registry);
            store.start();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> store.history().rollback(77, Note.of("to nowhere"))))
                    .isInstanceOf(NoSuchElementException.class);

            assertThat(value("authz_policy_rollback_attempts_total")).isEqualTo(1);
            assertThat(value("authz_policy_rollback_failures_total")).isEqualTo(1);
        }

        @Test
        void aChangeByHandIsAReloadToo() {
            metrics.bindTo(registry);
            store.start();
            put("one");
            store.update(Map.of(SamplePolicies.resourceId("one"), Optional.empty()), "no longer needed");

            assertThat(value("authz_policy_reload_success_total")).isEqualTo(3);
            assertThat(value("authz_policy_validation_success_total")).isEqualTo(3);
        }

        @Test
        void whatHappenedBeforeTheBindingIsCountedToo() {
            store.start();
            put("one");
            metrics.bindTo(registry);

            assertThat(value("authz_policy_reload_attempts_total")).isEqualTo(2);
        }

        @Test
        void droppedEventsAreCounted() {
            metrics.bindTo(registry);
            store.events().publisher(SubscribeOptions.DEFAULT.withCapacity(1)).subscribe(new Idle());
            store.start();
            put("one");

            assertThat(value("authz_policy_events_dropped_total")).isEqualTo(3);
        }

        @Test
        void attemptsAreSuccessesAndFailuresOnAnyPath() {
            long seed = new Random().nextLong();
            Random random = new Random(seed);
            metrics.bindTo(registry);
            long updates = 0;
            long rollbacks = 0;
            long[] served = new long[1];
            store.events().subscribe(StoreEvent.Updated.class, event -> served[0]++);
            for (int step = 0; step < 300; step++) {
                try {
                    switch (random.nextInt(10)) {
                        case 0, 1 ->
                            source.put(
                                    "p" + random.nextInt(20) + ".yaml",
                                    SamplePolicies.resource("p" + random.nextInt(20)));
                        case 2 -> source.remove("p" + random.nextInt(20) + ".yaml");
                        case 3 -> breakIt();
                        case 4 -> source.remove("broken.yaml");
                        case 5 -> source.goAway();
                        case 6 -> source.comeBack();
                        case 7 -> store.checkAndReload();
                        case 8 -> store.history().rollback(1 + random.nextInt(8), Note.of("step " + step));
                        default -> sim.advance(POLL.dividedBy(1 + random.nextInt(10)));
                    }
                    if (random.nextInt(5) == 0) {
                        store.start();
                    } else if (random.nextInt(20) == 0) {
                        store.stop(Duration.ofSeconds(1));
                    }
                } catch (StorageException expected) {
                    updates++; // A look failed; it is counted as the others are.
                } catch (NoSuchElementException expected) {
                    rollbacks++; // A version that is forgotten, or never was.
                }
                Map<String, Double> now = samples(registry);
                for (String family : List.of("reload", "validation", "rollback")) {
                    String prefix = "authz_policy_" + family;
                    assertThat(value(now, prefix + "_attempts_total"))
                            .as("%s after step %d, seed %d", family, step, seed)
                            .isEqualTo(value(now, prefix + "_success_total") + value(now, prefix + "_failures_total"));
                }
                assertThat(value(now, "authz_policy_current_version"))
                        .as("each set that is served is a success; step %d, seed %d", step, seed)
                        .isEqualTo((double) served[0])
                        .isLessThanOrEqualTo(value(now, "authz_policy_reload_success_total")
                                + value(now, "authz_policy_rollback_success_total"));
            }
            assertThat(value("authz_policy_rollback_failures_total"))
                    .as("seed %d", seed)
                    .isEqualTo((double) rollbacks);
            assertThat(value("authz_policy_reload_failures_total"))
                    .as("seed %d", seed)
                    .isGreaterThanOrEqualTo((double) updates);
        }
    }

    private static final class Idle implements java.util.concurrent.Flow.Subscriber<StoreEvent> {
        @Override
        public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
            // Requests nothing, so that all waits.
        }

        @Override
        public void onNext(StoreEvent event) {
            throw new AssertionError("nothing was requested");
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {
            // As it must be.
        }
    }

    @Nested
    class Showing {
        private static final Duration SOFT = Duration.ofMinutes(5);
        private static final Duration HARD = Duration.ofHours(1);

        private void with(StorageDriver driver, StoreSettings settings, Runnable then) {
            try (PolicyStore other = PolicyStore.builder(driver)
                            .settings(settings)
                            .context(context)
                            .build();
                    StoreMetrics own = new StoreMetrics(other)) {
                own.bindTo(registry);
                other.start();
                then.run();
            }
        }

        private StorageDriver driver() {
            return source.driver("memory", SyncSettings.DEFAULT.withRetries(0), context);
        }

        @Test
        void whatIsBlockedAndWhatIsHeld() {
            source.put("album.yaml", SamplePolicies.resource("album"));
            with(driver(), StoreSettings.DEFAULT.withOnInvalid(OnInvalid.QUARANTINE), () -> {
                assertThat(value("authz_policy_quarantined")).isZero();
                source.put("album.yaml", SamplePolicies.broken());
                assertThat(value("authz_policy_quarantined")).isEqualTo(1);
                assertThat(value("authz_policy_count")).isZero();
            });
            source.put("album.yaml", SamplePolicies.resource("album"));
            with(driver(), StoreSettings.DEFAULT, () -> {
                assertThat(value("authz_policy_held")).isZero();
                source.change(held -> {
                    held.put("photo.yaml", SamplePolicies.resource("photo"));
                    held.put("broken.yaml", SamplePolicies.broken());
                });
                assertThat(value("authz_policy_held")).isEqualTo(1);
                assertThat(value("authz_policy_count")).isEqualTo(1);
            });
        }

        @Test
        void howOldWhatIsServedIs() {
            Staleness limits = new Staleness(Optional.of(SOFT), Optional.of(HARD), OnHardAge.FAIL_CLOSED);
            with(driver(), StoreSettings.DEFAULT.withStaleness(limits), () -> {
                source.goAway();
                sim.advance(SOFT);
                assertThat(value("authz_policy_freshness")).isEqualTo(1);
                assertThat(value("authz_policy_age_seconds")).isEqualTo((double) SOFT.toSeconds());
                sim.advance(HARD.minus(SOFT));
                assertThat(value("authz_policy_freshness")).isEqualTo(3);
                assertThat(value("authz_policy_ready")).isZero();
                source.comeBack();
                sim.advance(POLL);
                assertThat(value("authz_policy_freshness")).isZero();
            });
        }

        @Test
        void eachDriverAlsoOfADriverThatIsMadeOfOthers() {
            StorageDriver inner = driver();
            StorageDriver outer = (StorageDriver) Proxy.newProxyInstance(
                    StorageDriver.class.getClassLoader(),
                    new Class<?>[] {StorageDriver.class},
                    (proxy, method, given) -> {
                        if (!method.getName().equals("healthCheck")) {
                            return method.getName().equals("id") ? "outer" : method.invoke(inner, given);
                        }
                        HealthStatus own = inner.healthCheck();
                        return new HealthStatus(
                                HealthStatus.Status.DEGRADED, "of two", own.details(), Map.of("inner", own));
                    });
            source.put("album.yaml", SamplePolicies.resource("album"));
            with(outer, StoreSettings.DEFAULT, () -> {
                assertThat(value("authz_policy_driver_health{driver=\"outer\"}"))
                        .isEqualTo(1);
                assertThat(value("authz_policy_driver_health{driver=\"inner\"}"))
                        .isEqualTo(2);
                assertThat(value("authz_policy_driver_policies{driver=\"inner\"}"))
                        .isEqualTo(1);
            });
        }

        @Test
        void whatWebhooksTookAndRefused() throws IOException {
            AtomicInteger status = new AtomicInteger(200);
            HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            receiver.createContext("/", exchange -> {
                exchange.sendResponseHeaders(status.get(), -1);
                exchange.close();
            });
            receiver.start();
            WebhookSettings webhook = WebhookSettings.of(
                    URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/"), "a secret of some length");
            try (StorageContext threads = StorageContext.create("webhooks");
                    PolicyStore other = PolicyStore.builder(
                                    source.driver("memory", SyncSettings.DEFAULT.withRetries(0), threads))
                            .settings(StoreSettings.DEFAULT.withWebhooks(List.of(webhook)))
                            .context(threads)
                            .build();
                    StoreMetrics own = new StoreMetrics(other)) {
                own.bindTo(registry);
                other.start();
                await("authz_policy_webhook_delivered_total", 1);
                status.set(400);
                put("one");
                other.checkAndReload();
                await("authz_policy_webhook_failures_total", 1);
                await("authz_policy_webhook_waiting", 0);
                assertThat(value("authz_policy_webhook_delivered_total")).isEqualTo(1);
                assertThat(value("authz_policy_webhook_dropped_total")).isZero();
            } finally {
                receiver.stop(0);
            }
        }

        private void await(String name, double expected) {
            long begin = System.nanoTime();
            while (value(name) != expected) {
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(name).isLessThan(Duration.ofSeconds(30));
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Nested
    class Registries {
        @Test
        void bindingTwiceNeitherFailsNorCountsTwice() {
            metrics.bindTo(registry);
            try (StoreMetrics again = new StoreMetrics(store)) {
                again.bindTo(registry);
                store.start();

                assertThat(value("authz_policy_reload_attempts_total")).isEqualTo(1);
                assertThat(value("authz_policy_reload_duration_seconds_count")).isEqualTo(1);
            }
        }

        @Test
        void theGlobalRegistryIsLeftAlone() {
            metrics.bindTo(registry);

            assertThat(Metrics.globalRegistry.getMeters()).isEmpty();
        }

        @Test
        void policiesAndTheirErrorsMakeNoSeries() {
            metrics.bindTo(registry);
            store.start();
            Set<String> before = samples(registry).keySet();
            for (int i = 0; i < 100; i++) {
                source.put("p" + i + ".yaml", i % 2 == 0 ? SamplePolicies.resource("p" + i) : "broken " + i + ": [");
            }
            sim.advance(POLL);

            assertThat(store.status().held()).isPresent();
            assertThat(samples(registry).keySet()).isEqualTo(before);
        }

        @Test
        void twoStoresStayApartByTheirTags() {
            InMemorySource other = new InMemorySource();
            other.put("x.yaml", SamplePolicies.resource("x"));
            try (PolicyStore second = storeOver(other, "other");
                    StoreMetrics first = new StoreMetrics(store, Tags.of("store", "first"));
                    StoreMetrics further = new StoreMetrics(second, Tags.of("store", "second"))) {
                first.bindTo(registry);
                further.bindTo(registry);
                store.start();
                second.start();

                assertThat(value("authz_policy_count{store=\"first\"}")).isZero();
                assertThat(value("authz_policy_count{store=\"second\"}")).isEqualTo(1);
            }
        }

        @Test
        void twoStoresStayApartByTheirRegistries() {
            InMemorySource other = new InMemorySource();
            PrometheusMeterRegistry second = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            try (PolicyStore further = storeOver(other, "other");
                    StoreMetrics own = new StoreMetrics(further)) {
                metrics.bindTo(registry);
                own.bindTo(second);
                store.start();

                assertThat(value("authz_policy_current_version")).isEqualTo(1);
                assertThat(samples(second)).containsEntry("authz_policy_current_version", 0.0);
            }
        }

        @Test
        void closingTakesThemOutAndLeavesOthersAlone() {
            SimpleMeterRegistry simple = new SimpleMeterRegistry();
            simple.counter("own");
            metrics.bindTo(simple);
            assertThat(simple.getMeters()).hasSizeGreaterThan(13);

            metrics.close();
            metrics.close();
            assertThat(simple.getMeters()).hasSize(1);
        }
    }
}
