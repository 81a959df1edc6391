package io.authzengine.storage.source;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a backend holds at one moment: the truth that is compared with what was last seen. Either {@link #complete}, and then a
 * location that is not in it is gone; or {@link #delta}, and then only what it names has changed since the revision it starts
 * from. A listing that was cut short is neither: throw instead.
 *
 * @param revision the backend's revision at that moment
 * @param base the revision a delta starts from; {@link Revision#NONE} for a complete manifest
 * @param entries location → entry: all there is, or all that was added or changed
 * @param gone locations a delta knows to have been removed; empty for a complete manifest
 * @param refused locations that are there and must not be read, with the reason, such as a link that leaves the root
 * @param author who made the revision; empty where the backend does not say
 * @param cause what led to the revision, in a word, where that is more than that somebody looked, such as {@code rewritten}; the change
 *     set has it in place of why the look was taken; else empty
 */
public record Manifest(
        Revision revision,
        Revision base,
        Map<String, SourceEntry> entries,
        Set<String> gone,
        List<Refused> refused,
        String author,
        String cause) {

    /**
     * A location that is there and must not be read. It becomes an error of that location; what it last held stays.
     *
     * @param location the place
     * @param reason what is wrong with it, one sentence
     */
    public record Refused(String location, String reason) {
        public Refused {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(reason, "reason");
        }
    }

    public Manifest {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(base, "base");
        gone = Set.copyOf(gone);
        refused = List.copyOf(refused);
        Objects.requireNonNull(author, "author");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * Returns the manifest of all there is.
     *
     * @throws IllegalArgumentException if two entries have the same location
     */
    public static Manifest complete(Revision revision, Iterable<SourceEntry> entries) {
        return new Manifest(revision, Revision.NONE, byLocation(entries), Set.of(), List.of(), "", "");
    }

    /**
     * Returns the manifest of what changed between {@code base} and {@code revision}, and only that.
     *
     * @param base the revision that was handed to {@link PolicySource#manifest}; never {@link Revision#NONE}
     * @throws IllegalArgumentException if two entries have the same location, or one is also gone
     */
    public static Manifest delta(Revision base, Revision revision, Iterable<SourceEntry> changed, Set<String> gone) {
        if (base.isNone()) {
            throw new IllegalArgumentException("a delta starts from a revision that was seen");
        }
        Map<String, SourceEntry> entries = byLocation(changed);
        Set<String> both = new TreeSet<>(gone);
        both.retainAll(entries.keySet());
        if (!both.isEmpty()) {
            throw new IllegalArgumentException("both changed and gone: " + both);
        }
        return new Manifest(revision, base, entries, gone, List.of(), "", "");
    }

    /** Returns this manifest with locations that must not be read. */
    public Manifest refusing(List<Refused> locations) {
        return new Manifest(revision, base, entries, gone, locations, author, cause);
    }

    /** Returns this manifest with who made the revision. */
    public Manifest by(String name) {
        return new Manifest(revision, base, entries, gone, refused, name, cause);
    }

    /** Returns this manifest with what led to the revision. */
    public Manifest because(String what) {
        return new Manifest(revision, base, entries, gone, refused, author, what);
    }

    /** Returns whether a location that is not in it is gone. */
    public boolean isComplete() {
        return base.isNone();
    }

    private static Map<String, SourceEntry> byLocation(Iterable<SourceEntry> entries) {
        Map<String, SourceEntry> byLocation = new TreeMap<>();
        for (SourceEntry entry : entries) {
            if (byLocation.put(entry.location(), entry) != null) {
                throw new IllegalArgumentException("listed twice: " + entry.location());
            }
        }
        return Collections.unmodifiableMap(byLocation);
    }
}
