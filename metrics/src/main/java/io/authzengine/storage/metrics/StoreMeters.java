package io.authzengine.storage.metrics;

import io.authzengine.storage.PolicyStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of one store in one registry. A meter of the same name and tags that is there already makes room: the last binding holds. */
final class StoreMeters {
    private static final Logger LOG = LoggerFactory.getLogger(StoreMetrics.class);

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private boolean warned;

    StoreMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    List<Meter> all() {
        return List.copyOf(meters);
    }

    void counter(String name, String help, PolicyStore store, ToDoubleFunction<PolicyStore> count) {
        makeRoom(name, tags);
        meters.add(FunctionCounter.builder(name, store, count)
                .description(help)
                .tags(tags)
                .register(registry));
    }

    Timer timer(String name, String help, Duration... buckets) {
        makeRoom(name, tags);
        Timer timer = Timer.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
        meters.add(timer);
        return timer;
    }

    void gauge(String name, String help, Supplier<Number> value) {
        gauge(name, help, "", Tags.empty(), value);
    }

    void seconds(String name, String help, Supplier<Number> value) {
        gauge(name, help, "seconds", Tags.empty(), value);
    }

    void gauge(String name, String help, String unit, Tags more, Supplier<Number> value) {
        Tags all = tags.and(more);
        makeRoom(name, all);
        Gauge.Builder<Supplier<Number>> builder =
                Gauge.builder(name, value).description(help).tags(all).strongReference(true);
        meters.add((unit.isEmpty() ? builder : builder.baseUnit(unit)).register(registry));
    }

    private void makeRoom(String name, Tags exactly) {
        List<Meter> before = registry.find(name).meters().stream()
                .filter(meter -> Tags.of(meter.getId().getTags()).equals(exactly))
                .toList();
        if (!before.isEmpty() && !warned) {
            warned = true;
            LOG.warn(
                    "The registry has metrics of these names already, first {} with tags {}; they now show the store bound last. "
                            + "Give each store a tag or a registry of its own",
                    name,
                    exactly);
        }
        before.forEach(registry::remove);
    }
}
