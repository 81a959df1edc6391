package io.authzengine.storage.benchmarks.report;

import io.authzengine.storage.benchmarks.measure.Figures;
import java.util.List;
import java.util.Optional;

/**
 * What a figure is to reach.
 *
 * @param what for whom reads the page
 * @param figure its name
 * @param policies with how many policies; 0 if they do not matter
 * @param statistic which of its values counts
 * @param reach at most so much
 * @param goal at most so much, to be proud of
 * @param command measures it
 */
record Target(
        String what, String figure, int policies, Statistic statistic, double reach, double goal, String command) {
    /** A value of a sample. */
    enum Statistic {
        P50,
        P99;

        double of(Row row) {
            return this == P50 ? row.p50() : row.p99();
        }
    }

    /** How far a figure is. */
    enum Verdict {
        GOAL("goal reached"),
        REACHED("reached"),
        MISSED("**not reached**"),
        UNKNOWN("not measured");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** All of them. */
    static final List<Target> ALL = List.of(
            p50("process start to served ÷ bare parse, 1,000", "start.ratio.parse", 1_000, 1.3, 0.8, "start"),
            p50("the same, 10,000", "start.ratio.parse", 10_000, 1.2, 0.6, "start"),
            p50("the same, 50,000", "start.ratio.parse", 50_000, 1.2, 0.6, "start"),
            p50("process start to served, 1,000", "start.policyd", 1_000, 1.0, 0.6, "start"),
            p50("the same, 10,000", "start.policyd", 10_000, 2.5, 1.5, "start"),
            p50("the same, 50,000", "start.policyd", 50_000, 8, 4, "start"),
            p50(
                    "warm reload of all ÷ warm bare parse, 10,000",
                    "reload.forced.ratio.parse",
                    10_000,
                    1.3,
                    1.0,
                    "reload"),
            p50("the same, every file changed", "reload.all-changed.ratio.parse", 10_000, 1.3, 1.0, "reload"),
            p50("start from the offline copy, 40,000", "offline.policyd", 40_000, 1.0, 0.4, "offline"),
            p50("retained heap a policy, raw text and 10 versions", "heap.with-history", 10_000, 4, 2.5, "heap"),
            p50("the same, 50,000", "heap.with-history", 50_000, 4, 2.5, "heap"),
            p50("peak ÷ steady heap, full reload", "heap.peak.forced", 10_000, 1.8, 1.5, "heap"),
            p50("the same, every file changed", "heap.peak.all-changed", 10_000, 1.8, 1.5, "heap"),
            p99("one of 50,000 changed: hint to served, p99", "change.delta", 50_000, 20, 5, "change"),
            p99("the same of 1,000, p99", "change.delta", 1_000, 20, 5, "change"),
            p50("file renamed to served, 10,000, p50", "files.rename", 10_000, 150, 80, "files"),
            p99("the same, p99", "files.rename", 10_000, 300, 150, "files"),
            p50("NOTIFY: commit to served, 10,000, p50", "database.notify", 10_000, 25, 10, "database"),
            p99("the same, p99", "database.notify", 10_000, 100, 30, "database"),
            p50("`snapshot.find(id)` ÷ `HashMap.get`, 10,000", "find.find.ratio.map", 10_000, 2, 1.2, "find"),
            p50("allocated by `find`", "find.find.allocated", 10_000, 0, 0, "find"),
            p50("idle poll, Git: requests", "idle.git.round-trips", 10_000, 1, 1, "idle"),
            p50("idle poll, Git: allocation for each further policy", "idle.git.growth", 0, 1, 1, "idle"),
            p50("idle poll, GCS, 10,000: requests (10 pages)", "idle.gcs.round-trips", 10_000, 10, 10, "idle"),
            p50("idle poll, Azure, 10,000: requests (2 pages)", "idle.azure.round-trips", 10_000, 2, 2, "idle"),
            p50("idle poll, PostgreSQL: queries", "idle.database.round-trips", 10_000, 1, 1, "idle"),
            p50("idle poll, PostgreSQL: allocation for each further policy", "idle.database.growth", 0, 1, 1, "idle"),
            p50("jars of core with its dependencies", "footprint.core", 0, 6, 4, "footprint"));

    private static Target p50(String what, String figure, int policies, double reach, double goal, String command) {
        return new Target(what, figure, policies, Statistic.P50, reach, goal, command);
    }

    private static Target p99(String what, String figure, int policies, double reach, double goal, String command) {
        return new Target(what, figure, policies, Statistic.P99, reach, goal, command);
    }

    Verdict verdict(Results results) {
        Optional<Row> row = results.find(figure, policies);
        if (row.isEmpty()) {
            return Verdict.UNKNOWN;
        }
        double value = statistic.of(row.get());
        return value <= goal ? Verdict.GOAL : value <= reach ? Verdict.REACHED : Verdict.MISSED;
    }

    /** Returns what was measured, as the page has it. */
    String measured(Results results) {
        Optional<Row> row = results.find(figure, policies);
        if (row.isEmpty()) {
            return "–";
        }
        return statistic == Statistic.P99
                ? Figures.number(row.get().p99()) + " " + row.get().unit()
                : row.get().summary();
    }
}
