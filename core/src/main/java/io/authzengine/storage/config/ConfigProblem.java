package io.authzengine.storage.config;

import io.authzengine.storage.error.Place;
import java.util.Comparator;
import java.util.Objects;

/**
 * One thing that is wrong with a configuration. Ordered by place. Never holds a value that came from the environment or from
 * another file.
 *
 * @param place where it stands in the file
 * @param path the keys that lead there, such as {@code storage.git.auth.type}; empty if the file as a whole is meant
 * @param message what is wrong and what was expected
 */
public record ConfigProblem(Place place, String path, String message) implements Comparable<ConfigProblem> {
    private static final Comparator<ConfigProblem> BY_PLACE = Comparator.comparing(ConfigProblem::place)
            .thenComparing(ConfigProblem::path)
            .thenComparing(ConfigProblem::message);

    public ConfigProblem {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(message, "message");
    }

    @Override
    public int compareTo(ConfigProblem other) {
        return BY_PLACE.compare(this, other);
    }

    /** Returns the problem as a compiler prints it: {@code file:line:column: path: message}. */
    @Override
    public String toString() {
        return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
