package io.authzengine.storage.parser;

/** Things of a document as messages show them: short, on one line, nothing invisible in them. */
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    /** Returns {@code text} in single quotes, with what could not be seen escaped, cut if long. */
    static String quoted(String text) {
        StringBuilder shown = new StringBuilder("'");
        int at = 0;
        while (at < text.length() && shown.length() < LONGEST) {
            int point = text.codePointAt(at);
            if ((point >= ' ' && point < 0x7F) || (point > 0xA0 && !Hygiene.isHidden(point))) {
                shown.appendCodePoint(point);
            } else {
                shown.append(String.format("\\u%04X", point));
            }
            at += Character.charCount(point);
        }
        return shown.append(at < text.length() ? "…'" : "'").toString();
    }

    static String position(long position) {
        return "line " + Event.line(position) + ", column " + Event.column(position);
    }

    /** Returns what an event is, in words. */
    static String kind(Event event) {
        return switch (event.type()) {
            case MAPPING_START -> "a mapping";
            case SEQUENCE_START -> "a sequence";
            default -> event.isNull() ? "nothing" : quoted(event.text());
        };
    }
}
