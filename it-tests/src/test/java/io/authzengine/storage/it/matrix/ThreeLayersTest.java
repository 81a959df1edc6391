package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.testkit.SamplePolicies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files over Git over PostgreSQL, all of them real. */
@Timeout(300)
final class ThreeLayersTest {
    private static final int MANY = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The layers, the first of highest precedence, with the ids their settings give them. */
    private static final Map<String, BackendUnderTest> LAYERS = new LinkedHashMap<>();

    @TempDir
    static Path directory = Path.of("");

    private final LoopTime time = new LoopTime(1);

    @BeforeAll
    static void start() throws Exception {
        LAYERS.put("files", FilesystemBackend.start(Files.createDirectories(directory.resolve("files"))));
        LAYERS.put("repository", GitHttpBackend.start(Files.createDirectories(directory.resolve("git"))));
        LAYERS.put("table", DatabaseBackend.postgresql(directory));
    }

    @AfterAll
    static void stop() throws Exception {
        for (BackendUnderTest layer : LAYERS.values()) {
            layer.close();
        }
    }

    @AfterEach
    void end() {
        time.close();
    }

    private PolicyStore open(String strategy) {
        StringBuilder yaml =
                new StringBuilder("storage:\n  type: composite\n  mergeStrategy: " + strategy + "\n  drivers:\n");
        for (BackendUnderTest layer : LAYERS.values()) {
            yaml.append("    - ").append(layer.settings().indent(6).strip()).append('\n');
        }
        PolicyStore store = PolicyStore.builder(StorageConfig.parse(yaml.toString(), "layers.yaml", Map.of()))
                .context(time.context())
                .build();
        store.start();
        return store;
    }

    private static void await(PolicyStore store, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError("waited in vain; " + store.status());
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static boolean allows(PolicyStore store, String name, String action) {
        return store.current()
                .find(SamplePolicies.resourceId(name))
                .filter(policy -> policy.raw().toString().contains('"' + action + '"'))
                .isPresent();
    }

    private static Status health(PolicyStore store, String layer) {
        return store.status().drivers().values().stream()
                .flatMap(driver -> driver.children().entrySet().stream())
                .filter(child -> child.getKey().equals(layer))
                .findFirst()
                .orElseThrow()
                .getValue()
                .status();
    }

    /** What each layer has alone, and one resource that all of them have. */
    private static Map<String, String> own(String layer, String action) {
        return Map.of(
                layer + ".yaml",
                SamplePolicies.resource(layer, "default", action),
                "shared.yaml",
                SamplePolicies.resource("shared", "default", layer));
    }

    @Test
    void anyOneOfThemCanDieAndTheOthersGoOn() throws Exception {
        for (Map.Entry<String, BackendUnderTest> layer : LAYERS.entrySet()) {
            layer.getValue().publish(own(layer.getKey(), "begin"));
        }
        try (PolicyStore store = open("first-wins")) {
            assertThat(store.current().size()).isEqualTo(4);
            assertThat(allows(store, "shared", "files")).isTrue();
            assertThat(store.explain(SamplePolicies.resourceId("shared")).sources())
                    .extracting(source -> source.standing() + " "
                            + source.policy().metadata().provenance().driverId())
                    .containsExactly("WON files", "SHADOWED repository", "SHADOWED table");

            for (String dead : LAYERS.keySet()) {
                BackendUnderTest backend = layer(dead);
                Harm death = dead.equals("files") ? Harm.GONE : Harm.KILLED;
                backend.harm(death);
                await(store, () -> health(store, dead) != Status.HEALTHY);
                for (String alive : LAYERS.keySet()) {
                    if (!alive.equals(dead)) {
                        layer(alive).publish(own(alive, "without-" + dead));
                        await(store, () -> allows(store, alive, "without-" + dead));
                        assertThat(health(store, alive)).isEqualTo(Status.HEALTHY);
                    }
                }
                assertThat(store.current().size()).isEqualTo(4);
                assertThat(store.status().isReady()).isTrue();
                backend.heal(death);
                backend.publish(own(dead, "back"));
                await(store, () -> allows(store, dead, "back"));
                await(store, () -> store.status().health().status() == Status.HEALTHY);
            }

            layer("files").publish(Map.of("files.yaml", SamplePolicies.resource("files")));
            await(store, () -> allows(store, "shared", "repository"));
        }
    }

    private static BackendUnderTest layer(String name) {
        BackendUnderTest layer = LAYERS.get(name);
        if (layer == null) {
            throw new IllegalArgumentException(name);
        }
        return layer;
    }

    /** Everything is in the table, a half of it in the repository too, and a fifth in files. */
    private static boolean has(String layer, int number) {
        return switch (layer) {
            case "files" -> number % 5 == 0;
            case "repository" -> number % 2 == 0;
            default -> true;
        };
    }

    private static String ruled(String layer, int number) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(layer).append("\n".repeat(1 + number % 7));
        text.append("""
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: thing%d
                  version: default
                  rules:
                """.formatted(number));
        for (int rule = 0; rule <= number % 3; rule++) {
            text.append("""
                    - name: %s-%d
                      actions: ["%s%d"]
                      effect: EFFECT_ALLOW
                      roles: [user]
                """.formatted(layer, rule, layer, rule));
        }
        return text.toString();
    }

    @Test
    void eachRuleOfAThousandPoliciesIsExplainedByTheDocumentThatHasIt() throws Exception {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (Map.Entry<String, BackendUnderTest> layer : LAYERS.entrySet()) {
            Map<String, String> documents = new TreeMap<>();
            for (int number = 0; number < MANY; number++) {
                if (has(layer.getKey(), number)) {
                    documents.put("thing" + number + ".yaml", ruled(layer.getKey(), number));
                }
            }
            layer.getValue().publish(documents);
            all.put(layer.getKey(), documents);
        }
        try (PolicyStore store = open("merge-rules")) {
            assertThat(store.current().size()).isEqualTo(MANY);
            for (int number = 0; number < MANY; number++) {
                check(store.explain(PolicyId.ofResource("thing" + number, "default", "")), number, all);
            }
        }
    }

    private static void check(Explanation explained, int number, Map<String, Map<String, String>> all) {
        List<String> wanted = new ArrayList<>();
        for (String layer : LAYERS.keySet()) {
            for (int rule = 0; has(layer, number) && rule <= number % 3; rule++) {
                wanted.add(layer + "-" + rule);
            }
        }
        assertThat(explained.rules())
                .extracting(rule -> rule.label().replaceFirst("^\\S+ ", ""))
                .containsExactlyElementsOf(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            List<Provenance> origins = explained.rules().get(i).origins();
            assertThat(origins).hasSize(1);
            Provenance origin = origins.get(0);
            assertThat(wanted.get(i)).startsWith(origin.driverId() + "-");
            assertThat(origin.location()).contains("thing" + number);
            String text = all.getOrDefault(origin.driverId(), Map.of()).getOrDefault("thing" + number + ".yaml", "");
            assertThat(text.lines().toList().get(origin.line() - 1)).contains("name: " + wanted.get(i));
        }
    }
}
