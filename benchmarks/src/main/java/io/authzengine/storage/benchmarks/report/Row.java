package io.authzengine.storage.benchmarks.report;

import io.authzengine.storage.benchmarks.measure.Figures;

/**
 * A figure as it was handed in.
 *
 * @param figure its name
 * @param policies with how many policies; 0 if they do not matter
 * @param unit of the values
 * @param runs how often it was measured
 */
record Row(String figure, int policies, String unit, int runs, double min, double p50, double p99, double max) {
    private static final int COLUMNS = Figures.HEADER.split(",").length;

    /** @throws IllegalArgumentException if it is no line of such a file */
    static Row parse(String line) {
        String[] cells = line.split(",", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException("expected " + Figures.HEADER + ", found " + line);
        }
        return new Row(
                cells[0],
                Integer.parseInt(cells[1]),
                cells[2],
                Integer.parseInt(cells[3]),
                Double.parseDouble(cells[4]),
                Double.parseDouble(cells[5]),
                Double.parseDouble(cells[6]),
                Double.parseDouble(cells[7]));
    }

    /** Returns the median with the smallest and the largest, or the one value there is, with the unit. */
    String summary() {
        String median = Figures.number(p50);
        return (runs == 1 ? median : median + " (" + Figures.number(min) + "–" + Figures.number(max) + ")")
                + unitAfterBlank();
    }

    private String unitAfterBlank() {
        return unit.equals("x") ? " ×" : " " + unit;
    }
}
