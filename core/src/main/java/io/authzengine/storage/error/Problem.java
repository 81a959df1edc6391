package io.authzengine.storage.error;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link StorageException} tells: where, what, and what to do. Build it as {@code
 * Problem.in(driverId, "the directory does not exist").at("/etc/policies").remedy("create it, or correct 'paths'")}.
 *
 * @param driverId the driver that failed
 * @param summary what went wrong, as part of a sentence; never a credential
 * @param location the place in the backend, if there is one
 * @param remedy what to do, if anything can be said
 * @param retryAfter how long the backend asks to be left alone, if it does
 */
public record Problem(
        String driverId,
        String summary,
        Optional<String> location,
        Optional<String> remedy,
        Optional<Duration> retryAfter) {
    public Problem {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(summary, "summary");
    }

    /** Returns a problem of {@code driverId} that has no place and no remedy yet. */
    public static Problem in(String driverId, String summary) {
        return new Problem(driverId, summary, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns this problem at {@code place}. */
    public Problem at(String place) {
        return new Problem(driverId, summary, Optional.of(place), remedy, retryAfter);
    }

    /** Returns this problem with what to do about it. */
    public Problem remedy(String whatToDo) {
        return new Problem(driverId, summary, location, Optional.of(whatToDo), retryAfter);
    }

    /** Returns this problem of a backend that asks to be left alone for {@code pause}. */
    public Problem retryAfter(Duration pause) {
        return new Problem(driverId, summary, location, remedy, Optional.of(pause));
    }

    @Override
    public String toString() {
        return "[" + driverId + "] " + location.map(place -> place + ": ").orElse("") + summary
                + remedy.map(whatToDo -> "; " + whatToDo).orElse("");
    }
}
