package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver as users have it: source and loop together, on real directories and real time. */
class FilesystemDriverTest {
    @TempDir
    Path directory;

    private final StorageContext context = StorageContext.create("test");
    private final List<StorageDriver> drivers = new ArrayList<>();
    private Tree tree;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = directory.toRealPath();
        tree = new Tree(Files.createDirectory(directory.resolve("policies")));
    }

    @AfterEach
    void close() {
        drivers.forEach(StorageDriver::close);
        context.close();
    }

    private StorageDriver driver(FilesystemConfig config) {
        StorageDriver driver = new FilesystemDriverProvider().create(config, context);
        drivers.add(driver);
        return driver;
    }

    private StorageDriver configured(String settings) throws IOException {
        Path file = Files.writeString(directory.resolve("storage.yaml"), "storage:\n  type: filesystem\n" + settings);
        StorageDriver driver = StorageConfig.load(file, Map.of()).openDriver(context);
        drivers.add(driver);
        return driver;
    }

    private static String policy(String resource, String effect) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: %s
                  version: default
                  rules:
                    - actions: ["view"]
                      effect: %s
                      roles: ["user"]
                """.formatted(resource, effect);
    }

    private static PolicyId id(String resource) {
        return PolicyId.ofResource(resource, "default", "");
    }

    @Nested
    class Following {
        @Test
        void tellsOfARenameIntoPlace() {
            tree.write("a.yaml", policy("a", "EFFECT_ALLOW"));
            StorageDriver driver = driver(FilesystemConfig.of(tree.path()).withRescanInterval(Duration.ofHours(1)));
            List<PolicyChangeSet> told = new CopyOnWriteArrayList<>();
            driver.init();
            driver.watch(told::add);

            tree.replace("a.yaml", policy("a", "EFFECT_DENY"));
            tree.replace("b.yaml", policy("b", "EFFECT_DENY"));

            Mirror.await(() -> driver.getPolicy(id("b")).isPresent());
            Mirror.await(
                    () -> told.stream().mapToInt(set -> set.events().size()).sum() == 2);
            assertThat(told.stream().flatMap(set -> set.events().stream()).map(PolicyChangeEvent::type))
                    .containsExactlyInAnyOrder(PolicyChangeEvent.Type.MODIFIED, PolicyChangeEvent.Type.ADDED);
            assertThat(driver.healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void keepsWhatItHasWhileTheRootIsGone() {
            tree.write("a.yaml", policy("a", "EFFECT_ALLOW"));
            StorageDriver driver = driver(FilesystemConfig.of(tree.path()).withRescanInterval(Duration.ofMillis(100)));
            driver.init();
            driver.watch(changes -> {});

            new Tree(directory).move("policies", "away");

            Mirror.await(() -> driver.healthCheck().status() == HealthStatus.Status.DEGRADED);
            assertThat(driver.healthCheck().message()).contains("SD-007");
            assertThat(driver.getPolicy(id("a"))).isPresent();
            new Tree(directory).move("away", "policies");
            Mirror.await(() -> driver.healthCheck().status() == HealthStatus.Status.HEALTHY);
        }

        @Test
        void takesNoneOfTheDeletionsOfARootThatIsBeingFilledAgain() {
            int count = 8;
            writePolicies(0, count);
            StorageDriver driver = driver(FilesystemConfig.of(tree.path()).withRescanInterval(Duration.ofHours(1)));
            List<PolicyChangeSet> told = new CopyOnWriteArrayList<>();
            driver.init();
            driver.watch(told::add);
            Mirror.await(() -> driver.healthCheck().status() == HealthStatus.Status.HEALTHY);

            tree.delete("");
            writePolicies(0, 3);

            Mirror.await(() -> driver.healthCheck().message().contains("lacks 5 of 8"));
            assertThat(driver.healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(driver.listPolicies()).hasSize(count);
            writePolicies(3, count);
            Mirror.await(() -> driver.healthCheck().status() == HealthStatus.Status.HEALTHY);
            assertThat(driver.listPolicies()).hasSize(count);
            assertThat(told.stream().flatMap(set -> set.events().stream()).map(PolicyChangeEvent::type))
                    .doesNotContain(PolicyChangeEvent.Type.DELETED);
        }

        @Test
        void takesTheDeletionsOfAReplacedRootThatStaysAsItIs() {
            writePolicies(0, 8);
            StorageDriver driver = driver(FilesystemConfig.of(tree.path()).withRescanInterval(Duration.ofMillis(500)));
            driver.init();
            driver.watch(changes -> {});

            tree.delete("");
            writePolicies(0, 3);

            Mirror.await(() -> driver.listPolicies().size() == 3);
            Mirror.await(() -> driver.healthCheck().status() == HealthStatus.Status.HEALTHY);
        }

        private void writePolicies(int from, int to) {
            for (int i = from; i < to; i++) {
                tree.write("d" + i % 2 + "/" + i + ".yaml", policy("r" + i, i == 7 ? "EFFECT_DENY" : "EFFECT_ALLOW"));
            }
        }

        @Test
        void takesABurstIntoANewDirectoryAsOneChange() throws Exception {
            int count = 100;
            tree.write("a.yaml", policy("a", "EFFECT_ALLOW"));
            // The gaps between two files must stay below the quiet period, however busy the machine.
            StorageDriver driver = driver(FilesystemConfig.of(tree.path())
                    .withDebounce(Duration.ofSeconds(2), Duration.ofSeconds(20))
                    .withRescanInterval(Duration.ofHours(1)));
            List<PolicyChangeSet> told = new CopyOnWriteArrayList<>();
            driver.init();
            driver.watch(told::add);
            tree.write("b.yaml", policy("b", "EFFECT_ALLOW"));
            Mirror.await(() -> told.size() == 1);
            told.clear();

            Thread writer = new Thread(() -> {
                for (int i = 0; i < count; i++) {
                    tree.write("new/d" + i / 50 + "/" + i + ".yaml", policy("r" + i, "EFFECT_ALLOW"));
                    LockSupport.parkNanos(Duration.ofMillis(8).toNanos());
                }
            });
            writer.start();

            Mirror.await(() -> driver.listPolicies().size() == count + 2);
            writer.join();
            Mirror.await(() -> !told.isEmpty());
            assertThat(told)
                    .singleElement()
                    .satisfies(set -> assertThat(set.events()).hasSize(count));
        }

        @Test
        void neverSeesAPartOfAFileThatIsReplacedAThousandTimes() {
            tree.write("a.yaml", policy("a", "EFFECT_ALLOW"));
            StorageDriver driver = driver(FilesystemConfig.of(tree.path()).withRescanInterval(Duration.ofMillis(20)));
            driver.init();
            List<String> errors = new CopyOnWriteArrayList<>();
            driver.watch(new PolicyChangeListener() {
                @Override
                public void onChange(PolicyChangeSet changes) {}

                @Override
                public void onLook(LoadResult result) {
                    result.errors().forEach(error -> errors.add(error.toString()));
                }
            });
            for (int i = 0; i < 1_000; i++) {
                tree.replace("a.yaml", policy("a", i % 2 == 0 ? "EFFECT_DENY" : "EFFECT_ALLOW"));
            }
            tree.replace("b.yaml", policy("b", "EFFECT_ALLOW"));

            Mirror.await(() -> driver.getPolicy(id("b")).isPresent());
            assertThat(errors).isEmpty();
        }
    }

    @Nested
    class FromConfiguration {
        @Test
        void isFoundByItsType() {
            assertThat(ServiceLoader.load(StorageDriverProvider.class))
                    .anySatisfy(provider -> assertThat(provider).isInstanceOf(FilesystemDriverProvider.class));
            assertThat(new FilesystemDriverProvider().settings()).containsKeys("paths", "watchQuietPeriod", "id");
        }

        @Test
        void startsRelativePathsAtTheFileAndShowsThemAsWritten() throws IOException {
            tree.write("a.yaml", policy("a", "EFFECT_ALLOW"));

            StorageDriver driver = configured("  paths: ./policies\n");
            driver.init();

            assertThat(driver.type()).isEqualTo("filesystem");
            assertThat(driver.id()).matches("fs-[0-9a-f]{8}");
            assertThat(driver.listPolicies())
                    .singleElement()
                    .satisfies(metadata ->
                            assertThat(metadata.provenance().location()).isEqualTo("./policies/a.yaml"));
        }

        @Test
        void takesEverySetting() throws IOException {
            tree.write("a.POLICY", policy("a", "EFFECT_ALLOW"));

            StorageDriver driver = configured("""
                  id: mine
                  paths: [policies]
                  extensions: [policy]
                  exclude: [drafts]
                  recursive: false
                  watch: false
                  watchQuietPeriod: 10
                  watchDebounce: 100ms
                  rescanInterval: 5
                  callTimeout: 1m
                """.indent(2).replace("    ", "  "));
            driver.init();

            assertThat(driver.id()).isEqualTo("mine");
            assertThat(driver.getPolicy(id("a"))).isPresent();
        }

        @Test
        void namesAllThatIsWrongAtOnce() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> configured("""
                      paths: []
                      extensions: ["*.yaml"]
                      exclude: ["["]
                      watchQuietPeriod: 2s
                      watchDebounce: 1s
                      pathz: x
                    """.indent(-2)))
                    .withMessageContaining("paths")
                    .withMessageContaining("extensions")
                    .withMessageContaining("exclude")
                    .withMessageContaining("watchDebounce")
                    .withMessageContaining("pathz");
        }

        @Test
        void refusesAPathThatIsNone() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> configured("  paths: [\"a\\0b\"]\n"))
                    .withMessageContaining("paths");
        }

        @Test
        void tellsOfAMissingRootWhenItIsOpened() throws IOException {
            StorageDriver driver = configured("  paths: [absent]\n");

            assertThatThrownBy(driver::init)
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("absent")
                    .hasMessageContaining(directory.resolve("absent").toString());
        }
    }
}
