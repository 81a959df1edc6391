package io.authzengine.storage.driver.composite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mapping on its way to YAML: every text in quotes, so that nothing is taken for a number or a truth. Empty fields are left out, except
 * those put in as an {@link #entry}. Not thread-safe.
 */
final class YamlNode {
    /** Stands for the value that is none. */
    static final Object NULL = new Object();

    private static final String INDENT = "  ";
    private static final double EXACT = 1L << 53;

    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** Adds a field unless it is empty. */
    YamlNode text(String name, String text) {
        return text.isEmpty() ? this : entry(name, text);
    }

    /** Adds a field unless it is empty. */
    YamlNode put(String name, YamlNode node) {
        return node.isEmpty() ? this : entry(name, node);
    }

    /** Adds a field unless it is empty. */
    YamlNode put(String name, List<?> items) {
        return items.isEmpty() ? this : entry(name, items);
    }

    /** Adds a field whatever it is: a text, a number, a truth, a list, a mapping or {@link #NULL}. */
    YamlNode entry(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder yaml = new StringBuilder();
        write(yaml, "");
        return yaml.toString();
    }

    private void write(StringBuilder yaml, String indent) {
        String before = "";
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            yaml.append(before).append(key(field.getKey())).append(':');
            value(yaml, field.getValue(), indent, "\n" + indent + INDENT);
            before = indent;
        }
    }

    private static String key(String name) {
        boolean plain = !name.isEmpty() && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
        return plain && !Words.isSpecial(name) ? name : quoted(name);
    }

    /** Names that YAML or a careless reader of it takes for something else. */
    private static final class Words {
        private static boolean isSpecial(String name) {
            return switch (name.toLowerCase(java.util.Locale.ROOT)) {
                case "null", "true", "false", "yes", "no", "on", "off", "y", "n" -> true;
                default -> false;
            };
        }
    }

    /** Writes what stands behind a key or a dash, and ends the line. */
    private static void value(StringBuilder yaml, Object value, String indent, String ahead) {
        if (value instanceof YamlNode node && !node.isEmpty()) {
            yaml.append(ahead);
            node.write(yaml, indent + INDENT);
        } else if (value instanceof List<?> items && !items.isEmpty()) {
            yaml.append('\n');
            for (Object item : items) {
                yaml.append(indent).append(INDENT).append('-');
                value(yaml, item, indent + INDENT, " ");
            }
        } else {
            yaml.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String scalar(Object value) {
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof Double number) {
            boolean whole = Math.rint(number) == number && Math.abs(number) < EXACT && !isNegativeZero(number);
            return whole ? Long.toString(number.longValue()) : Double.toString(number);
        }
        if (value instanceof YamlNode) {
            return "{}";
        }
        return value instanceof List ? "[]" : value.equals(NULL) ? "null" : value.toString();
    }

    private static boolean isNegativeZero(double number) {
        return Double.doubleToRawLongBits(number) == Double.doubleToRawLongBits(-0.0);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isPrintable(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append(String.format(c > 0xFFFF ? "\\U%08X" : "\\u%04X", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
