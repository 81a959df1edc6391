package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.Probability;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How single values are written: a number and its unit, in any case, with blanks around it. */
final class FaultText {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,18})?)\\s*([a-z%]+)");
    private static final Pattern SEED = Pattern.compile("0x([0-9a-f]{1,16})|0b([01]{1,64})|([0-9]{1,19})");

    /** From the largest unit down: values are written in the first that divides them. */
    private static final Map<String, Long> NANOS =
            units("m", 60_000_000_000L, "s", 1_000_000_000L, "ms", 1_000_000L, "us", 1_000L, "ns", 1L);

    private static final Map<String, Long> PPM = units("%", 10_000L, "ppm", 1L);
    private static final Map<String, Long> BITS =
            units("gbps", 1_000_000_000L, "mbps", 1_000_000L, "kbps", 1_000L, "bps", 1L);
    private static final Map<String, Long> BYTES = units(
            "gib",
            1L << 30,
            "gb",
            1_000_000_000L,
            "mib",
            1L << 20,
            "mb",
            1_000_000L,
            "kib",
            1L << 10,
            "kb",
            1_000L,
            "b",
            1L);

    private FaultText() {}

    private static Map<String, Long> units(Object... namesAndValues) {
        Map<String, Long> units = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            units.put((String) namesAndValues[i], (Long) namesAndValues[i + 1]);
        }
        return units;
    }

    static Duration duration(String text) {
        return Duration.ofNanos(number(text, NANOS, "a time such as 50ms, 0.5ms, 2s or 1m"));
    }

    static Probability probability(String text) {
        long ppm = number(text, PPM, "a share such as 1%, 0.2% or 500ppm");
        if (ppm > 1_000_000) {
            throw new IllegalArgumentException("is more than 100%");
        }
        return new Probability((int) ppm);
    }

    static long rate(String text) {
        return number(text, BITS, "a rate such as 10mbps or 512kbps");
    }

    static long size(String text) {
        return number(text, BYTES, "a size such as 48b, 1.5kb or 64kib");
    }

    static long seed(String text) {
        Matcher matcher = SEED.matcher(normalized(text));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a whole number from 0, decimal, 0x… or 0b…");
        }
        try {
            return matcher.group(1) != null
                    ? Long.parseLong(matcher.group(1), 16)
                    : matcher.group(2) != null ? Long.parseLong(matcher.group(2), 2) : Long.parseLong(matcher.group(3));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is larger than " + Long.MAX_VALUE, e);
        }
    }

    /** Returns how the value is written, in the largest unit that needs no fraction. */
    static String text(Duration time) {
        return text(time.toNanos(), NANOS);
    }

    static String text(Probability probability) {
        return text(probability.ppm(), PPM);
    }

    static String rateText(long bitsPerSecond) {
        return text(bitsPerSecond, BITS);
    }

    static String sizeText(long bytes) {
        return text(bytes, BYTES);
    }

    private static String text(long value, Map<String, Long> units) {
        return units.entrySet().stream()
                .filter(unit -> value % unit.getValue() == 0)
                .findFirst()
                .map(unit -> value / unit.getValue() + unit.getKey())
                .orElseThrow();
    }

    private static long number(String text, Map<String, Long> units, String expected) {
        Matcher matcher = FORM.matcher(normalized(text));
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("expected " + expected);
        }
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large, or finer than can be told apart", e);
        }
    }

    private static String normalized(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
