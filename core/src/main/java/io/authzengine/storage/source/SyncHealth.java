package io.authzengine.storage.source;

import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.HealthStatus.Details;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes a verdict of what the loop knows. Pure. */
final class SyncHealth {
    private SyncHealth() {}

    static HealthStatus closed(LoadResult result) {
        Details details =
                new Details(false, Optional.empty(), result.policies().size(), List.of("closed"), OptionalLong.empty());
        return new HealthStatus(Status.UNHEALTHY, "the driver is closed", details);
    }

    /**
     * @param doubt in what the backend contradicts itself, if it does
     * @param answerAge how old what that look brought was already
     * @param freshness by the age of the last look that came back
     */
    static HealthStatus of(
            LoadResult result, SyncStatus sync, Optional<Finding> doubt, Duration answerAge, Freshness freshness) {
        List<String> errors = new ArrayList<>();
        sync.lastError().ifPresent(error -> errors.add(String.valueOf(error.getMessage())));
        for (LoadError error : result.errors()) {
            error.findings().stream().map(Finding::toString).forEach(errors::add);
        }
        doubt.map(Finding::toString).ifPresent(errors::add);
        if (!sync.watch().reason().isEmpty()) {
            errors.add(sync.watch().reason());
        }
        Details details = new Details(
                sync.lastError().isEmpty() && sync.lastCheckedAt().isPresent(),
                sync.lastCheckedAt(),
                result.policies().size(),
                errors,
                sync.lastLookTook()
                        .map(took -> OptionalLong.of(took.toMillis()))
                        .orElse(OptionalLong.empty()));
        Status status = status(result, sync, doubt, freshness);
        return new HealthStatus(status, message(status, result, sync, doubt, answerAge, freshness), details);
    }

    private static Status status(LoadResult result, SyncStatus sync, Optional<Finding> doubt, Freshness freshness) {
        boolean refused = sync.lastError()
                .filter(error -> error.code() == ErrorCode.AUTHENTICATION_FAILED)
                .isPresent();
        if (!result.isLoaded() || refused || freshness == Freshness.FAILED_CLOSED) {
            return Status.UNHEALTHY;
        }
        boolean fine = sync.lastError().isEmpty()
                && result.complete()
                && doubt.isEmpty()
                && sync.watch().reason().isEmpty()
                && freshness == Freshness.FRESH;
        return fine ? Status.HEALTHY : Status.DEGRADED;
    }

    private static String message(
            Status status,
            LoadResult result,
            SyncStatus sync,
            Optional<Finding> doubt,
            Duration answerAge,
            Freshness freshness) {
        if (status == Status.HEALTHY) {
            return result.policies().size() + " policies, in agreement with the backend";
        }
        if (!result.isLoaded()) {
            return sync.lastError()
                    .map(error -> "nothing was loaded yet: " + error.getMessage())
                    .orElse("nothing was loaded yet");
        }
        String serving = "; what was loaded "
                + sync.lastReloadAt().map(at -> "at " + seconds(at) + " ").orElse("") + "stays";
        if (sync.lastError().isPresent()) {
            return sync.lastError().get().getMessage() + serving;
        }
        if (!result.complete()) {
            LoadError first = result.errors().get(0);
            int more = result.errors().size() - 1;
            return first.findings().get(0)
                    + (more == 0 ? "" : "; and " + more + (more == 1 ? " more document" : " more documents"))
                    + ", since " + seconds(first.since()) + "; what was there before stays";
        }
        if (freshness != Freshness.FRESH) {
            return stale(sync.lastCheckedAt().orElse(Instant.EPOCH), answerAge) + serving;
        }
        return doubt.map(Finding::toString).orElseGet(() -> sync.watch().reason());
    }

    private static String stale(Instant checkedAt, Duration answerAge) {
        return answerAge.isZero()
                ? "no look has come back since " + seconds(checkedAt)
                : "the look that came back at " + seconds(checkedAt) + " brought what was " + answerAge.toSeconds()
                        + " s old already";
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
