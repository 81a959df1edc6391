package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.testkit.InMemorySource;
import io.authzengine.storage.testkit.RememberedDocuments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompositeSettingsTest {
    private final Layers layers = new Layers();
    private final List<String> urls = new ArrayList<>();
    private final List<DocumentCache> caches = new ArrayList<>();
    private final CompositeDriverProvider provider = new CompositeDriverProvider(this::providers);

    @AfterEach
    void close() {
        layers.close();
    }

    /** Makes drivers in memory from blocks that look like those of other drivers. */
    private final class Memory implements StorageDriverProvider {
        @Override
        public String type() {
            return StorageDriver.MEMORY;
        }

        @Override
        public StorageDriver create(DriverConfig config, StorageContext context) {
            config.secret("connection").ifPresent(urls::add);
            caches.add(context.documents());
            String id = config.id().orElse("memory");
            config.verify();
            return new InMemorySource().driver(id, Layers.SETTINGS, context);
        }
    }

    private DriverProviders providers() {
        return DriverProviders.of(List.of(provider, new Memory()));
    }

    @Test
    void layersMayTakeFromTheStoresOfflineCopyWhatTheyHaveReadBefore() {
        RememberedDocuments documents = new RememberedDocuments();
        String yaml =
                "storage: {driver: composite, composite: {drivers: [{type: memory, id: a}, {type: memory, id: b}]}}";
        StorageConfig.parse(yaml, "storage.yaml", Map.of())
                .openDriver(providers(), layers.context.withDocuments(documents));
        assertThat(caches).containsExactly(documents, documents);
    }

    private StorageDriver open(String composite) {
        String yaml = "storage:\n  driver: composite\n  composite:\n" + composite.indent(4);
        return StorageConfig.parse(yaml, "storage.yaml", Map.of("DATABASE_URL", "postgres://u:secret@h/db"))
                .openDriver(providers(), layers.context);
    }

    @Test
    void layersAreWrittenInLineWithUrlsFromTheEnvironment() {
        StorageDriver driver = open("""
                mergeStrategy: last-wins
                drivers:
                  - type: memory
                    id: overrides
                  - type: memory
                    id: team
                    required: false
                    priority: 7
                    loadTimeout: 5s
                  - driver: memory
                    id: base
                    memory:
                      connection: ${DATABASE_URL}
                """);
        assertThat(driver.type()).isEqualTo("composite");
        assertThat(driver.healthCheck().children().keySet()).containsExactly("team", "overrides", "base");
        assertThat(urls).containsExactly("postgres://u:secret@h/db");
    }

    @Test
    void theOtherShapeOfTheFileMeansTheSame() {
        StorageDriver driver =
                StorageConfig.parse("""
                        storage:
                          type: composite
                          id: all
                          drivers:
                            - {type: memory, id: one}
                            - type: composite
                              id: inner
                              mergeStrategy: merge-rules
                              drivers:
                                - {type: memory, id: two}
                        """, "storage.yaml", Map.of()).openDriver(providers(), layers.context);
        assertThat(driver.id()).isEqualTo("all");
        assertThat(driver.healthCheck().children().keySet()).containsExactly("one", "inner");
    }

    @Test
    void allProblemsAreToldAtOnceWithTheNearestKey() {
        assertThatThrownBy(() -> open("""
                        mergeStrategie: first-wins
                        conflictKey: colour
                        drivers:
                          - type: memory
                            requierd: true
                          - type: memry
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean \"mergeStrategy\"?")
                .hasMessageContaining("\"id\" or \"name\"")
                .hasMessageContaining("did you mean \"required\"?")
                .hasMessageContaining("no driver of this type is installed");
    }

    @Test
    void aCompositeNeedsDriversWithIdsOfTheirOwn() {
        assertThatThrownBy(() -> open("mergeStrategy: reject")).hasMessageContaining("names no drivers");
        assertThatThrownBy(() -> open("drivers: [{type: memory}, {type: memory}]"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two drivers called \"memory\"");
    }

    private CompositeConfig read(String composite) {
        String yaml = "storage:\n  driver: composite\n  composite:\n" + composite.indent(4);
        return CompositeSettings.read(
                        StorageConfig.parse(yaml, "storage.yaml", Map.of()).driver())
                .config();
    }

    @Test
    void kindsMayHaveStrategiesAndResolversOfTheirOwn() {
        CompositeConfig config = read("""
                conflictResolver: highest-version
                gatherPeriod: 10ms
                byKind:
                  derivedRoles: merge-rules
                  exportConstants: newest
                drivers: [{type: memory}]
                """);
        assertThat(config.strategyOf(PolicyKind.DERIVED_ROLES)).isEqualTo(MergeStrategy.MERGE_RULES);
        assertThat(config.strategyOf(PolicyKind.RESOURCE_POLICY)).isEqualTo(MergeStrategy.FIRST_WINS);
        assertThat(config.resolver()).isPresent();
        assertThat(config.gatherPeriod()).isEqualTo(Duration.ofMillis(10));
        assertThat(read("byKind: {exportConstants: newest}\ndrivers: [{type: memory}]")
                        .resolver())
                .isPresent();
        assertThat(read("drivers: [{type: memory}]").resolver()).isEmpty();
    }

    @Test
    void eachSettingIsExplained() {
        assertThat(provider.settings().keySet())
                .contains(
                        "drivers", "mergeStrategy", "conflictKey", "conflictResolver", "byKind", "gatherPeriod", "id");
    }
}
