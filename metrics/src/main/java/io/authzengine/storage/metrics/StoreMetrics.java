package io.authzengine.storage.metrics;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreCounters;
import io.authzengine.storage.StoreCounters.Tally;
import io.authzengine.storage.StoreOperation;
import io.authzengine.storage.driver.Subscription;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Shows a store's metrics in a registry of the caller's choice.
 *
 * <pre>{@code
 * try (StoreMetrics metrics = new StoreMetrics(store)) {
 *     metrics.bindTo(registry);
 * }
 * }</pre>
 *
 * <p>The names carry no tags unless some are given, so each store needs a registry of its own or a tag that tells it apart. The store
 * counts by itself: what it did before it was bound is in the counters too, and reading them costs nothing until somebody does. Only
 * durations are recorded from the binding on. Binding again shows the store anew under the same names. Thread-safe.
 */
public final class StoreMetrics implements MeterBinder, AutoCloseable {
    /** The buckets Prometheus itself has by default. */
    private static final Duration[] BUCKETS = Stream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final PolicyStore store;
    private final Tags tags;
    private final List<Runnable> undo = new ArrayList<>(); // Guarded by this.

    /** Makes a binder without tags. */
    public StoreMetrics(PolicyStore store) {
        this(store, Tags.empty());
    }

    /**
     * Makes a binder.
     *
     * @param tags what every metric carries, so that several stores can share a registry
     */
    public StoreMetrics(PolicyStore store, Iterable<Tag> tags) {
        this.store = Objects.requireNonNull(store, "store");
        this.tags = Tags.of(tags);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        StoreMeters meters = new StoreMeters(registry, tags);
        tallies(meters, "reload", StoreCounters::reloads);
        tallies(meters, "rollback", StoreCounters::rollbacks);
        tallies(meters, "validation", StoreCounters::validations);
        Map<StoreOperation.Kind, Timer> timers = new EnumMap<>(StoreOperation.Kind.class);
        timers.put(
                StoreOperation.Kind.RELOAD,
                meters.timer("authz.policy.reload.duration", "Time to judge and serve a set", BUCKETS));
        timers.put(
                StoreOperation.Kind.ROLLBACK,
                meters.timer("authz.policy.rollback.duration", "Time to serve an earlier set again", BUCKETS));
        new StoreGauges(store).addTo(meters);
        counters(meters);
        Subscription measuring = store.onOperation(operation -> record(timers, operation));
        undo.add(() -> {
            measuring.close();
            meters.all().forEach((Meter meter) -> registry.remove(meter));
        });
    }

    private static void record(Map<StoreOperation.Kind, Timer> timers, StoreOperation operation) {
        Timer timer = timers.get(operation.kind());
        if (timer != null) {
            operation.took().ifPresent(timer::record);
        }
    }

    private void tallies(StoreMeters meters, String what, Function<StoreCounters, Tally> tally) {
        counter(
                meters,
                "authz.policy." + what + ".attempts",
                "How many there were",
                counters -> tally.apply(counters).attempts());
        counter(
                meters,
                "authz.policy." + what + ".success",
                "How many succeeded",
                counters -> tally.apply(counters).succeeded());
        counter(
                meters,
                "authz.policy." + what + ".failures",
                "How many failed",
                counters -> tally.apply(counters).failed());
    }

    private void counters(StoreMeters meters) {
        counter(
                meters,
                "authz.policy.events.dropped",
                "Events subscribers were not told of as they fell behind",
                StoreCounters::eventsDropped);
        counter(
                meters,
                "authz.policy.audit.failures",
                "Audit records the sink did not take",
                StoreCounters::auditFailures);
        counter(
                meters,
                "authz.policy.webhook.delivered",
                "Change sets webhooks took",
                counters -> counters.webhooks().delivered());
        counter(
                meters,
                "authz.policy.webhook.failures",
                "Change sets webhooks refused or did not take in all retries",
                counters -> counters.webhooks().failed());
        counter(
                meters,
                "authz.policy.webhook.dropped",
                "Change sets that made room for later ones",
                counters -> counters.webhooks().dropped());
    }

    private void counter(StoreMeters meters, String name, String help, Function<StoreCounters, Long> count) {
        meters.counter(name, help, store, bound -> count.apply(bound.counters()));
    }

    /** Takes the metrics out of all registries they were bound to. Idempotent; does not close the store. */
    @Override
    public synchronized void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }
}
