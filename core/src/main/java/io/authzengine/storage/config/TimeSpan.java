package io.authzengine.storage.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a time span is written: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 1d}, or a bare number. */
final class TimeSpan {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)?");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    /** A hundred years: more is a slip, and would no longer fit into nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private TimeSpan() {}

    /** Returns the span that {@code text} means; empty if it means none, or none longer than nothing. */
    static Optional<Duration> parse(String text, ChronoUnit bareUnit) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2);
        Duration span = Duration.of(Long.parseLong(matcher.group(1)), unit == null ? bareUnit : unit(unit));
        return span.isZero() || span.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(span);
    }

    private static ChronoUnit unit(String name) {
        ChronoUnit unit = UNITS.get(name);
        if (unit == null) {
            throw new IllegalStateException("no unit " + name);
        }
        return unit;
    }

    /** Returns what was expected, with an example of each form; {@code example} is the one of a bare number. */
    static String expected(Optional<Duration> example, ChronoUnit bareUnit) {
        long bare = example.map(span -> span.dividedBy(bareUnit.getDuration()))
                .filter(count -> count > 0)
                .orElse(60L);
        String unit =
                bareUnit == ChronoUnit.MILLIS ? "milliseconds" : bareUnit.name().toLowerCase(Locale.ROOT);
        return "a time span such as \"" + bare + "\" (" + unit + "), "
                + (bareUnit == ChronoUnit.MILLIS ? "\"500ms\" or \"2s\"" : "\"30s\" or \"5m\"");
    }
}
