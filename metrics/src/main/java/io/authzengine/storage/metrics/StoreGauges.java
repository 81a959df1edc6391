package io.authzengine.storage.metrics;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a store is at the moment somebody asks. */
final class StoreGauges {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final PolicyStore store;

    StoreGauges(PolicyStore store) {
        this.store = store;
    }

    void addTo(StoreMeters meters) {
        meters.gauge(
                "authz.policy.current.version",
                "Number of the version being served; 0 if none",
                () -> store.current().version().number());
        meters.gauge(
                "authz.policy.count",
                "Policies being served",
                () -> store.current().size());
        meters.gauge(
                "authz.policy.quarantined",
                "Policies that are blocked",
                () -> store.current().quarantined().size());
        meters.gauge(
                "authz.policy.ready",
                "1 if there is a set and it may be served, else 0",
                () -> status().isReady() ? 1 : 0);
        meters.gauge(
                "authz.policy.health",
                "2 healthy, 1 degraded, 0 unhealthy",
                () -> number(status().health().status()));
        meters.gauge(
                "authz.policy.held",
                "Policies that what is held back would change",
                () -> status().held().map(StoreStatus.Held::changes).orElse(0));
        meters.gauge(
                "authz.policy.freshness",
                "0 fresh, 1 stale, 2 expired, 3 failed closed",
                () -> number(status().freshness()));
        meters.gauge(
                "authz.policy.webhook.waiting",
                "Change sets that wait to be told to webhooks",
                () -> store.counters().webhooks().waiting());
        meters.seconds("authz.policy.age", "Age of what is known of the backend", () -> seconds(status().age()));
        meters.seconds(
                "authz.policy.last.reload.timestamp",
                "When the version being served was swapped in",
                () -> timestamp(status().lastReloadAt()));
        meters.seconds(
                "authz.policy.reload.suppressed.until",
                "Until when only forced looks are taken; 0 if none is held off",
                () -> status().suppressedUntil().map(StoreGauges::epochSeconds).orElse(0.0));
        drivers().keySet().forEach(id -> addDriver(meters, id));
    }

    private void addDriver(StoreMeters meters, String id) {
        Tags driver = Tags.of("driver", id);
        meters.gauge(
                "authz.policy.driver.health",
                "2 healthy, 1 degraded, 0 unhealthy",
                "",
                driver,
                () -> driver(id).map(health -> number(health.status())).orElse(0));
        meters.gauge(
                "authz.policy.driver.policies",
                "Policies the driver holds",
                "",
                driver,
                () -> driver(id)
                        .map(health -> health.details().policiesLoaded())
                        .orElse(0));
        meters.gauge(
                "authz.policy.driver.last.sync.timestamp",
                "When what the driver holds last agreed with its backend",
                "seconds",
                driver,
                () -> timestamp(driver(id).flatMap(health -> health.details().lastSync())));
        meters.gauge(
                "authz.policy.driver.look.latency",
                "How long the last look took that came back",
                "seconds",
                driver,
                () -> driver(id).map(StoreGauges::latency).orElse(Double.NaN));
    }

    private StoreStatus status() {
        return store.status();
    }

    private Optional<HealthStatus> driver(String id) {
        return Optional.ofNullable(drivers().get(id));
    }

    /** Returns all drivers, those that others are made of too. */
    private Map<String, HealthStatus> drivers() {
        Map<String, HealthStatus> all = new LinkedHashMap<>();
        addAll(status().drivers(), all);
        return all;
    }

    private static void addAll(Map<String, HealthStatus> some, Map<String, HealthStatus> all) {
        some.forEach((id, health) -> {
            all.put(id, health);
            addAll(health.children(), all);
        });
    }

    private static int number(HealthStatus.Status status) {
        return switch (status) {
            case HEALTHY -> 2;
            case DEGRADED -> 1;
            case UNHEALTHY -> 0;
        };
    }

    private static int number(Freshness freshness) {
        return switch (freshness) {
            case FRESH -> 0;
            case STALE -> 1;
            case EXPIRED -> 2;
            case FAILED_CLOSED -> 3;
        };
    }

    private static double latency(HealthStatus health) {
        return health.details().latencyMs().isPresent()
                ? health.details().latencyMs().getAsLong() / MILLIS
                : Double.NaN;
    }

    private static double seconds(Optional<Duration> time) {
        return time.map(value -> value.toNanos() / NANOS).orElse(Double.NaN);
    }

    /** What never happened is no number, as 0 would be a time. */
    private static double timestamp(Optional<Instant> at) {
        return at.map(StoreGauges::epochSeconds).orElse(Double.NaN);
    }

    private static double epochSeconds(Instant at) {
        return at.toEpochMilli() / MILLIS;
    }
}
