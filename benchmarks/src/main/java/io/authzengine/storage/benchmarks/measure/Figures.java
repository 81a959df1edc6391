package io.authzengine.storage.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Where benchmarks hand in what they measured: on standard output for whoever started them, and as a line of comma-separated values in the
 * file that the system property {@code figures} names, if it does.
 */
public final class Figures {
    /** The columns of the file. */
    public static final String HEADER = "figure,policies,unit,runs,min,p50,p99,max";

    private Figures() {}

    /**
     * Hands in a sample.
     *
     * @param figure its name, lower-case words separated by dots and dashes
     * @param policies how many policies it was measured with; 0 if they do not matter
     * @param unit such as {@code s}, {@code ms}, {@code KiB} or {@code x} for a ratio
     */
    public static void tell(String figure, int policies, String unit, Sample sample) {
        String values = sample.count() == 1
                ? number(sample.median()) + " " + unit
                : String.format(
                        Locale.ROOT,
                        "min %s  p50 %s  p99 %s  max %s %s  (%d runs)",
                        number(sample.min()),
                        number(sample.median()),
                        number(sample.percentile(99)),
                        number(sample.max()),
                        unit,
                        sample.count());
        System.out.printf(Locale.ROOT, "%-34s %7s  %s%n", figure, policies == 0 ? "" : policies, values);
        String file = System.getProperty("figures", "");
        if (!file.isEmpty()) {
            append(Path.of(file), figure, policies, unit, sample);
        }
    }

    /** Hands in something that was measured, or counted, once. */
    public static void tell(String figure, int policies, String unit, double value) {
        tell(figure, policies, unit, Sample.of(value));
    }

    /** Returns {@code value} with four digits that count. */
    public static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return Long.toString((long) value);
        }
        int whole = (int) Math.floor(Math.log10(Math.abs(value))) + 1;
        return String.format(Locale.ROOT, "%." + Math.max(0, Math.min(6, 4 - whole)) + "f", value);
    }

    private static void append(Path file, String figure, int policies, String unit, Sample sample) {
        String line = String.join(
                ",",
                figure,
                Integer.toString(policies),
                unit,
                Integer.toString(sample.count()),
                number(sample.min()),
                number(sample.median()),
                number(sample.percentile(99)),
                number(sample.max()));
        try {
            Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
            if (!Files.exists(file)) {
                Files.writeString(file, HEADER + "\n");
            }
            Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
