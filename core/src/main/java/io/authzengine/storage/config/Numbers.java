package io.authzengine.storage.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** How numbers are written: decimal digits, and no other base, as people disagree on what {@code 010} means. */
final class Numbers {
    private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9]{0,17})");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,17}(\\.[0-9]{1,17})?");

    private Numbers() {}

    static Optional<Long> whole(String text) {
        return WHOLE.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    static Optional<Double> decimal(String text) {
        return DECIMAL.matcher(text).matches() ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    }
}
