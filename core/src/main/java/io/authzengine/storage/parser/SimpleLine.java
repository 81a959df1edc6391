package io.authzengine.storage.parser;

import java.util.List;

/**
 * A walk through a text line by line, for {@link SimpleYaml}: what stands on one line, without its structure. Each method that reads says
 * whether what it met is simple; after a no, nothing more is asked.
 */
final class SimpleLine {
    /** The longest text that the library still takes for a key, less a little. */
    private static final int LONGEST_KEY = 1_000;

    private final String text;
    private final int length;
    private int line; // From 1.
    private int start; // Of the line.
    private int end; // Of the line, without its line end.
    private int at;
    private int keyEnd; // Where the key that was found ends.

    SimpleLine(String text) {
        this.text = text;
        this.length = text.length();
        this.end = -1;
    }

    /** Returns whether every character counts as one column and has no meaning but the common one. */
    static boolean allows(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' ? c != '\n' : (c >= 0x7F && !isOneColumn(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOneColumn(char c) {
        return c >= 0xA0 && c < 0xD800 && c != 0x2028 && c != 0x2029;
    }

    /** Goes to the next line that holds more than spaces and a comment; false at the end of the text. */
    boolean next() {
        while (end < length) {
            line++;
            start = end + 1;
            int newline = text.indexOf('\n', start);
            end = newline < 0 ? length : newline;
            at = start;
            if (start <= end && skipSpaces()) {
                return true;
            }
        }
        if (end > start) { // The last line has no line end; what follows stands on it.
            at = end;
        }
        return false;
    }

    /** Returns the position as events have it. */
    long position() {
        return Event.position(line, at - start + 1);
    }

    /** Returns how far the position is indented. */
    int column() {
        return at - start;
    }

    /** Goes to what follows on this line; false if that is nothing, or a comment. */
    boolean skipSpaces() {
        while (at < end && text.charAt(at) == ' ') {
            at++;
        }
        return at < end && !(text.charAt(at) == '#' && (at == start || text.charAt(at - 1) == ' '));
    }

    boolean isDocumentStart() {
        return at == start && text.startsWith("---", at) && isBlank(at + 3);
    }

    boolean isOnlyMarker() {
        int marker = at;
        at += 3;
        boolean only = !skipSpaces();
        at = marker;
        return only;
    }

    boolean atDash() {
        return text.charAt(at) == '-' && isBlank(at + 1);
    }

    void skipDash() {
        at++;
    }

    private boolean isBlank(int index) {
        return index >= end || text.charAt(index) == ' ';
    }

    /** Returns whether a simple key stands here. */
    boolean findKey() {
        char first = text.charAt(at);
        int colon;
        if (first == '"' || first == '\'') {
            int close = closingQuote(first);
            if (close < 0) {
                return false;
            }
            colon = close + 1;
            while (colon < end && text.charAt(colon) == ' ') {
                colon++;
            }
            keyEnd = close + 1;
        } else {
            if (!startsPlain()) {
                return false;
            }
            colon = at;
            while (colon < end && !(text.charAt(colon) == ':' && isBlank(colon + 1))) {
                if (text.charAt(colon) == '#' && text.charAt(colon - 1) == ' ') {
                    return false;
                }
                colon++;
            }
            keyEnd = trimmed(colon);
        }
        return colon < end && text.charAt(colon) == ':' && isBlank(colon + 1) && colon - at < LONGEST_KEY;
    }

    /** Reads the key that was found, and its colon. */
    boolean key(List<Event> into) {
        boolean plain = text.charAt(at) != '"' && text.charAt(at) != '\'';
        long position = position();
        if (plain) {
            into.add(Event.scalar(position, text.substring(at, keyEnd), true));
        } else if (!quoted(into)) {
            return false;
        }
        at = text.indexOf(':', keyEnd) + 1;
        return true;
    }

    /** Reads the value that stands here, to the end of the line. */
    boolean value(List<Event> into) {
        char first = text.charAt(at);
        boolean simple = switch (first) {
            case '"', '\'' -> quoted(into);
            case '[' -> flow(into);
            default -> plain(into);
        };
        return simple && isRestBlank();
    }

    private boolean isRestBlank() {
        boolean spaced = at >= end || text.charAt(at) == ' ';
        return spaced && !skipSpaces();
    }

    private boolean plain(List<Event> into) {
        if (!startsPlain()) {
            return false;
        }
        int stop = at + 1;
        while (stop < end) {
            char c = text.charAt(stop);
            if (c == ':' && isBlank(stop + 1)) {
                return false;
            }
            if (c == '#' && text.charAt(stop - 1) == ' ') {
                break;
            }
            stop++;
        }
        int last = trimmed(stop);
        into.add(Event.scalar(position(), text.substring(at, last), true));
        at = last;
        return true;
    }

    private int trimmed(int stop) {
        int last = stop;
        while (last > at && text.charAt(last - 1) == ' ') {
            last--;
        }
        return last;
    }

    private boolean startsPlain() {
        char first = text.charAt(at);
        if (first == '-') {
            return at + 1 < end && Character.isLetterOrDigit(text.charAt(at + 1));
        }
        boolean endMarker = at == start && text.startsWith("...", at);
        return !endMarker && ",[]{}#&*!|>'\"%@`?:".indexOf(first) < 0;
    }

    private boolean quoted(List<Event> into) {
        char quote = text.charAt(at);
        int close = closingQuote(quote);
        if (close < 0) {
            return false;
        }
        String inner = text.substring(at + 1, close);
        if (quote == '\'') {
            inner = inner.indexOf('\'') < 0 ? inner : inner.replace("''", "'");
        } else if (inner.indexOf('\\') >= 0) {
            return false;
        }
        into.add(Event.scalar(position(), inner, false));
        at = close + 1;
        return true;
    }

    /** Returns where the quoted text that begins here ends on this line; -1 if it does not, or holds an escape. */
    private int closingQuote(char quote) {
        for (int i = at + 1; i < end; i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote == '"') {
                return -1;
            }
            if (c == quote) {
                if (quote == '"' || i + 1 >= end || text.charAt(i + 1) != '\'') {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    /** Reads a sequence of scalars in brackets. */
    private boolean flow(List<Event> into) {
        into.add(Event.of(Event.Type.SEQUENCE_START, position()));
        at++;
        boolean itemDue = false;
        while (skipSpaces()) {
            char c = text.charAt(at);
            if (c == ']' && !itemDue) {
                into.add(Event.of(Event.Type.SEQUENCE_END, position()));
                at++;
                return true;
            }
            boolean simple = (c == '"' || c == '\'') ? quoted(into) : flowPlain(into);
            if (!simple || !skipSpaces()) {
                return false;
            }
            itemDue = text.charAt(at) == ',';
            if (itemDue) {
                at++;
            } else if (text.charAt(at) != ']') {
                return false;
            }
        }
        return false;
    }

    private boolean flowPlain(List<Event> into) {
        if (!startsPlain()) {
            return false;
        }
        int stop = at;
        while (stop < end && text.charAt(stop) != ',' && text.charAt(stop) != ']') {
            char c = text.charAt(stop);
            if (c == '[' || c == '{' || c == '}' || c == '#' || (c == ':' && !isInName(stop + 1))) {
                return false;
            }
            stop++;
        }
        int last = trimmed(stop);
        into.add(Event.scalar(position(), text.substring(at, last), true));
        at = last;
        return true;
    }

    private boolean isInName(int index) {
        return index < end && Character.isLetterOrDigit(text.charAt(index));
    }
}
