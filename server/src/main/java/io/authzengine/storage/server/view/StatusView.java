package io.authzengine.storage.server.view;

import io.authzengine.storage.Durability;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.StoreStatus.Departure;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All there is to say of a store at one moment.
 *
 * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
 * @param message the reason in one sentence
 * @param version the number of the set being served; 0 if none
 * @param digest SHA-256 over the sorted {@code id:hash} lines of that set
 * @param policies how many policies it holds
 * @param lastCheckedAt when what is served was last compared with the backend
 * @param lastReloadAt since when this version is served
 * @param mode {@code following}, or why what is served is not what the sources hold: {@code rolled-back}, {@code pinned}, {@code
 *     local-changes} or {@code blocked-stale}
 * @param freshness {@code fresh}, {@code stale}, {@code expired} or {@code failed-closed}
 * @param departures what was decided against the sources, and by whom
 * @param offlineCopy what is on the disk; null if nothing is to be
 * @param drivers each driver, by id
 * @param held what the sources hold and may not be served; null if nothing is held back
 * @param warnings what had better be mended in what is served
 * @param quarantined the ids that are known but blocked
 * @param lastError the failure of the last look; null if it came back
 * @param server the process itself
 * @param rights what whoever asks may do: {@code read}, {@code change}
 */
public record StatusView(
        String status,
        String message,
        long version,
        String digest,
        int policies,
        @Nullable Instant lastCheckedAt,
        @Nullable Instant lastReloadAt,
        String mode,
        String freshness,
        List<Decision> departures,
        @Nullable OfflineCopy offlineCopy,
        Map<String, DriverView> drivers,
        HealthView.@Nullable Held held,
        List<FindingView> warnings,
        List<QuarantinedView> quarantined,
        HealthView.@Nullable Failure lastError,
        Server server,
        List<String> rights) {
    /**
     * What was decided against the sources.
     *
     * @param mode as in {@link StatusView#mode}
     * @param since when
     * @param comment why
     * @param author who
     */
    public record Decision(String mode, Instant since, String comment, String author) {
        private static Decision of(Departure departure) {
            return new Decision(
                    StatusView.mode(departure.reason()),
                    departure.since(),
                    departure.note().comment(),
                    departure.note().author());
        }
    }

    /**
     * What is on the disk.
     *
     * @param version the newest version that is there
     * @param writtenAt when it had got there; null if it was there at the start
     * @param serving whether what is served was read from the disk, and no source was seen since
     * @param ageSeconds how old that is; null if it is not being served
     * @param problem what keeps versions from getting there; null if all is well
     */
    public record OfflineCopy(
            long version,
            @Nullable Instant writtenAt,
            boolean serving,
            @Nullable Long ageSeconds,
            @Nullable String problem) {
        private static OfflineCopy of(Durability durability) {
            return new OfflineCopy(
                    durability.version(),
                    durability.writtenAt().orElse(null),
                    durability.isServedFromDisk(),
                    durability.servedFrom().map(Duration::toSeconds).orElse(null),
                    durability.problem().orElse(null));
        }
    }

    /**
     * The process.
     *
     * @param version of policyd
     * @param java the version of Java it runs on
     * @param startedAt since when it listens
     */
    public record Server(String version, String java, Instant startedAt) {}

    /** Returns the view of {@code status}, for somebody with {@code rights}. */
    public static StatusView of(
            StoreStatus status, PolicySnapshot current, List<Finding> warnings, Server server, List<String> rights) {
        HealthView health = HealthView.of(status);
        return new StatusView(
                health.status(),
                health.message(),
                health.version(),
                current.digest(),
                health.policies(),
                health.lastCheckedAt(),
                health.lastReloadAt(),
                mode(status),
                dashed(status.freshness()),
                status.departures().stream().map(Decision::of).toList(),
                status.durability().map(OfflineCopy::of).orElse(null),
                DriverView.byId(status.drivers()),
                health.held(),
                warnings.stream().map(FindingView::of).toList(),
                QuarantinedView.allOf(current),
                health.lastError(),
                server,
                rights);
    }

    /** Returns {@code following}, or why what is served is not what the sources hold. */
    public static String mode(StoreStatus status) {
        if (status.freshness() == Freshness.FAILED_CLOSED) {
            return "blocked-stale";
        }
        // In the order in which one outweighs the other.
        return status.departures().stream()
                .map(Departure::reason)
                .sorted()
                .findFirst()
                .map(StatusView::mode)
                .orElse("following");
    }

    private static String mode(Departure.Reason reason) {
        return switch (reason) {
            case PINNED -> "pinned";
            case ROLLED_BACK -> "rolled-back";
            case CHANGED_BY_HAND -> "local-changes";
        };
    }

    private static String dashed(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
