package io.authzengine.storage.policy;

import java.util.Objects;

/**
 * Where a policy came from. Safe to show: locations and revisions never hold credentials.
 *
 * @param driverId the driver that read it
 * @param location the place in the backend, with {@code #n} for the n-th document (from 1) of a location that holds several
 * @param line the line of the location on which the policy's document begins, from 1
 * @param revision the backend's revision it was read at; empty where the backend has none
 * @param author who made that revision; empty where the backend does not say
 */
public record Provenance(String driverId, String location, int line, String revision, String author) {
    public Provenance {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(author, "author");
        if (line < 1) {
            throw new IllegalArgumentException("lines count from 1, got " + line);
        }
    }

    /** A place of which the backend does not say who made it. */
    public Provenance(String driverId, String location, int line, String revision) {
        this(driverId, location, line, revision, "");
    }

    /** Returns the location without {@code #n}: what a finding names as its place. */
    public String document() {
        int mark = location.lastIndexOf('#');
        boolean numbered = mark >= 0
                && mark + 1 < location.length()
                && location.chars().skip(mark + 1L).allMatch(c -> c >= '0' && c <= '9');
        return numbered ? location.substring(0, mark) : location;
    }
}
