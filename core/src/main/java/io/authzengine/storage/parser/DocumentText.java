package io.authzengine.storage.parser;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From bytes to text: strictly UTF-8, without characters that have no place in a document. Knows by sight what is often
 * found where a policy should be, and says so.
 */
final class DocumentText {
    private static final String CONFLICT = "<<<<<<<";

    private DocumentText() {}

    /**
     * Returns the text, without its byte order mark.
     *
     * @throws Refusal if it is none
     */
    static String decode(byte[] bytes, Problems problems) {
        if (isPlainAscii(bytes)) {
            return checked(new String(bytes, StandardCharsets.ISO_8859_1), problems);
        }
        String encoding = otherEncoding(bytes);
        if (encoding != null) {
            throw problems.refusal(0, "the text is encoded as " + encoding + ", expected UTF-8", "save it as UTF-8");
        }
        String text = decodeStrictly(bytes, problems);
        checkCharacters(text, bytes.length, problems);
        return checked(text, problems);
    }

    private static boolean isPlainAscii(byte[] bytes) {
        for (byte at : bytes) {
            if ((at < ' ' && at != '\n' && at != '\r' && at != '\t') || at == 0x7F) { // bytes beyond ASCII are negative
                return false;
            }
        }
        return true;
    }

    private static @Nullable String otherEncoding(byte[] bytes) {
        int first = (at(bytes, 0) << 24) | (at(bytes, 1) << 16) | (at(bytes, 2) << 8) | at(bytes, 3);
        int pair = first >>> 16;
        if (first == 0x0000FEFF || (first >>> 8 == 0 && first != 0) || ((first & 0xFFFF) == 0 && first != 0)) {
            return "UTF-32";
        }
        boolean marked = pair == 0xFEFF || pair == 0xFFFE;
        boolean everyOtherNull = bytes.length >= 2 && (bytes[0] == 0) != (bytes[1] == 0);
        return marked || everyOtherNull ? "UTF-16" : null;
    }

    private static int at(byte[] bytes, int index) {
        return index < bytes.length ? bytes[index] & 0xFF : 0xFF;
    }

    private static String decodeStrictly(byte[] bytes, Problems problems) {
        int from = bytes.length >= 3 && at(bytes, 0) == 0xEF && at(bytes, 1) == 0xBB && at(bytes, 2) == 0xBF ? 3 : 0;
        ByteBuffer input = ByteBuffer.wrap(bytes, from, bytes.length - from);
        CharBuffer output = CharBuffer.allocate(bytes.length - from);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(input, output, true);
        String text = output.flip().toString();
        if (result.isError()) {
            long position = new TextPositions(text).end();
            throw problems.refusal(
                    position,
                    String.format(
                            "the byte 0x%02X at offset %d is not valid UTF-8",
                            bytes[input.position()], input.position()),
                    "save the text as UTF-8");
        }
        return text;
    }

    private static void checkCharacters(String text, int size, Problems problems) {
        for (int i = 0; i < text.length(); i++) {
            if (isForbidden(text.charAt(i), i)) {
                String before = text.substring(0, i);
                // A byte order mark has been taken off in front, if the sizes differ.
                int mark = size - text.getBytes(StandardCharsets.UTF_8).length;
                int offset = mark + before.getBytes(StandardCharsets.UTF_8).length;
                throw problems.refusal(
                        new TextPositions(text).at(i),
                        String.format(
                                "the character U+%04X at byte offset %d has no place in a document",
                                (int) text.charAt(i), offset),
                        "remove it; in quotes it can be written as an escape");
            }
        }
    }

    private static boolean isForbidden(char at, int index) {
        if (at < ' ') {
            return at != '\n' && at != '\r' && at != '\t';
        }
        return (at >= 0x7F && at <= 0x9F) || at == 0xFFFE || at == 0xFFFF || (at == 0xFEFF && index == 0);
    }

    private static String checked(String text, Problems problems) {
        String start = text.substring(0, Math.min(text.length(), 64)).stripLeading();
        if (start.startsWith("<") && !start.startsWith(CONFLICT)) {
            String lower = start.toLowerCase(Locale.ROOT);
            boolean html = lower.startsWith("<!doctype html") || lower.startsWith("<html");
            throw problems.refusal(
                    Event.position(1, 1),
                    "this is " + (html ? "an HTML page" : "XML or HTML") + ", not a policy",
                    "check where it was fetched from: a login or error page may have come instead");
        }
        if (start.startsWith("version https://git-lfs.github.com/spec/")) {
            throw problems.refusal(
                    Event.position(1, 1),
                    "this is a pointer of Git LFS, not the file it stands for",
                    "keep policies out of LFS, or fetch the files with 'git lfs pull'");
        }
        checkConflicts(text, problems);
        return text;
    }

    private static void checkConflicts(String text, Problems problems) {
        for (int at = text.indexOf(CONFLICT); at >= 0; at = text.indexOf(CONFLICT, at + 1)) {
            boolean startsLine = at == 0 || text.charAt(at - 1) == '\n';
            int end = at + CONFLICT.length();
            if (startsLine && (end == text.length() || Character.isWhitespace(text.charAt(end)))) {
                throw problems.refusal(
                        new TextPositions(text).at(at),
                        "this is the marker of a merge conflict that nobody has resolved",
                        "resolve the conflict and commit the result");
            }
        }
    }
}
