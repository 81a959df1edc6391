package io.authzengine.storage.faults.format;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A mapping as it is read: knows its path for messages, and remembers what was asked for, as that is what it may hold. */
final class FieldBlock {
    private final String path;
    private final Map<?, ?> fields;
    private final TreeSet<String> asked = new TreeSet<>();

    FieldBlock(String path, Map<?, ?> fields) {
        this.path = path;
        this.fields = fields;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    boolean has(String key) {
        asked.add(key);
        return fields.containsKey(key);
    }

    /** Returns the value of {@code key} as {@code reading} reads its text; empty if the key is absent. */
    <T> Optional<T> value(String key, Function<String, T> reading) {
        if (!has(key)) {
            return Optional.empty();
        }
        return Optional.of(read(key, given(key), reading));
    }

    <T> T required(String key, Function<String, T> reading) {
        return value(key, reading).orElseThrow(() -> new IllegalArgumentException(at(key) + " is missing"));
    }

    /** Returns one of {@code choices} by its name in lower case. */
    <E extends Enum<E>> Optional<E> choice(String key, Class<E> choices) {
        return value(
                key,
                text -> Arrays.stream(choices.getEnumConstants())
                        .filter(choice -> choice.name().equalsIgnoreCase(text.strip()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("expected " + names(choices))));
    }

    private static String names(Class<? extends Enum<?>> choices) {
        return Arrays.stream(choices.getEnumConstants())
                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
    }

    Optional<FieldBlock> block(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (fields.get(key) instanceof Map<?, ?> inner) {
            return Optional.of(new FieldBlock(at(key), inner));
        }
        throw new IllegalArgumentException(at(key) + ": expected a mapping, got " + described(given(key)));
    }

    Optional<List<?>> list(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (fields.get(key) instanceof List<?> list) {
            return Optional.of(list);
        }
        throw new IllegalArgumentException(at(key) + ": expected a list, got " + described(given(key)));
    }

    /** Makes a value of what was read; what it refuses is told with the path. */
    <T> T made(Function<FieldBlock, T> making) {
        T made;
        try {
            made = making.apply(this);
        } catch (IllegalArgumentException e) {
            throw String.valueOf(e.getMessage()).startsWith(path)
                    ? e
                    : new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
        requireNothingElse();
        return made;
    }

    private void requireNothingElse() {
        for (Object key : fields.keySet()) {
            if (!asked.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(
                        at(String.valueOf(key)) + " is not known; valid are " + String.join(", ", asked));
            }
        }
    }

    private <T> T read(String key, Object value, Function<String, T> reading) {
        if (!(value instanceof CharSequence || value instanceof Number || value instanceof Boolean)) {
            throw new IllegalArgumentException(at(key) + ": expected a single value, got " + described(value));
        }
        try {
            return reading.apply(value.toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at(key) + ": \"" + value + "\": " + e.getMessage(), e);
        }
    }

    private static String described(Object value) {
        return value instanceof Map ? "a mapping" : value instanceof List ? "a list" : "\"" + value + "\"";
    }

    private Object given(String key) {
        return Objects.requireNonNullElse(fields.get(key), "");
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
