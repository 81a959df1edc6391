package io.authzengine.storage.faults;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.format.FaultFields;
import io.authzengine.storage.faults.format.FaultFile;
import io.authzengine.storage.faults.policy.FaultPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fault policies by name. A policy that will not do is never registered, and leaves what was registered under its name. Thread-safe:
 * a change holds for every decision that begins after it.
 */
public final class FaultRegistry {
    /** What is said to somebody who asks for a name that is not registered. */
    public enum Missing {
        /** No faults, and one warning in the log for each name. */
        RUNS_CLEAR,
        /** An {@link IllegalStateException}, so that a slip of the pen cannot turn a test off. */
        THROWS
    }

    private static final Logger LOG = LoggerFactory.getLogger(FaultRegistry.class);
    private static final FaultRegistry SHARED =
            new FaultRegistry(StorageContext.create("faults").ticker(), Missing.RUNS_CLEAR);

    private final LongSupplier ticker;
    private final Missing missing;
    private final Object lock = new Object();
    // Both guarded by the lock.
    private final Map<String, ActivePolicy> policies = new TreeMap<>();
    private final java.util.Set<String> warned = new java.util.HashSet<>();

    /**
     * Makes an empty registry.
     *
     * @param ticker monotonic nanoseconds, by which schedules run
     * @param missing what is said of names that are not registered
     */
    public FaultRegistry(LongSupplier ticker, Missing missing) {
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.missing = Objects.requireNonNull(missing, "missing");
    }

    /** Returns the registry of this process, on the system's clock. */
    public static FaultRegistry shared() {
        return SHARED;
    }

    /**
     * Registers {@code policy}, replacing what was registered under that name. The clock of its schedule starts now.
     *
     * @throws IllegalArgumentException if the name is blank or {@code auto}, or the policy's fields do not fit together
     */
    public void register(String name, FaultPolicy policy) {
        registerAll(Map.of(name, policy));
    }

    /**
     * Registers the policy that {@code fields} describe, as in {@code Map.of("latency", "50ms")}.
     *
     * @throws IllegalArgumentException naming the field that will not do
     */
    public void register(String name, Map<String, ?> fields) {
        checkName(name);
        register(name, FaultFields.parse(name, fields));
    }

    /**
     * Registers all policies of a file in JSON or YAML, or none.
     *
     * @return how many they are
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException naming the file, the policy and the field that will not do
     */
    public int load(Path file) throws IOException {
        Map<String, FaultPolicy> loaded = FaultFile.read(file);
        registerAll(loaded);
        return loaded.size();
    }

    private void registerAll(Map<String, FaultPolicy> all) {
        all.keySet().forEach(FaultRegistry::checkName);
        all.values().forEach(FaultPolicy::check);
        long now = ticker.getAsLong();
        synchronized (lock) {
            all.forEach((name, policy) -> policies.put(name, new ActivePolicy(name, policy, now)));
        }
    }

    private static void checkName(String name) {
        if (name.isBlank() || name.equals(Fault.AUTO)) {
            throw new IllegalArgumentException("a policy has a name, and it is not \"auto\"");
        }
    }

    /** Returns the names that are registered, in order. */
    public List<String> list() {
        synchronized (lock) {
            return List.copyOf(policies.keySet());
        }
    }

    /** Returns the policy of that name; empty if there is none. */
    public Optional<FaultPolicy> get(String name) {
        synchronized (lock) {
            return Optional.ofNullable(policies.get(name)).map(ActivePolicy::policy);
        }
    }

    /** Removes the policy of that name; returns whether there was one. */
    public boolean unregister(String name) {
        synchronized (lock) {
            return policies.remove(name) != null;
        }
    }

    /** Removes all policies. */
    public void clear() {
        synchronized (lock) {
            policies.clear();
        }
    }

    /**
     * Returns what is in force under that name, now.
     *
     * @throws IllegalStateException if there is none, and the registry says so
     */
    public Optional<ActivePolicy> resolve(String name) {
        boolean first;
        synchronized (lock) {
            ActivePolicy found = policies.get(name);
            if (found != null) {
                return Optional.of(found);
            }
            first = warned.add(name);
        }
        if (missing == Missing.THROWS) {
            throw new IllegalStateException("no fault policy is called \"" + name + "\"; registered are " + list());
        }
        if (first) {
            LOG.warn("No fault policy is called \"{}\": what is bound to it runs without faults", name);
        }
        return Optional.empty();
    }

    /** Returns monotonic nanoseconds. */
    long now() {
        return ticker.getAsLong();
    }
}
