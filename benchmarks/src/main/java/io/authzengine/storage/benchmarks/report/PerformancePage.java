package io.authzengine.storage.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes figures into a page, between the marks {@code <!-- measured: NAME -->} and {@code <!-- end of NAME -->}, and draws its plots. All else
 * on the page stays as it is.
 */
public final class PerformancePage {
    private static final Pattern SECTION =
            Pattern.compile("(<!-- measured: ([\\w-]+) -->\\n).*?(<!-- end of \\2 -->)", Pattern.DOTALL);

    private PerformancePage() {}

    /** Takes the directory of the figures and that of the page, {@code performance.md}. */
    public static void main(String[] args) throws IOException {
        Results results = Results.read(Path.of(args[0]));
        Path docs = Path.of(args[1]);
        Path page = docs.resolve("performance.md");
        Files.writeString(page, rewrite(Files.readString(page), results));
        Files.writeString(
                docs.resolve("performance-start.svg"),
                GrowthPlot.draw(
                        "Seconds from process start to served, by number of policies",
                        "s",
                        List.of(
                                line("policyd", results, "start.policyd"),
                                line("library", results, "start.library"),
                                line("bare parse", results, "start.parse"),
                                line("read and hash", results, "start.hash"))));
        Files.writeString(
                docs.resolve("performance-change.svg"),
                GrowthPlot.draw(
                        "Milliseconds from hint to served, one policy changed, by number of policies",
                        "ms",
                        List.of(
                                line("source lists all", results, "change.listing"),
                                line("source knows what changed", results, "change.delta"))));
    }

    private static GrowthPlot.Line line(String name, Results results, String figure) {
        return new GrowthPlot.Line(
                name,
                results.growth(figure).stream()
                        .map(row -> new GrowthPlot.Point(row.policies(), row.p50()))
                        .toList());
    }

    /** Returns {@code page} with the sections of {@code results}. */
    static String rewrite(String page, Results results) {
        return SECTION.matcher(page)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) + PageTables.section(found.group(2), results) + found.group(3)));
    }
}
