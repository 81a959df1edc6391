package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.policy.Policy;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whoever calls a driver through a bad link, losing calls or giving up in their midst, never sees anything that was not there. */
abstract class LinkTopic extends Topic {
    private static final String LINK = "link";
    private static final long SEED = 42;
    private static final int EDITS = 3;

    private final Set<String> held = new HashSet<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final List<String> untyped = new CopyOnWriteArrayList<>();

    LinkTopic(StorageDriverContract contract) {
        super(contract);
    }

    private static Map<String, Map<String, Object>> links() {
        Map<String, Map<String, Object>> links = new LinkedHashMap<>();
        links.put("loses half of all calls", Map.of("packet_loss", "50%"));
        links.put("loses calls in bursts", Map.of("packet_loss", "20%", "burst_loss", 3));
        links.put("loses every call", Map.of("packet_loss", "100%"));
        links.put("is refused", Map.of("connection_error", Map.of("prob", "50%", "kind", "refused")));
        links.put("is reset", Map.of("connection_error", Map.of("prob", "50%", "kind", "reset")));
        links.put("is slow", Map.of("latency", "3ms", "jitter", "2ms"));
        links.put("gives up in mid-call", Map.of("timeout", Map.of("recv", "1ms")));
        links.put("gives up on slow calls", Map.of("latency", "2ms", "timeout", Map.of("recv", "3ms")));
        links.put(
                "ends after a few calls", Map.of("session_budget", Map.of("max_ops", 3, "action", "connection_error")));
        links.put(
                "comes and goes",
                Map.of("packet_loss", "100%", "schedule", Map.of("kind", "flapping", "on", "5ms", "off", "5ms")));
        return links;
    }

    @TestFactory
    Stream<DynamicTest> toTheDriver() {
        FaultRegistry[] registry = new FaultRegistry[1];
        StorageDriver[] far = new StorageDriver[1];
        Scenario scenario = loaded().step(() -> {
            StorageContext context = run().context();
            registry[0] = new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS);
            registry[0].register(LINK, Map.of());
            far[0] = Faults.of(context, registry[0], SEED, DecisionLog.off())
                    .decorate(driver(), FaultBinding.named(LINK));
            held.addAll(run().texts().values());
        });
        links().forEach((link, faults) -> scenario.step(() -> {
                    wrong.clear();
                    untyped.clear();
                    registry[0].register(LINK, faults);
                    for (int i = 0; i < EDITS; i++) {
                        change("album", link + i);
                        call(far[0], driver -> driver.checkNow(CheckMode.IF_CHANGED));
                        call(far[0], driver -> driver.getAllPolicies().forEach(this::compare));
                        call(far[0], driver -> driver.getPolicy(ALBUM_ID).ifPresent(this::compare));
                    }
                    registry[0].register(LINK, Map.of());
                })
                .check(
                        "Through a link that " + link + " nothing is seen that was not there.",
                        () -> assertThat(wrong).isEmpty())
                .check(
                        "Through a link that " + link + " calls fail with a typed error.",
                        () -> assertThat(untyped).isEmpty())
                .check("After a link that " + link + " all there is arrives.", () -> {
                    awaitText(ALBUM_ID, link + (EDITS - 1));
                    assertThat(far[0].getAllPolicies())
                            .isEqualTo(driver().load().policies().sorted());
                }));
        return scenario.check("What was told meanwhile adds up to what there is.", () -> run().awaitTold())
                .check(
                        "Bad links to a driver delete nothing.",
                        () -> assertThat(run().events()).noneMatch(event -> event.startsWith("DELETED")))
                .check("Bad links to a driver leave its health good.", this::awaitHealthy)
                .checks();
    }

    private void change(String resource, String action) throws Exception {
        held.add(edited(resource, action).strip());
        edit(resource, action);
    }

    private void compare(Policy policy) {
        String text = policy.raw().toString().strip();
        if (!held.contains(text)) {
            wrong.add(text);
        }
    }

    private void call(StorageDriver driver, Consumer<StorageDriver> call) {
        try {
            call.accept(driver);
        } catch (StorageException e) {
            if (e.driverId().isBlank()) {
                untyped.add("an error that names no driver: " + e);
            }
        } catch (RuntimeException e) {
            untyped.add(e.toString());
        }
    }
}
