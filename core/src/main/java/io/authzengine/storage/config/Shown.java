package io.authzengine.storage.config;

/** How a text from the file looks in a message: on one line, and not too long. */
final class Shown {
    private static final int MOST = 80;

    private Shown() {}

    static String quoted(String text) {
        return '"' + text(text) + '"';
    }

    static String text(String text) {
        return line(text, MOST);
    }

    /** Returns at most {@code most} characters of {@code text}, on one line. */
    static String line(String text, int most) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(most).forEach(character -> {
            if (Character.isISOControl(character)) {
                shown.append(' ');
            } else {
                shown.appendCodePoint(character);
            }
        });
        return text.codePointCount(0, text.length()) > most ? shown.append('…').toString() : shown.toString();
    }
}
