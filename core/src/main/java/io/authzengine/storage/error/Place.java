package io.authzengine.storage.error;

import java.util.Comparator;
import java.util.Objects;

/**
 * A place in a document.
 *
 * @param location the document's location, without {@code #n}
 * @param line from 1; 0 if the whole document is meant
 * @param column from 1, counted in code points; 0 if the whole line is meant
 */
public record Place(String location, int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::location).thenComparingInt(Place::line).thenComparingInt(Place::column);

    public Place {
        Objects.requireNonNull(location, "location");
    }

    /** Returns the place that is all of {@code location}. */
    public static Place of(String location) {
        return new Place(location, 0, 0);
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? location : location + ":" + line + (column == 0 ? "" : ":" + column);
    }
}
