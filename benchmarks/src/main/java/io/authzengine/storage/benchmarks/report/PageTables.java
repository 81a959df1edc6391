package io.authzengine.storage.benchmarks.report;

import io.authzengine.storage.benchmarks.measure.Figures;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What stands between the marks of the page. */
final class PageTables {
    private PageTables() {}

    /** Returns the section called {@code name}: {@code targets}, {@code machine}, or a group of figures. */
    static String section(String name, Results results) {
        return switch (name) {
            case "targets" -> targets(results);
            case "machine" -> machine(results.machine());
            default -> figures(results.group(name));
        };
    }

    private static String targets(Results results) {
        return table(
                "| what | reach | then go for | measured | | measured by |\n|---|---|---|---|---|---|",
                Target.ALL,
                target -> "| " + target.what() + " | ≤ " + limit(target.reach()) + " | ≤ "
                        + limit(target.goal()) + " | " + target.measured(results) + " | "
                        + target.verdict(results).text() + " | `benchmarks/run " + target.command() + "` |");
    }

    private static String limit(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String machine(Properties machine) {
        Function<String, String> of = key -> machine.getProperty(key, "unknown");
        return of.apply("cores") + " cores (" + of.apply("processor") + "), " + of.apply("memory") + " of memory, "
                + of.apply("system") + ", " + of.apply("java") + ". Load average before the run: " + of.apply("load")
                + ". Measured on " + of.apply("date") + " at commit " + of.apply("commit") + ".\n";
    }

    private static String figures(List<Row> rows) {
        if (rows.isEmpty()) {
            return "Not measured.\n";
        }
        return table(
                "| figure | policies | runs | min | median | p99 | max | unit |\n|---|--:|--:|--:|--:|--:|--:|---|",
                rows,
                PageTables::figure);
    }

    private static String figure(Row row) {
        String begin = "| `" + row.figure() + "` | "
                + (row.policies() == 0 ? "" : String.format(Locale.ROOT, "%,d", row.policies())) + " | " + row.runs();
        String end = " | " + (row.unit().equals("x") ? "×" : row.unit()) + " |";
        if (row.runs() == 1) {
            return begin + " | | " + Figures.number(row.p50()) + " | | " + end;
        }
        // Of a few runs, the 99th percentile is the largest.
        String p99 = row.runs() < 100 ? "" : Figures.number(row.p99());
        return begin + " | " + Figures.number(row.min()) + " | " + Figures.number(row.p50()) + " | " + p99 + " | "
                + Figures.number(row.max()) + end;
    }

    private static <T> String table(String head, List<T> rows, Function<T, String> line) {
        return rows.stream().map(line).collect(Collectors.joining("\n", head + "\n", "\n"));
    }
}
