package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import io.authzengine.storage.testkit.InMemorySource;
import io.authzengine.storage.testkit.SamplePolicies;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A backend of a simulated run: what it holds, what of that was ever right as a whole, and what may go wrong with it. */
final class Layer {
    private static final int NAMES = 4;

    private final String id;
    private final SplittableRandom random;
    private final InMemorySource backend = new InMemorySource();
    private final Map<String, String> documents = new TreeMap<>();
    private final Set<Map<String, String>> approved = new HashSet<>();

    /** @param id of its driver, and of the fault policy between the two */
    Layer(String id, SplittableRandom random) {
        this.id = id;
        this.random = random;
        documents.put(id, SamplePolicies.resource(id));
        commit();
    }

    String id() {
        return id;
    }

    StorageDriver driver(Faults faults, StorageContext context) {
        return new SourceDriver(
                id,
                StorageDriver.MEMORY,
                faults.decorate(backend, id, FaultBinding.named(id)),
                SyncSettings.DEFAULT,
                context);
    }

    Set<Map<String, String>> approved() {
        return approved;
    }

    Map<String, String> held() {
        return stripped(documents);
    }

    /** Makes some change or other, right or wrong. */
    void change() {
        String name = "p" + random.nextInt(NAMES);
        switch (random.nextInt(5)) {
            case 0 -> documents.remove(name);
            case 1 -> documents.put(name, SamplePolicies.broken());
            case 2 -> {
                documents.put(name, right(name));
                String other = "p" + random.nextInt(NAMES);
                documents.put(other, right(other));
            }
            default -> documents.put(name, right(name));
        }
        commit();
    }

    /** Leaves nothing that is wrong. */
    void mend() {
        documents.entrySet().forEach(held -> {
            if (held.getValue().equals(SamplePolicies.broken())) {
                held.setValue(right(held.getKey()));
            }
        });
        documents.put("last", right("last"));
        commit();
    }

    private String right(String name) {
        return SamplePolicies.resource(name, "default", "action" + random.nextInt(1000));
    }

    private void commit() {
        if (!documents.containsValue(SamplePolicies.broken())) {
            approved.add(held());
        }
        backend.change(held -> {
            held.clear();
            documents.forEach((name, text) -> held.put(name + ".yaml", text));
        });
    }

    Map<String, Object> faults() {
        List<Map<String, Object>> kinds = List.of(
                Map.of(),
                Map.of(),
                Map.of("packet_loss", random.nextInt(100) + "%", "burst_loss", random.nextInt(5)),
                Map.of("latency", random.nextInt(4000) + "ms", "timeout", Map.of("recv", "3s", "connect", "2s")),
                Map.of("connection_error", Map.of("prob", random.nextInt(100) + "%", "kind", "refused")),
                Map.of("latency", "45s"),
                Map.of("half_open", Map.of("after", 1 + random.nextInt(3000) + "b")),
                Map.of("payload_mutation", Map.of("enabled", true, "type", "corrupt_encoding", "prob", "50%")),
                Map.of("packet_duplicate", Map.of("max_extra", 3), "packet_reorder", Map.of("max_delay", "5s")),
                Map.of("packet_loss", "100%", "schedule", Map.of("kind", "flapping", "on", "20s", "off", "10s")));
        return kinds.get(random.nextInt(kinds.size()));
    }

    /** Returns what is served, by driver and name. */
    static Map<String, String> served(PolicySnapshot snapshot) {
        Map<String, String> texts = new HashMap<>();
        for (Policy policy : snapshot.all()) {
            String driver = policy.metadata().provenance().driverId();
            texts.put(
                    driver + "/" + policy.metadata().source(),
                    policy.raw().toString().strip());
        }
        return texts;
    }

    /** Returns what of {@code served} is of this layer, by name. */
    Map<String, String> of(Map<String, String> served) {
        Map<String, String> texts = new HashMap<>();
        served.forEach((place, text) -> {
            if (place.startsWith(id + "/")) {
                texts.put(name(place), text);
            }
        });
        return texts;
    }

    static String name(String place) {
        return place.substring(place.indexOf('/') + 1).replace(".yaml", "");
    }

    static Map<String, String> without(Map<String, String> texts, Set<String> names) {
        Map<String, String> rest = new HashMap<>(texts);
        rest.keySet().removeAll(names);
        return rest;
    }

    private static Map<String, String> stripped(Map<String, String> texts) {
        Map<String, String> stripped = new HashMap<>();
        texts.forEach((name, text) -> stripped.put(name, text.strip()));
        return stripped;
    }
}
