package io.authzengine.storage.server;

import io.authzengine.storage.error.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/** Prints findings as a good compiler does: the place, what is wrong, the line with a mark under it, why it matters, how to mend it. Not thread-safe. */
final class FindingPrinter {
    private static final String RED = "\u001b[1;31m";
    private static final String YELLOW = "\u001b[1;33m";
    private static final String BLUE = "\u001b[1;34m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private static final String WHY =
            "a store serves all of a change or nothing of it: until this is mended, what comes with it waits too";

    private final PrintWriter out;
    private final boolean colours;
    private final SourceLines sources;
    private boolean explained;

    FindingPrinter(PrintWriter out, boolean colours, SourceLines sources) {
        this.out = out;
        this.colours = colours;
        this.sources = sources;
    }

    /** Prints {@code findings} in the order given, with a blank line after each. */
    void print(List<Finding> findings) {
        findings.forEach(this::print);
    }

    private void print(Finding finding) {
        out.println(paint(BOLD, Printable.text(finding.place().toString()) + ":") + " "
                + paint(finding.isError() ? RED : YELLOW, label(finding) + ":") + " "
                + paint(BOLD, Printable.text(finding.message())));
        int line = finding.place().line();
        String margin = " ".repeat(Integer.toString(line).length() + 1);
        Optional<MarkedLine> source = line == 0
                ? Optional.empty()
                : sources.line(finding.place().location(), line)
                        .map(text -> MarkedLine.of(text, finding.place().column()));
        source.ifPresent(marked -> printSource(marked, line, margin));
        if (finding.isError() && !explained) {
            explained = true;
            printNote(margin, "note", WHY);
        }
        finding.fix().ifPresent(fix -> printNote(margin, "help", fix));
        out.println();
    }

    private static String label(Finding finding) {
        return (finding.isError() ? "error" : "warning") + "[" + finding.code() + "]";
    }

    private void printSource(MarkedLine source, int line, String margin) {
        out.println(paint(BLUE, margin + "|"));
        out.println((paint(BLUE, line + " |") + " " + source.text()).stripTrailing());
        if (!source.mark().isEmpty()) {
            out.println(paint(BLUE, margin + "|") + " " + paint(RED, source.mark()));
        }
    }

    private void printNote(String margin, String label, String text) {
        out.println(paint(BLUE, margin + "=") + " " + paint(BOLD, label + ":") + " " + Printable.text(text));
    }

    private String paint(String colour, String text) {
        return colours ? colour + text + PLAIN : text;
    }
}
