package io.authzengine.storage.it.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The matrix as a table of Markdown, and its place in a page. */
final class MatrixPage {
    private static final String BEGIN = "<!-- The fault matrix; written by the build, see below. -->\n";
    private static final String END = "<!-- End of the fault matrix. -->\n";

    private MatrixPage() {}

    /** Returns the table, and below it why cells are empty. */
    static String table() {
        List<String> reasons = new ArrayList<>();
        StringBuilder table = new StringBuilder("| fault | ");
        for (BackendKind kind : BackendKind.values()) {
            table.append("| ").append(kind.title()).append(' ');
        }
        table.append("|\n|---|---")
                .append("|:-:".repeat(BackendKind.values().length))
                .append("|\n");
        for (Row row : Row.values()) {
            table.append("| ").append(row.code()).append(" | ").append(row.title());
            for (BackendKind kind : BackendKind.values()) {
                table.append(" | ")
                        .append(kind.whyNot(row)
                                .map(reason -> "[" + number(reasons, reason) + "]")
                                .orElse(String.valueOf(row.promise())));
            }
            table.append(" |\n");
        }
        table.append('\n').append(cells()).append(" cells are tested. Why the others do not apply:\n\n");
        for (String reason : reasons) {
            table.append(number(reasons, reason)).append(". ").append(reason).append('\n');
        }
        table.append("\nTested elsewhere, where a fake can cause it or the process itself is harmed:\n\n")
                .append("| fault | | test |\n|---|---|---|\n");
        for (Elsewhere fault : Elsewhere.values()) {
            table.append("| ").append(fault).append(" | ").append(fault.title()).append(" | ");
            table.append(fault.tests().stream().map(MatrixPage::shown).collect(Collectors.joining(", ")))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String shown(String test) {
        return "`" + test.substring(0, test.indexOf('/')) + "` `" + test.substring(test.indexOf('/') + 1) + "`";
    }

    private static int number(List<String> reasons, String reason) {
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
        return reasons.indexOf(reason) + 1;
    }

    private static long cells() {
        return Stream.of(Row.values())
                .flatMap(row -> Stream.of(BackendKind.values()).map(kind -> kind.whyNot(row)))
                .filter(Optional::isEmpty)
                .count();
    }

    /** Returns {@code page} with {@code table} in its place. */
    static String with(String page, String table) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page has no place for the matrix, between\n" + BEGIN + END);
        }
        return page.substring(0, begin) + BEGIN + table + page.substring(end);
    }
}
