package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.HealthStatus.Details;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.error.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes a verdict on a composite of those on its drivers. Pure. */
final class CompositeHealth {
    private CompositeHealth() {}

    static HealthStatus closed(LoadResult result) {
        Details details =
                new Details(false, Optional.empty(), result.policies().size(), List.of("closed"), OptionalLong.empty());
        return new HealthStatus(Status.UNHEALTHY, "the driver is closed", details);
    }

    /** @param own what is wrong with no driver alone: policies of several that contradict each other */
    static HealthStatus of(LoadResult result, List<Child> children, List<LoadError> own) {
        Map<String, HealthStatus> health = new LinkedHashMap<>();
        children.forEach(child -> health.put(
                child.id(), child.driver().healthCheck().ofType(child.driver().type())));
        List<String> errors = new ArrayList<>();
        own.stream()
                .flatMap(error -> error.findings().stream())
                .map(Finding::toString)
                .forEach(errors::add);
        health.values().forEach(one -> errors.addAll(one.details().errors()));
        Details details = new Details(
                health.values().stream().allMatch(one -> one.details().connected()),
                health.values().stream()
                        .map(one -> one.details().lastSync())
                        .flatMap(Optional::stream)
                        .min(Instant::compareTo),
                result.policies().size(),
                errors,
                health.values().stream()
                        .map(one -> one.details().latencyMs())
                        .flatMapToLong(OptionalLong::stream)
                        .max());
        Status status = status(result, health, own);
        return new HealthStatus(status, message(status, result, health, own), details, health);
    }

    private static Status status(LoadResult result, Map<String, HealthStatus> health, List<LoadError> own) {
        boolean allDown = health.values().stream().allMatch(one -> one.status() == Status.UNHEALTHY);
        if (!result.isLoaded() || allDown) {
            return Status.UNHEALTHY;
        }
        boolean allUp = health.values().stream().allMatch(one -> one.status() == Status.HEALTHY);
        return allUp && own.isEmpty() ? Status.HEALTHY : Status.DEGRADED;
    }

    private static String message(
            Status status, LoadResult result, Map<String, HealthStatus> health, List<LoadError> own) {
        if (status == Status.HEALTHY) {
            return result.policies().size() + " policies from " + health.size() + " drivers, all of them healthy";
        }
        if (!own.isEmpty()) {
            return own.size() + " place(s) contradict each other, first "
                    + own.get(0).findings().get(0) + ", since " + own.get(0).since()
                    + "; what was there before stays";
        }
        return health.entrySet().stream()
                .filter(one -> one.getValue().status() != Status.HEALTHY)
                .map(one -> one.getKey() + ": " + one.getValue().message())
                .findFirst()
                .orElse("nothing was loaded yet");
    }
}
