package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of three layers, as a person would go through it. */
@Timeout(300)
final class CompositeTest {
    private static final PolicyId EXPENSE = PolicyId.ofResource("expense", "default", "");
    private static final PolicyId LIMITS = PolicyId.ofExportConstants("company_limits");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private Path example = Path.of("");

    @BeforeEach
    void copyTheExample() throws IOException {
        Path from = Path.of(PolicydProcess.required("policyd.quickstart")).resolveSibling("composite");
        example = directory.resolve("composite");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = example.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static void await(BooleanSupplier condition, PolicyStore store) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain; " + store.status());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void aLayerThatIsTakenAwayRevealsTheNextAndABrokenBackendHoldsUpNobody() throws IOException {
        List<PolicyChangeEvent> told = new CopyOnWriteArrayList<>();
        try (PolicyStore store = PolicyStore.open(StorageConfig.load(example.resolve("storage.yaml")))) {
            store.subscribe(event -> {
                if (event instanceof StoreEvent.Updated updated) {
                    told.addAll(updated.changes().events());
                }
            });
            assertThat(text(store, EXPENSE)).contains("books-are-closed");
            assertThat(text(store, LIMITS)).contains("maxTravel: 500", "maxExpense: 100");
            assertThat(store.explain(EXPENSE).sources())
                    .extracting(source -> source.standing() + " "
                            + source.policy().metadata().provenance().driverId())
                    .containsExactly("WON overrides", "SHADOWED team", "SHADOWED base");

            Files.delete(example.resolve("overrides/expense.yaml"));
            await(() -> text(store, EXPENSE).contains("leads-approve"), store);
            await(() -> !told.isEmpty(), store);
            assertThat(told).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo(PolicyChangeEvent.Type.MODIFIED);
                assertThat(event.policyId()).isEqualTo(EXPENSE);
            });

            Files.move(example.resolve("base"), example.resolve("unmounted"));
            Path limits = example.resolve("overrides/company_limits.yaml");
            Path fresh = example.resolve("overrides/.fresh");
            Files.writeString(fresh, Files.readString(limits).replace("500", "250"));
            Files.move(fresh, limits, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            await(() -> text(store, LIMITS).contains("maxTravel: 250"), store);
            assertThat(text(store, LIMITS)).contains("maxExpense: 100");
            await(() -> child(store, "base").status() == Status.DEGRADED, store);
            assertThat(child(store, "team").status()).isEqualTo(Status.HEALTHY);
            assertThat(store.status().health().status()).isEqualTo(Status.DEGRADED);
        }
    }

    private static String text(PolicyStore store, PolicyId id) {
        return store.current().find(id).map(Policy::raw).map(Object::toString).orElse("");
    }

    private static HealthStatus child(PolicyStore store, String id) {
        return store.status().drivers().values().stream()
                .flatMap(driver -> driver.children().entrySet().stream())
                .filter(child -> child.getKey().equals(id))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void policydServesAndExplainsIt() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        try (PolicydProcess policyd =
                PolicydProcess.serve(example.resolve("storage.yaml"), directory.resolve("errors.log"))) {
            String url = policyd.awaitReady().url();
            String explained = get(client, url + "/api/explain/" + EXPENSE);
            assertThat(explained)
                    .contains("\"standing\":\"won\"", "\"standing\":\"shadowed\"", "\"served\":true")
                    .contains("\"label\":\"rules[0] books-are-closed\"")
                    .contains("\"driverId\":\"overrides\",\"location\":\"overrides/expense.yaml\",\"line\":7");
            assertThat(get(client, url + "/health")).contains("\"team\":{\"status\":\"healthy\"");
            assertThat(policyd.terminate()).isEqualTo(143);
        }
    }

    private static String get(HttpClient client, String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    /** What a rule says is found again at the place it is said to stand at. */
    @Test
    void eachRuleStandsWhereTheExplanationSays() throws IOException {
        try (PolicyStore store = PolicyStore.open(StorageConfig.load(example.resolve("storage.yaml")))) {
            for (Policy policy : store.current().all()) {
                for (Explanation.Rule rule : store.explain(policy.id()).rules()) {
                    String name = rule.label().replaceFirst("^[^ .]*[ .]", "");
                    Path file = example.resolve(rule.origins().get(0).location());
                    String line =
                            Files.readAllLines(file).get(rule.origins().get(0).line() - 1);
                    assertThat(line).contains(name);
                }
            }
        }
    }
}
