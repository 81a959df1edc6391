package io.authzengine.storage;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes one object as a line of JSON, its keys in the order of writing. Not thread-safe. */
final class JsonLine {
    private static final char FIRST_PRINTABLE = ' ';

    private final StringBuilder json = new StringBuilder("{");

    JsonLine text(String key, String value) {
        return raw(key, quoted(value));
    }

    /** Writes {@code null} if there is none, so that the keys are always the same. */
    JsonLine text(String key, Optional<String> value) {
        return raw(key, value.map(JsonLine::quoted).orElse("null"));
    }

    JsonLine number(String key, long value) {
        return raw(key, Long.toString(value));
    }

    JsonLine texts(String key, Map<String, String> values) {
        JsonLine object = new JsonLine();
        new TreeMap<>(values).forEach(object::text);
        return raw(key, object.end());
    }

    <T> JsonLine lines(String key, Collection<T> values, Function<T, String> toJson) {
        return raw(key, values.stream().map(toJson).collect(Collectors.joining(",", "[", "]")));
    }

    private JsonLine raw(String key, String value) {
        json.append(json.length() == 1 ? "" : ",")
                .append(quoted(key))
                .append(':')
                .append(value);
        return this;
    }

    String end() {
        return json.append('}').toString();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Also what some readers take for the end of a line, and halves of pairs, which UTF-8 cannot hold.
            if (c < FIRST_PRINTABLE || Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || isHalf(text, i)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean isHalf(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
