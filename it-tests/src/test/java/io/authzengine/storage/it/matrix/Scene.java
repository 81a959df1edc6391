package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.testkit.SamplePolicies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One cell of the matrix: a backend, a store that follows it, and a witness. Used by one thread. */
final class Scene implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 2_000_000;
    private static final long ENOUGH_READS = 20;

    private final BackendKind kind;
    private final BackendUnderTest backend;
    private final Path directory;
    private final LoopTime time;
    private final Set<Set<String>> approvedBefore = new HashSet<>();
    private Map<String, String> documents = Documents.all();
    private PolicyStore store;
    private Witness witness;
    private volatile boolean gateThrows;
    private int changes;

    private Scene(BackendKind kind, BackendUnderTest backend, Path directory, long seed) {
        this.kind = kind;
        this.backend = backend;
        this.directory = directory;
        this.time = new LoopTime(seed);
        this.store = build("fail-fast");
        this.witness = new Witness(store, approvedBefore);
    }

    /** Returns a scene whose backend is filled and whose store is not started yet. */
    static Scene set(BackendKind kind, BackendUnderTest backend, Path directory, long seed) throws Exception {
        Scene scene = new Scene(kind, backend, directory, seed);
        if (backend.sibling().isPresent()) {
            backend.sibling().get().publish(scene.siblings());
        }
        scene.publish(scene.documents);
        return scene;
    }

    private Map<String, String> siblings() {
        return Map.of("local.yaml", SamplePolicies.resource("local", "default", "view" + ++changes));
    }

    private PolicyStore build(String initMode) {
        String yaml = "storage:\n" + backend.settings().indent(2) + """
                  initMode: %s
                  cacheDir: %s
                  guard: {minRemoved: 3, agreeAfter: 1h}
                """.formatted(initMode, directory.resolve("cache"));
        return PolicyStore.builder(StorageConfig.parse(yaml, "matrix.yaml", Map.of()))
                .context(time.context())
                .gate(this::review)
                .build();
    }

    private List<Finding> review(Candidate candidate) {
        if (gateThrows) {
            throw new IllegalStateException("as gates do, of " + candidate);
        }
        return List.of();
    }

    /** Lets the gate that somebody added throw, or no more. */
    void gateThrows(boolean on) {
        gateThrows = on;
    }

    PolicyStore store() {
        return store;
    }

    BackendUnderTest backend() {
        return backend;
    }

    LoopTime time() {
        return time;
    }

    Path directory() {
        return directory;
    }

    Wire wire() {
        return backend.wire().orElseThrow();
    }

    Map<String, String> documents() {
        return documents;
    }

    /** Returns how the backend is made to be down. */
    Harm down() {
        return kind.down();
    }

    /** Starts the store and waits until all is well. */
    Scene started() {
        store.start();
        awaitServed();
        return this;
    }

    /** Takes another store in place of the one there is, on the same disk; it is not started yet. */
    void restart(String initMode) {
        endStore();
        approvedBefore.addAll(witness.approved());
        store = build(initMode);
        witness = new Witness(store, approvedBefore);
    }

    /** Makes {@code all} what the backend holds, and may be served. */
    void publish(Map<String, String> all) throws Exception {
        documents = new TreeMap<>(all);
        witness.approve(all.values());
        backend.publish(all);
    }

    /** Goes back to what the backend held. */
    void restore(Map<String, String> earlier) throws Exception {
        documents = new TreeMap<>(earlier);
        witness.approve(earlier.values());
        backend.restore(earlier);
    }

    /** Makes {@code all} what the backend holds, which must not be served. */
    void publishInVain(Map<String, String> all) throws Exception {
        backend.publish(all);
    }

    /** Turns permissions into denials, in many documents at once. */
    void revoke() throws Exception {
        publish(revoked());
    }

    /** Returns what the backend holds with permissions turned into denials. */
    Map<String, String> revoked() {
        changes++;
        Map<String, String> changed = new TreeMap<>(documents);
        for (int number = 1; number <= 6; number++) {
            changed.put(Documents.name(number), Documents.denying(number, changes));
        }
        return changed;
    }

    void apply(FaultPolicy policy) {
        wire().apply(policy);
    }

    /** Returns what is served of the harmed backend. */
    Set<String> served() {
        return Witness.texts(store.current());
    }

    /** Waits until what the backend holds is served and health says so. */
    void awaitServed() {
        Set<String> wanted = Set.copyOf(documents.values());
        await(
                "what the backend holds to be served",
                () -> served().equals(wanted) && store.status().health().status() == Status.HEALTHY);
    }

    /** Waits until what is served is on the disk. */
    void awaitCopy() {
        long version = store.current().version().number();
        await(
                "the offline copy",
                () -> store.status()
                        .durability()
                        .filter(disk -> disk.version() >= version)
                        .isPresent());
    }

    /** Waits until health tells what is wrong, by one of these codes or words; what is served is still {@code before}. */
    void awaitTrouble(Set<String> before, String... signs) {
        await("health to tell " + String.join(" or ", signs), () -> {
            StoreStatus status = store.status();
            String told = status.health().message() + status.health().details().errors();
            return status.health().status() != Status.HEALTHY
                    && List.of(signs).stream().anyMatch(told::contains);
        });
        assertThat(served()).as("what is served").isEqualTo(before);
        assertThat(store.status().isReady()).as("ready").isTrue();
        checkSecrets();
    }

    /** What another part of the same driver brings is served all the same, and what is served of this one is still {@code before}. */
    void checkSibling(Set<String> before) throws Exception {
        if (backend.sibling().isPresent()) {
            Map<String, String> local = siblings();
            backend.sibling().get().publish(local);
            await(
                    "what the other driver brings",
                    () -> store.current().all().stream()
                            .anyMatch(policy -> local.containsValue(policy.raw().toString())));
            assertThat(served()).as("what is served").isEqualTo(before);
        }
    }

    private void checkSecrets() {
        for (String secret : backend.secrets()) {
            assertThat(store.status().toString()).doesNotContain(secret);
        }
    }

    void await(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError("waited in vain for " + what + "; " + store.status());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void endStore() {
        store.close();
        await("all work to end", time::isIdle);
        witness.close();
        assertThat(witness.complaints()).isEmpty();
    }

    /** Checks what is true of every cell: nothing wrong was ever served, and nothing is left. */
    void conclude() {
        checkSecrets();
        await("enough to be read for this to count", () -> witness.reads() >= ENOUGH_READS);
        endStore();
    }

    @Override
    public void close() {
        store.close();
        witness.close();
        time.close();
        backend.wire().ifPresent(Wire::clear);
    }
}
