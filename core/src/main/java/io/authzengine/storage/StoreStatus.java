package io.authzengine.storage;

import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a store is doing, at one moment. Safe to show: it never holds a credential.
 *
 * @param health the verdict on the store as a whole
 * @param drivers the health of each driver, by id
 * @param version the version being served
 * @param policies how many policies are served
 * @param lastCheckedAt when what is served last agreed with the backend, or was last found to differ from it
 * @param lastReloadAt when the version being served was swapped in
 * @param held the candidate that was refused and waits to be mended; empty if what is served is what the backend holds
 * @param lastError the failure of the last look; empty if it came back
 * @param departures what was decided against the source; empty if the store follows it
 * @param durability what of it is on the disk; empty if it is told to keep nothing there
 * @param freshness what the age of what is known of the backend means
 * @param age the time since a look last came back, and how old what it brought was already, on a clock that cannot be set; empty if
 *     none came back yet; for an offline copy it goes on from the process before
 * @param suppressedUntil until when only forced looks are taken, as looks have failed; empty if none is held off
 * @param lastReload where the time of the last reload went; empty before the first
 * @param counters what was counted since the store was made
 */
public record StoreStatus(
        HealthStatus health,
        Map<String, HealthStatus> drivers,
        PolicyVersion version,
        int policies,
        Optional<Instant> lastCheckedAt,
        Optional<Instant> lastReloadAt,
        Optional<Held> held,
        Optional<StorageException> lastError,
        List<Departure> departures,
        Optional<Durability> durability,
        Freshness freshness,
        Optional<Duration> age,
        Optional<Instant> suppressedUntil,
        Optional<ReloadTimes> lastReload,
        StoreCounters counters) {
    /**
     * A candidate that is being held back.
     *
     * @param findings why
     * @param changes how many policies it would change
     * @param since for how long
     */
    public record Held(List<Finding> findings, int changes, Instant since) {
        public Held {
            findings = List.copyOf(findings);
            Objects.requireNonNull(since, "since");
        }
    }

    /**
     * A decision by which what is served is not what the source holds.
     *
     * @param reason what was done
     * @param since when it was done last
     * @param note why, and by whom
     */
    public record Departure(Reason reason, Instant since, Note note) {
        /** What can be done against the source. */
        public enum Reason {
            /** What is served is held, whatever the source brings. */
            PINNED,
            /** An earlier set is served until the source moves on. */
            ROLLED_BACK,
            /** Changes by hand are served until the source moves on. */
            CHANGED_BY_HAND
        }

        public Departure {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(note, "note");
        }
    }

    public StoreStatus {
        Objects.requireNonNull(health, "health");
        drivers = Map.copyOf(drivers);
        Objects.requireNonNull(version, "version");
        departures = List.copyOf(departures);
        Objects.requireNonNull(freshness, "freshness");
        Objects.requireNonNull(counters, "counters");
    }

    /** Returns whether there is anything to serve, and it may be served. */
    public boolean isReady() {
        return !version.isNone() && freshness != Freshness.FAILED_CLOSED;
    }
}
