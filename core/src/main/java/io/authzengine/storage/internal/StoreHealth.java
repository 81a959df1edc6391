package io.authzengine.storage.internal;

import io.authzengine.storage.Durability;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.HealthStatus.Details;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes a verdict on a store of what is served, what is held back and how its drivers are. Pure. */
final class StoreHealth {
    private StoreHealth() {}

    static HealthStatus of(
            PolicySnapshot current,
            Map<String, HealthStatus> drivers,
            Optional<List<Finding>> held,
            Freshness freshness,
            String serving,
            Optional<Durability> durability) {
        List<String> errors = new ArrayList<>();
        durability.flatMap(Durability::problem).ifPresent(errors::add);
        held.ifPresent(findings -> findings.stream().map(Finding::toString).forEach(errors::add));
        drivers.values().stream()
                .flatMap(health -> health.details().errors().stream())
                .filter(error -> !errors.contains(error))
                .forEach(errors::add);
        Details details = new Details(
                drivers.values().stream().allMatch(health -> health.details().connected()),
                drivers.values().stream()
                        .map(health -> health.details().lastSync())
                        .flatMap(Optional::stream)
                        .min(Instant::compareTo),
                current.size(),
                errors,
                OptionalLong.empty());
        Status status = onDisk(status(current, drivers, held, freshness), current, freshness, durability);
        return new HealthStatus(
                status,
                fromDisk(durability) + message(status, current, drivers, held, freshness, serving, durability),
                details);
    }

    /** A set from the disk is something to serve although no driver has anything; what keeps off the disk may be lost in a crash. */
    private static Status onDisk(
            Status status, PolicySnapshot current, Freshness freshness, Optional<Durability> durability) {
        boolean fromDisk = durability.filter(Durability::isServedFromDisk).isPresent();
        boolean hindered = durability.flatMap(Durability::problem).isPresent();
        boolean blocked = freshness == Freshness.FAILED_CLOSED;
        return (fromDisk && !blocked && !current.version().isNone()) || (hindered && status == Status.HEALTHY)
                ? Status.DEGRADED
                : status;
    }

    private static String fromDisk(Optional<Durability> durability) {
        return durability
                .flatMap(Durability::servedFrom)
                .map(age -> "serving the offline copy, " + Ages.text(age) + " old: ")
                .orElse("");
    }

    private static Status status(
            PolicySnapshot current,
            Map<String, HealthStatus> drivers,
            Optional<List<Finding>> held,
            Freshness freshness) {
        boolean driverDown = drivers.values().stream().anyMatch(health -> health.status() == Status.UNHEALTHY);
        if (current.version().isNone() || freshness == Freshness.FAILED_CLOSED || driverDown) {
            return Status.UNHEALTHY;
        }
        boolean fine = held.isEmpty()
                && freshness == Freshness.FRESH
                && current.isWhole()
                && drivers.values().stream().allMatch(health -> health.status() == Status.HEALTHY);
        return fine ? Status.HEALTHY : Status.DEGRADED;
    }

    private static String message(
            Status status,
            PolicySnapshot current,
            Map<String, HealthStatus> drivers,
            Optional<List<Finding>> held,
            Freshness freshness,
            String serving,
            Optional<Durability> durability) {
        if (status == Status.HEALTHY) {
            return "serving version " + current.version().number() + ": " + current.size() + " policies";
        }
        if (freshness == Freshness.FAILED_CLOSED) {
            return "failed closed: what the backend holds was last known longer ago than hardAge allows; " + serving;
        }
        if (held.isPresent()) {
            return "held back: " + Refusals.describe(held.get()) + "; " + serving;
        }
        return drivers.entrySet().stream()
                .filter(driver -> driver.getValue().status() != Status.HEALTHY)
                .map(driver -> driver.getKey() + ": " + driver.getValue().message())
                .findFirst()
                .or(() -> durability.flatMap(Durability::problem))
                .orElseGet(() -> freshness == Freshness.FRESH
                        ? serving
                        : "what the backend holds was last known longer ago than is allowed; " + serving);
    }
}
