package io.authzengine.storage.driver.git;

import java.util.Locale;

/** Paths as parts of locations: no two look the same, and none can break a line of a log or turn the direction of a terminal. */
final class ShownPath {
    private ShownPath() {}

    static String of(String path) {
        StringBuilder shown = new StringBuilder(path.length());
        path.codePoints().forEach(c -> {
            if (c == '\\') {
                shown.append("\\\\");
            } else if (isInvisible(c)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
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
}
