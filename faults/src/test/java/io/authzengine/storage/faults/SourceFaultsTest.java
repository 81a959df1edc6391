package io.authzengine.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.source.SyncSettings;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Faults around a source and around a driver: section C, C-55, C-56 and table C7. */
class SourceFaultsTest {
    /** A backend in memory. */
    private static final class Backend implements PolicySource {
        final Map<String, String> documents = new TreeMap<>();
        int revision;

        @Nullable
        HintListener listener;

        int closed;

        Optional<Finding> doubt = Optional.empty();

        void put(String location, String text) {
            documents.put(location, text);
            revision++;
            if (listener != null) {
                listener.lookNow();
            }
        }

        @Override
        public void open(SourceContext context) {}

        @Override
        public Optional<Manifest> manifest(Revision last) {
            return Optional.of(Manifest.complete(
                    new Revision("r" + revision),
                    documents.keySet().stream()
                            .map(at -> SourceEntry.of(
                                    at, "t" + String.valueOf(documents.get(at)).hashCode()))
                            .toList()));
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            doubt.ifPresent(finding -> wanted.forEach(entry -> into.doubt(entry, finding)));
            wanted.forEach(entry -> into.accept(
                    entry, String.valueOf(documents.get(entry.location())).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public boolean tokenLasts(SourceEntry entry) {
            return true;
        }

        @Override
        public void onHint(HintListener lookNow) {
            listener = lookNow;
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private static String document(String action) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: album
                  version: default
                  rules:
                    - actions: ['%s']
                      effect: EFFECT_ALLOW
                      roles: ['user']
                """.formatted(action);
    }

    private final World world = new World();
    private final Backend backend = new Backend();

    private StorageDriver overFaultySource(Map<String, ?> fields) {
        world.with("test", fields);
        PolicySource source = world.faults.decorate(backend, "memory-1", FaultBinding.named("test"));
        return new SourceDriver("memory-1", "memory", source, SyncSettings.DEFAULT.withRetries(0), world.context);
    }

    private StorageDriver faultyDriver(Map<String, ?> fields) {
        world.with("test", fields);
        StorageDriver driver =
                new SourceDriver("memory-1", "memory", backend, SyncSettings.DEFAULT.withRetries(0), world.context);
        return world.faults.decorate(driver, FaultBinding.named("test"));
    }

    @Test
    void whatTheSourceSaysOfItselfIsPassedOn() {
        backend.doubt = Optional.of(Finding.warning(
                ErrorCode.VALIDATION_ERROR, Place.of("album.yaml"), "the size is another than was listed"));
        backend.put("album.yaml", document("view"));
        StorageDriver driver = overFaultySource(Map.of());
        driver.init();
        assertThat(driver.healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
        assertThat(driver.healthCheck().message()).contains("another than was listed");
        PolicySource source = world.faults.decorate(backend, "memory-1", FaultBinding.named("test"));
        assertThat(source.tokenLasts(SourceEntry.of("album.yaml", "t1"))).isTrue();
    }

    @Test
    void aDocumentThatIsDamagedOnItsWayHealsWithTheLink() {
        backend.put("album.yaml", document("view"));
        StorageDriver driver = overFaultySource(Map.of());
        driver.init();
        world.with("test", Map.of("payload_mutation", Map.of("enabled", true, "type", "corrupt_encoding")));
        backend.put("album.yaml", document("edit"));
        driver.checkNow(CheckMode.IF_CHANGED);
        assertThat(driver.load().complete()).isFalse();
        world.with("test", Map.of());
        driver.checkNow(CheckMode.IF_CHANGED);
        assertThat(driver.load().complete()).isTrue();
        assertThat(driver.getAllPolicies().get(0).raw().toString()).contains("edit");
    }

    @Nested
    class OfASource {
        @Test
        void connectingMayFailAndCanBeRepeated() {
            backend.put("a.yaml", document("view"));
            StorageDriver driver = overFaultySource(Map.of("connection_error", Map.of("kind", "refused")));
            assertThatThrownBy(driver::init)
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("test");
            world.with("test", Map.of());
            driver.init();
            assertThat(driver.getAllPolicies()).hasSize(1);
            driver.close();
            assertThat(backend.closed).isPositive();
        }

        @Test
        void aNameMayNotBeFoundWhenConnecting() {
            StorageDriver driver = overFaultySource(Map.of("dns", Map.of("nxdomain", "100%")));
            assertThatThrownBy(driver::init)
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasCauseInstanceOf(UnknownHostException.class);
        }

        @Test
        void aFailureTakesNothingAway() {
            backend.put("a.yaml", document("view"));
            StorageDriver driver = overFaultySource(Map.of());
            driver.init();
            world.with("test", Map.of("latency", "9ms", "timeout", Map.of("recv", "5ms")));
            assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).isInstanceOf(StorageTimeoutException.class);
            assertThat(driver.getAllPolicies()).hasSize(1);
            assertThat(driver.healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            driver.close();
        }

        @Test
        void documentsAreChangedBeforeTheyAreParsed() {
            backend.put("a.yaml", document("view"));
            StorageDriver driver = overFaultySource(Map.of(
                    "payload_mutation",
                    Map.of(
                            "enabled",
                            true,
                            "type",
                            "replace_pattern",
                            "replace_find",
                            "'view'",
                            "replace_with",
                            "'edit'")));
            driver.init();
            assertThat(driver.getAllPolicies().get(0).raw().toString()).contains("'edit'");
            driver.close();
        }

        @Test
        void aDocumentThatIsLostFailsTheWholeRead() {
            backend.put("a.yaml", document("view"));
            StorageDriver driver = overFaultySource(
                    Map.of("downlink", Map.of("packet_loss", "100%"), "targets", List.of("driver://source/*#read")));
            assertThatThrownBy(driver::init).isInstanceOf(ConnectionFailedException.class);
            driver.close();
        }

        @Test
        void hintsMayBeLostDoubledLateOrOutOfOrder() {
            StorageDriver driver = overFaultySource(Map.of());
            driver.watch(changes -> {});
            driver.init();
            world.with("test", Map.of("packet_loss", "100%", "targets", List.of("driver://*/*#hint")));
            backend.put("a.yaml", document("view"));
            assertThat(driver.getAllPolicies()).isEmpty();
            world.with(
                    "test",
                    Map.of(
                            "packet_duplicate",
                            Map.of("max_extra", 2),
                            "latency",
                            "5ms",
                            "targets",
                            List.of("driver://*/*#hint")));
            backend.put("b.yaml", document("edit").replace("album", "book"));
            world.sim.advance(Duration.ofSeconds(2));
            assertThat(driver.getAllPolicies()).hasSize(2);
            assertThat(world.faults.counters().count("duplicated")).isEqualTo(1);
            driver.close();
        }
    }

    @Nested
    class OfADriver {
        @Test
        void initConnectsAndTheRestAreCalls() {
            backend.put("a.yaml", document("view"));
            StorageDriver driver = faultyDriver(Map.of("timeout", Map.of("connect", "1ms", "mode", "always")));
            assertThatThrownBy(driver::init).isInstanceOf(StorageTimeoutException.class);
            world.with("test", Map.of());
            driver.init();
            world.with("test", Map.of("packet_loss", "100%"));
            assertThatThrownBy(driver::load).isInstanceOf(ConnectionFailedException.class);
            assertThatThrownBy(driver::listPolicies).isInstanceOf(ConnectionFailedException.class);
            assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).isInstanceOf(ConnectionFailedException.class);
            driver.close();
        }

        @Test
        void namesLifeAndCloseAreLeftAlone() {
            StorageDriver driver = faultyDriver(Map.of("packet_loss", "100%", "connection_error", Map.of()));
            assertThat(driver.id()).isEqualTo("memory-1");
            assertThat(driver.type()).isEqualTo("memory");
            assertThat(driver.progress()).isEmpty();
            assertThat(driver.stop(Duration.ofSeconds(1))).isTrue();
            driver.close();
            driver.close();
            assertThat(backend.closed).isEqualTo(1);
        }

        @Test
        void healthNeverThrowsAndSaysWhatHappened() {
            backend.put("a.yaml", document("view"));
            StorageDriver driver = faultyDriver(Map.of());
            driver.init();
            world.with("test", Map.of("packet_loss", "100%"));
            assertThat(driver.healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(driver.healthCheck().message()).contains("SD-001");
            driver.close();
        }

        @Test
        void whatTheDriverItselfThrowsIsThrownAsItIs() {
            assertThatThrownBy(faultyDriver(Map.of())::load).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void listenersAreToldLateAndTwiceInTheirOrder() {
            StorageDriver driver = faultyDriver(Map.of(
                    "latency",
                    "5ms",
                    "packet_duplicate",
                    Map.of(),
                    "targets",
                    List.of("driver://memory/memory-1#onChange")));
            List<String> told = new ArrayList<>();
            Subscription subscription = driver.watch(changes -> told.addAll(changes.events().stream()
                    .map(event -> event.type() + "@" + world.elapsed().toMillis())
                    .toList()));
            driver.init();
            backend.put("a.yaml", document("view"));
            backend.put("a.yaml", document("edit"));
            world.sim.advance(Duration.ofMillis(50));
            assertThat(told).containsExactly("ADDED@5", "ADDED@5", "MODIFIED@5", "MODIFIED@5");
            subscription.close();
            driver.close();
        }

        @Test
        void listenersMissWhatIsLostAndSeeLaterEventsFirst() {
            StorageDriver driver = faultyDriver(Map.of(
                    "packet_reorder",
                    Map.of("window", 9, "max_delay", "1s"),
                    "targets",
                    List.of("driver://memory/memory-1#*")));
            List<Long> told = new ArrayList<>();
            List<Object> looks = new ArrayList<>();
            driver.watch(new PolicyChangeListener() {
                @Override
                public void onChange(io.authzengine.storage.snapshot.PolicyChangeSet changes) {
                    told.add(changes.sequence());
                }

                @Override
                public void onLook(io.authzengine.storage.driver.LoadResult result) {
                    looks.add(result);
                }

                @Override
                public void onFailure(io.authzengine.storage.error.StorageException failure) {
                    looks.add(failure);
                }
            });
            driver.init();
            world.sim.advance(Duration.ofSeconds(2));
            backend.put("a.yaml", document("view"));
            world.with("test", Map.of());
            backend.put("a.yaml", document("edit"));
            assertThat(told).hasSize(2).isSortedAccordingTo(java.util.Comparator.reverseOrder());
            world.with(
                    "test",
                    Map.of(
                            "packet_reorder",
                            Map.of("window", 9, "max_delay", "1s"),
                            "targets",
                            List.of("driver://memory/memory-1#*")));
            backend.put("a.yaml", document("list"));
            assertThat(told).hasSize(2);
            world.sim.advance(Duration.ofSeconds(2));
            assertThat(told).hasSize(3);
            assertThat(looks).isNotEmpty();
            driver.close();
        }
    }

    @Test
    void aResolverMayFindNothing() throws UnknownHostException {
        HostResolver resolver = world.faults.decorate(HostResolver.system(), FaultBinding.named("test"));
        world.with(
                "test", Map.of("dns", Map.of("nxdomain", "100%"), "targets", List.of(Map.of("hostname", "localhost"))));
        assertThatThrownBy(() -> resolver.resolve("localhost")).isInstanceOf(UnknownHostException.class);
        assertThat(resolver.resolve("127.0.0.1")).hasSize(1);
        world.with("test", Map.of("dns", Map.of("delay", "3s")));
        assertThat(resolver.resolve("127.0.0.1")).hasSize(1);
        assertThat(world.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }
}
