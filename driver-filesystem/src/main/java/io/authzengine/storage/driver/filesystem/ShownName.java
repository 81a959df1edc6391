package io.authzengine.storage.driver.filesystem;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * File names as they are shown and as parts of locations: no two names look the same, and none can break a line of a log or turn
 * the direction of a terminal. A backslash is doubled; what cannot be shown is {@code \}{@code u000a}, and a byte that is no text
 * {@code \xE4}.
 */
final class ShownName {
    private static final char UNDECODABLE = '\uFFFD';

    private ShownName() {}

    static String of(Path name) {
        String text = name.toString();
        if (text.indexOf(UNDECODABLE) >= 0) {
            return ofBytes(name);
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(shown, c));
        return shown.toString();
    }

    /** Returns all the names of {@code path} as they are shown. */
    static String ofPath(Path path) {
        String root = path.getRoot() == null ? "" : path.getRoot().toString().replace('\\', '/');
        return StreamSupport.stream(path.spliterator(), false)
                .map(ShownName::of)
                .collect(Collectors.joining("/", root, ""));
    }

    private static void append(StringBuilder shown, int c) {
        if (c == '\\') {
            shown.append("\\\\");
        } else if (isInvisible(c)) {
            shown.append(String.format(Locale.ROOT, "\\u%04x", c));
        } else {
            shown.appendCodePoint(c);
        }
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** The bytes of a name can only be had through its URI. */
    private static String ofBytes(Path name) {
        String uri = name.toAbsolutePath().toUri().getRawPath();
        String path = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        String encoded = path.substring(path.lastIndexOf('/') + 1);
        StringBuilder shown = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '%') {
                append(shown, c);
                continue;
            }
            int value = Integer.parseInt(encoded, i + 1, i + 3, 16);
            i += 2;
            if (value < 0x80) {
                append(shown, value);
            } else {
                shown.append(String.format(Locale.ROOT, "\\x%02X", value));
            }
        }
        return shown.toString();
    }
}
