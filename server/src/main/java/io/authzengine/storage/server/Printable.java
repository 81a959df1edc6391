package io.authzengine.storage.server;

/** Text that came from documents, made safe for a terminal: nothing in it can move the cursor or break a line. */
final class Printable {
    private static final int REPLACEMENT = 0xFFFD;

    private Printable() {}

    /** Returns {@code text} with everything that does not show replaced; tabs become single blanks, so that columns stay. */
    static String text(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().map(Printable::safe).forEach(safe::appendCodePoint);
        return safe.toString();
    }

    private static int safe(int c) {
        if (c == '\t') {
            return ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> REPLACEMENT;
            default -> c;
        };
    }
}
