package io.authzengine.storage.driver;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a driver or store is doing, in a form that can be shown: it never holds a credential.
 *
 * @param status the verdict
 * @param message the reason in one sentence
 * @param details the facts behind it
 * @param children the health of each driver that this one is made of, by id; empty if it is made of none
 * @param type the type of the driver, such as {@code git}; empty for a store, or if nobody said
 * @sdd 4.4
 */
public record HealthStatus(
        Status status, String message, Details details, Map<String, HealthStatus> children, String type) {
    /** The verdict. */
    public enum Status {
        /** What is served is fresh and complete. */
        HEALTHY,
        /** The last good set is served, or a part is missing or late. */
        DEGRADED,
        /** There is nothing to serve, or the credentials are refused. */
        UNHEALTHY
    }

    /**
     * The facts behind a verdict.
     *
     * @param connected whether the last call to the backend came back
     * @param lastSync when what is served last agreed with the backend
     * @param policiesLoaded how many policies are held
     * @param errors what is wrong, one line each, the most telling first
     * @param latencyMs how long the last look took, in milliseconds
     */
    public record Details(
            boolean connected,
            Optional<Instant> lastSync,
            int policiesLoaded,
            List<String> errors,
            OptionalLong latencyMs) {
        public Details {
            Objects.requireNonNull(lastSync, "lastSync");
            errors = List.copyOf(errors);
            Objects.requireNonNull(latencyMs, "latencyMs");
        }
    }

    public HealthStatus {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(details, "details");
        Objects.requireNonNull(type, "type");
        children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
    }

    /** Makes the health of a driver whose type is told by whoever shows it. */
    public HealthStatus(Status status, String message, Details details, Map<String, HealthStatus> children) {
        this(status, message, details, children, "");
    }

    /** Makes the health of a driver or store that is not made of others. */
    public HealthStatus(Status status, String message, Details details) {
        this(status, message, details, Map.of());
    }

    /** Returns this health as that of a driver of {@code type}. */
    public HealthStatus ofType(String driverType) {
        return new HealthStatus(status, message, details, children, driverType);
    }
}
