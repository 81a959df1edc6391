package io.authzengine.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What of a store is on the disk, if it is told to keep an offline copy or a history there.
 *
 * @param version the newest version that is acknowledged: it is in every directory and survives a crash of the machine; 0 if there is
 *     none
 * @param writtenAt when it had got there; empty if it was there when the store began, or there is none
 * @param servedFrom how old the set is that is being served, if it was read from the disk and the backend has not been seen since
 * @param problem what keeps versions from getting to the disk, or what was found there, and what to do; empty if all is well
 */
public record Durability(
        long version, Optional<Instant> writtenAt, Optional<Duration> servedFrom, Optional<String> problem) {
    public Durability {
        Objects.requireNonNull(writtenAt, "writtenAt");
        Objects.requireNonNull(servedFrom, "servedFrom");
        Objects.requireNonNull(problem, "problem");
    }

    /** Returns whether what is being served was read from the disk and the backend has not been seen since. */
    public boolean isServedFromDisk() {
        return servedFrom.isPresent();
    }
}
