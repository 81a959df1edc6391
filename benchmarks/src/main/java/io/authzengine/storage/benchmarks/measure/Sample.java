package io.authzengine.storage.benchmarks.measure;

import java.util.Arrays;

/** The same measured several times. Immutable. */
public final class Sample {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final double[] sorted;

    private Sample(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    /**
     * Returns a sample of {@code values}, in any order.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Sample of(double... values) {
        return new Sample(values);
    }

    /** Returns a sample in milliseconds of times in nanoseconds. */
    public static Sample millis(long[] nanos) {
        return new Sample(
                Arrays.stream(nanos).mapToDouble(n -> n / NANOS_PER_MILLI).toArray());
    }

    /** Returns a sample in seconds of times in nanoseconds. */
    public static Sample seconds(long[] nanos) {
        return new Sample(
                Arrays.stream(nanos).mapToDouble(n -> n / NANOS_PER_SECOND).toArray());
    }

    /** Returns {@code these} divided by {@code those}, run by run. */
    public static Sample ratio(long[] these, long[] those) {
        double[] ratios = new double[these.length];
        Arrays.setAll(ratios, i -> these[i] / (double) those[i]);
        return new Sample(ratios);
    }

    /** Returns how many there are. */
    public int count() {
        return sorted.length;
    }

    /** Returns the smallest. */
    public double min() {
        return sorted[0];
    }

    /** Returns the largest. */
    public double max() {
        return sorted[sorted.length - 1];
    }

    /** Returns the one in the middle, or the mean of the two that are. */
    public double median() {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * Returns the smallest that {@code percent} of a hundred do not exceed.
     *
     * @throws IllegalArgumentException unless {@code percent} is more than 0 and at most 100
     */
    public double percentile(int percent) {
        if (percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("no percentile: " + percent);
        }
        return sorted[(percent * sorted.length + 99) / 100 - 1];
    }
}
