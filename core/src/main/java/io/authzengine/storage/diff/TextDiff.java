package io.authzengine.storage.diff;

import java.util.ArrayList;
import java.util.List;

/** Shows two texts as one: what {@code diff -u} prints. */
final class TextDiff {
    private static final int CONTEXT = 3;

    private TextDiff() {}

    /** One line of the result, and its places (from 0) in the two texts. */
    private record Line(char mark, String text, int before, int after) {
        boolean changed() {
            return mark != ' ';
        }
    }

    /** Returns the difference in unified form; empty if there is none. */
    static String unified(String beforeName, String before, String afterName, String after) {
        if (before.equals(after)) {
            return "";
        }
        List<Line> lines = lines(split(before), split(after));
        StringBuilder shown = new StringBuilder("--- " + beforeName + "\n+++ " + afterName + "\n");
        for (int at = nextChange(lines, 0); at < lines.size(); ) {
            int end = endOfHunk(lines, at);
            appendHunk(lines.subList(Math.max(0, at - CONTEXT), end), shown);
            at = nextChange(lines, end);
        }
        return shown.toString();
    }

    /** Splits after each line break; the last line may have none. */
    private static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            lines.add(text.substring(from, end + 1));
            from = end + 1;
        }
        if (from < text.length()) {
            lines.add(text.substring(from) + "\n\\ No newline at end of file\n");
        }
        return lines;
    }

    private static List<Line> lines(List<String> before, List<String> after) {
        List<Line> lines = new ArrayList<>();
        int b = 0;
        int a = 0;
        List<Alignment.Pair> pairs = new ArrayList<>(Alignment.of(before, after));
        pairs.add(new Alignment.Pair(before.size(), after.size()));
        for (Alignment.Pair pair : pairs) {
            for (; b < pair.before(); b++) {
                lines.add(new Line('-', before.get(b), b, a));
            }
            for (; a < pair.after(); a++) {
                lines.add(new Line('+', after.get(a), b, a));
            }
            if (b < before.size()) {
                lines.add(new Line(' ', before.get(b), b++, a++));
            }
        }
        return lines;
    }

    private static int nextChange(List<Line> lines, int from) {
        int at = from;
        while (at < lines.size() && !lines.get(at).changed()) {
            at++;
        }
        return at;
    }

    /** Returns where the hunk ends whose first change is at {@code change}: where more lines follow than the contexts of two hunks show. */
    private static int endOfHunk(List<Line> lines, int change) {
        int last = change;
        for (int at = change; at < lines.size() && at - last <= 2 * CONTEXT; at++) {
            last = lines.get(at).changed() ? at : last;
        }
        return Math.min(lines.size(), last + 1 + CONTEXT);
    }

    private static void appendHunk(List<Line> hunk, StringBuilder into) {
        long before = hunk.stream().filter(line -> line.mark() != '+').count();
        long after = hunk.stream().filter(line -> line.mark() != '-').count();
        Line first = hunk.get(0);
        into.append("@@ -").append(range(first.before(), before));
        into.append(" +").append(range(first.after(), after)).append(" @@\n");
        hunk.forEach(line -> into.append(line.mark()).append(line.text()));
    }

    private static String range(int from, long count) {
        return (count == 0 ? from : from + 1) + "," + count;
    }
}
