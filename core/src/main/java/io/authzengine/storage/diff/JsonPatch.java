package io.authzengine.storage.diff;

import io.authzengine.storage.policy.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The steps from one JSON value to another, as RFC 6902 has them; made one after the other. Immutable.
 *
 * @param operations the steps; empty if both are equal
 */
public record JsonPatch(List<Operation> operations) {
    public JsonPatch {
        operations = List.copyOf(operations);
    }

    /** What a step does. */
    public enum Kind {
        ADD,
        REMOVE,
        REPLACE
    }

    /**
     * One step.
     *
     * @param kind what it does
     * @param path where, as a JSON pointer (RFC 6901); empty means the whole
     * @param value what comes there; empty if something is removed
     */
    public record Operation(Kind kind, String path, Optional<Value> value) {
        public Operation {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(value, "value");
        }

        /** Returns the step as JSON. */
        @Override
        public String toString() {
            return "{\"op\":\"" + kind.name().toLowerCase(Locale.ROOT) + "\",\"path\":" + JsonText.quoted(path)
                    + value.map(what -> ",\"value\":" + JsonText.of(what)).orElse("") + "}";
        }
    }

    /** Returns the steps from {@code before} to {@code after}: few, though not always the fewest. */
    public static JsonPatch between(Value before, Value after) {
        List<Operation> steps = new ArrayList<>();
        compare("", before, after, steps);
        return new JsonPatch(steps);
    }

    private static void compare(String path, Value before, Value after, List<Operation> steps) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof Value.Struct was && after instanceof Value.Struct is) {
            compareFields(path, was.fields(), is.fields(), steps);
        } else if (before instanceof Value.Array was && after instanceof Value.Array is) {
            compareItems(path, was.items(), is.items(), steps);
        } else {
            steps.add(new Operation(Kind.REPLACE, path, Optional.of(after)));
        }
    }

    private static void compareFields(
            String path, Map<String, Value> before, Map<String, Value> after, List<Operation> steps) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String field = path + "/" + name.replace("~", "~0").replace("/", "~1");
            Optional<Value> was = Optional.ofNullable(before.get(name));
            Optional<Value> is = Optional.ofNullable(after.get(name));
            if (is.isEmpty()) {
                steps.add(new Operation(Kind.REMOVE, field, Optional.empty()));
            } else if (was.isEmpty()) {
                steps.add(new Operation(Kind.ADD, field, is));
            } else {
                compare(field, was.get(), is.get(), steps);
            }
        }
    }

    /** Keeps the items both have, and compares those that stand between the same two, so that a changed rule is shown by what changed in it. */
    private static void compareItems(String path, List<Value> before, List<Value> after, List<Operation> steps) {
        List<Alignment.Pair> pairs = new ArrayList<>(Alignment.of(before, after));
        pairs.add(new Alignment.Pair(before.size(), after.size()));
        int was = 0;
        int is = 0; // Also the place in the array as the steps so far have left it.
        for (Alignment.Pair pair : pairs) {
            for (; was < pair.before() && is < pair.after(); was++, is++) {
                compare(path + "/" + is, before.get(was), after.get(is), steps);
            }
            for (; was < pair.before(); was++) {
                steps.add(new Operation(Kind.REMOVE, path + "/" + is, Optional.empty()));
            }
            for (; is < pair.after(); is++) {
                steps.add(new Operation(Kind.ADD, path + "/" + is, Optional.of(after.get(is))));
            }
            was++;
            is++;
        }
    }

    /** Returns the patch as JSON, on one line. */
    @Override
    public String toString() {
        return operations.stream().map(Operation::toString).collect(Collectors.joining(",", "[", "]"));
    }

    /** Writes values as JSON: keys in order, whole numbers without a point. */
    private static final class JsonText {
        private static final double LAST_WHOLE = 1L << 53;

        private JsonText() {}

        static String of(Value value) {
            if (value instanceof Value.Struct struct) {
                return new TreeMap<>(struct.fields())
                        .entrySet().stream()
                                .map(field -> quoted(field.getKey()) + ":" + of(field.getValue()))
                                .collect(Collectors.joining(",", "{", "}"));
            }
            if (value instanceof Value.Array array) {
                return array.items().stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
            }
            if (value instanceof Value.Text text) {
                return quoted(text.value());
            }
            if (value instanceof Value.Num number) {
                return number(number.value());
            }
            return value instanceof Value.Bool bool ? String.valueOf(bool.value()) : "null";
        }

        private static String number(double number) {
            boolean whole = number == Math.rint(number) && Math.abs(number) <= LAST_WHOLE;
            return whole ? Long.toString((long) number) : Double.toString(number);
        }

        static String quoted(String text) {
            StringBuilder json = new StringBuilder(text.length() + 2).append('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '"', '\\' -> json.append('\\').append(c);
                    case '\n' -> json.append("\\n");
                    default -> {
                        if (c < ' ' || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
                            json.append(String.format("\\u%04x", (int) c));
                        } else {
                            json.append(c);
                        }
                    }
                }
            }
            return json.append('"').toString();
        }
    }
}
