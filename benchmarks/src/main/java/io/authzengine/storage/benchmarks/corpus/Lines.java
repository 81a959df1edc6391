package io.authzengine.storage.benchmarks.corpus;

import java.util.List;
import java.util.stream.Collectors;

/** A piece of YAML, line by line. Not thread-safe. */
final class Lines {
    private final StringBuilder text = new StringBuilder();

    /** Adds a line that is {@code depth} blanks from the margin. */
    Lines add(int depth, String line) {
        text.append(" ".repeat(depth)).append(line).append('\n');
        return this;
    }

    /** Adds a list of one name a line, called {@code key}. */
    Lines names(int depth, String key, List<String> names) {
        add(depth, key + ":");
        names.forEach(name -> add(depth + 2, "- " + name));
        return this;
    }

    /** Returns {@code values} as a list within a line. */
    static String listed(List<String> values) {
        return values.stream().map(Lines::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    static String quoted(String value) {
        return '"' + value + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
