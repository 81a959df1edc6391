package io.authzengine.storage.server.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.error.StorageException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a store is doing.
 *
 * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
 * @param message the reason in one sentence
 * @param version the number of the set being served; 0 if none
 * @param policies how many policies it holds
 * @param lastCheckedAt when what is served was last compared with the backend
 * @param lastReloadAt since when this version is served
 * @param drivers each driver, by id
 * @param held what the backend has and may not be served; null if nothing is held back
 * @param lastError the failure of the last look; null if it came back
 */
public record HealthView(
        String status,
        String message,
        long version,
        int policies,
        @Nullable Instant lastCheckedAt,
        @Nullable Instant lastReloadAt,
        Map<String, Driver> drivers,
        @Nullable Held held,
        @Nullable Failure lastError) {
    /**
     * A driver.
     *
     * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
     * @param message the reason in one sentence
     * @param connected whether the last call to the backend came back
     * @param lastSync when what it holds last agreed with the backend
     * @param policiesLoaded how many policies it holds
     * @param errors what is wrong, one line each
     * @param latencyMs how long the last look took, in milliseconds
     * @param drivers the drivers it is made of, by id; left out if it is made of none
     */
    public record Driver(
            String status,
            String message,
            boolean connected,
            @Nullable Instant lastSync,
            int policiesLoaded,
            List<String> errors,
            @Nullable Long latencyMs,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Driver> drivers) {
        private static Driver of(HealthStatus health) {
            HealthStatus.Details details = health.details();
            return new Driver(
                    lowerCase(health.status()),
                    health.message(),
                    details.connected(),
                    details.lastSync().orElse(null),
                    details.policiesLoaded(),
                    details.errors(),
                    details.latencyMs().isPresent() ? details.latencyMs().getAsLong() : null,
                    byId(health.children()));
        }

        private static Map<String, Driver> byId(Map<String, HealthStatus> drivers) {
            Map<String, Driver> views = new LinkedHashMap<>();
            drivers.forEach((id, health) -> views.put(id, of(health)));
            return views;
        }
    }

    /**
     * What is held back.
     *
     * @param since for how long
     * @param changes how many policies it would change
     * @param findings what must be mended
     */
    public record Held(Instant since, int changes, List<FindingView> findings) {}

    /**
     * A failed look.
     *
     * @param code such as {@code SD-001}
     * @param message what went wrong and what to do
     */
    public record Failure(String code, String message) {
        private static Failure of(StorageException error) {
            return new Failure(error.code().code(), String.valueOf(error.getMessage()));
        }
    }

    /** Returns the view of {@code status}. */
    public static HealthView of(StoreStatus status) {
        Map<String, Driver> drivers = new TreeMap<>();
        status.drivers().forEach((id, health) -> drivers.put(id, Driver.of(health)));
        return new HealthView(
                lowerCase(status.health().status()),
                status.health().message(),
                status.version().number(),
                status.policies(),
                status.lastCheckedAt().orElse(null),
                status.lastReloadAt().orElse(null),
                drivers,
                status.held()
                        .map(held -> new Held(
                                held.since(),
                                held.changes(),
                                held.findings().stream().map(FindingView::of).toList()))
                        .orElse(null),
                status.lastError().map(Failure::of).orElse(null));
    }

    private static String lowerCase(HealthStatus.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
