package io.authzengine.storage.config;

import io.authzengine.storage.error.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A piece of the configuration that knows where it stands. What a scalar is, is decided by whoever reads it. Immutable; no
 * {@code toString} shows a value.
 */
sealed interface ConfigNode {
    /** Returns where it begins. */
    Place place();

    /** Returns the keys that lead to it. */
    String path();

    /** Returns what it is, as part of a sentence. */
    String described();

    /** Returns why it, or an item of it, has no value although the file gives one. */
    List<ConfigProblem> failures();

    /** Returns whether it, or an item of it, has no value although the file gives one. */
    default boolean hasFailed() {
        return !failures().isEmpty();
    }

    /**
     * A scalar.
     *
     * @param raw what the file says
     * @param value the same with all {@code ${…}} replaced; empty if that failed
     * @param plain whether it stands without quotes
     * @param failures why it failed
     */
    record Text(
            Place place, String path, String raw, Optional<String> value, boolean plain, List<ConfigProblem> failures)
            implements ConfigNode {
        private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

        public Text {
            failures = List.copyOf(failures);
        }

        /** Returns whether the file has the value itself, and not only where to find it. */
        boolean isWrittenOut() {
            return !isNothing() && Interpolation.isLiteral(raw);
        }

        /** Returns whether the file has the key, but no value for it. */
        boolean isNothing() {
            return plain && NOTHING.contains(raw);
        }

        @Override
        public String described() {
            return isNothing() ? "nothing" : Shown.quoted(raw);
        }

        @Override
        public String toString() {
            return path + " at " + place;
        }
    }

    /** A sequence. */
    record Items(Place place, String path, List<ConfigNode> items) implements ConfigNode {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String described() {
            return items.isEmpty() ? "an empty list" : "a list";
        }

        @Override
        public List<ConfigProblem> failures() {
            return items.stream()
                    .filter(item -> !(item instanceof Block))
                    .flatMap(item -> item.failures().stream())
                    .toList();
        }
    }

    /** A mapping, in the order of the file. */
    record Block(Place place, String path, Map<String, Entry> entries) implements ConfigNode {
        public Block {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** Returns a block without anything in it. */
        static Block empty(Place place, String path) {
            return new Block(place, path, Map.of());
        }

        /** Returns the path of {@code key} in here. */
        String pathOf(String key) {
            return path.isEmpty() ? Shown.text(key) : path + "." + Shown.text(key);
        }

        @Override
        public String described() {
            return "a block of settings";
        }

        /** Returns nothing: a block speaks for itself when it is read. */
        @Override
        public List<ConfigProblem> failures() {
            return List.of();
        }
    }

    /** A key's place and its value. */
    record Entry(Place keyPlace, ConfigNode value) {}
}
