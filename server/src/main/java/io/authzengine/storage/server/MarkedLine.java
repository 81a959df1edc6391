package io.authzengine.storage.server;

/**
 * A line of a document as it is shown, with a mark under a column.
 *
 * @param text the line; of a very long one, the part around the column
 * @param mark blanks and a caret; empty if no column is meant
 */
record MarkedLine(String text, String mark) {
    private static final int WIDTH = 120;
    private static final String CUT = "…";

    /** Returns {@code line} marked at {@code column}, which counts code points from 1; 0 marks nothing. */
    static MarkedLine of(String line, int column) {
        int[] points = Printable.text(line).codePoints().toArray();
        int at = Math.min(column - 1, points.length); // May be just behind the end, where something is missing.
        int from = points.length <= WIDTH ? 0 : Math.max(0, Math.min(at - WIDTH / 2, points.length - WIDTH));
        int to = Math.min(points.length, from + WIDTH);
        String before = from > 0 ? CUT : "";
        String text = before + new String(points, from, to - from) + (to < points.length ? CUT : "");
        String mark = column < 1 ? "" : " ".repeat(before.length() + at - from) + "^";
        return new MarkedLine(text, mark);
    }
}
