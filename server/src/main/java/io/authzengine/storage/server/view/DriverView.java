package io.authzengine.storage.server.view;

import io.authzengine.storage.driver.HealthStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A driver.
 *
 * @param type such as {@code git}
 * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
 * @param message the reason in one sentence
 * @param connected whether the last call to the backend came back
 * @param lastSync when what it holds last agreed with the backend
 * @param policiesLoaded how many policies it holds
 * @param errors what is wrong, one line each
 * @param latencyMs how long the last look took, in milliseconds
 * @param children the drivers it is made of, by id, in their order
 */
public record DriverView(
        String type,
        String status,
        String message,
        boolean connected,
        @Nullable Instant lastSync,
        int policiesLoaded,
        List<String> errors,
        @Nullable Long latencyMs,
        Map<String, DriverView> children) {
    private static DriverView of(HealthStatus health) {
        HealthStatus.Details details = health.details();
        Map<String, DriverView> children = new LinkedHashMap<>();
        health.children().forEach((id, child) -> children.put(id, of(child)));
        return new DriverView(
                health.type(),
                health.status().name().toLowerCase(Locale.ROOT),
                health.message(),
                details.connected(),
                details.lastSync().orElse(null),
                details.policiesLoaded(),
                details.errors(),
                details.latencyMs().isPresent() ? details.latencyMs().getAsLong() : null,
                children);
    }

    /** Returns the views of {@code drivers}, ordered by id. */
    public static Map<String, DriverView> byId(Map<String, HealthStatus> drivers) {
        Map<String, DriverView> views = new TreeMap<>();
        drivers.forEach((id, health) -> views.put(id, of(health)));
        return views;
    }

    /** Returns the driver called {@code id}, at whatever depth. */
    public static Optional<DriverView> find(Map<String, DriverView> drivers, String id) {
        DriverView known = drivers.get(id);
        return known != null
                ? Optional.of(known)
                : drivers.values().stream()
                        .flatMap(driver -> find(driver.children, id).stream())
                        .findFirst();
    }
}
