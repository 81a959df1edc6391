package io.authzengine.storage.snapshot;

import java.util.List;
import java.util.Objects;

/**
 * What changed between two moments, as one unit: all of it goes in, or none.
 *
 * @param driverId the driver that found it, or the store's root driver
 * @param sequence counts the change sets of this driver or store, from 1, without gaps
 * @param cause why the look was taken that found it, in a word: {@code init}, {@code poll}, {@code hint}, {@code manual}
 * @param revision the backend's revision after the change; empty where there is none
 * @param events one for each policy, ordered by id; never two for the same
 */
public record PolicyChangeSet(
        String driverId, long sequence, String cause, String revision, List<PolicyChangeEvent> events) {
    public PolicyChangeSet {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(revision, "revision");
        events = List.copyOf(events);
    }

    /** Returns how many events are of {@code type}. */
    public long count(PolicyChangeEvent.Type type) {
        return events.stream().filter(event -> event.type() == type).count();
    }
}
