package io.authzengine.storage.driver;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * How old the evidence for a set may become: the time since a look at its backend last came back, whether it found a change or not, and
 * how old what the backend said was already.
 *
 * @param softAge after which the health is degraded; empty for never
 * @param hardAge after which {@code onHardAge} holds; empty for never; no shorter than {@code softAge}
 * @param onHardAge what becomes of the set then. Default {@code serve}
 */
public record Staleness(Optional<Duration> softAge, Optional<Duration> hardAge, OnHardAge onHardAge) {
    /** No age is too old. */
    public static final Staleness NONE = new Staleness(Optional.empty(), Optional.empty(), OnHardAge.SERVE);

    /** @throws IllegalArgumentException if an age is not longer than nothing, or {@code hardAge} is shorter than {@code softAge} */
    public Staleness {
        Objects.requireNonNull(onHardAge, "onHardAge");
        softAge.ifPresent(age -> requirePositive("softAge", age));
        hardAge.ifPresent(age -> requirePositive("hardAge", age));
        if (isShorter(hardAge, softAge)) {
            throw new IllegalArgumentException("hardAge is at least softAge");
        }
    }

    private static void requirePositive(String name, Duration age) {
        if (age.isZero() || age.isNegative()) {
            throw new IllegalArgumentException(name + " is longer than nothing, got " + age);
        }
    }

    private static boolean isShorter(Optional<Duration> hard, Optional<Duration> soft) {
        return hard.isPresent() && soft.isPresent() && hard.get().compareTo(soft.get()) < 0;
    }

    /** Reads {@code softAge}, {@code hardAge} and {@code onHardAge} of {@code config}; a problem is noted there. */
    public static Staleness read(DriverConfig config) {
        Optional<Duration> soft = config.optionalDuration("softAge", ChronoUnit.SECONDS);
        Optional<Duration> hard = config.optionalDuration("hardAge", ChronoUnit.SECONDS);
        OnHardAge onHardAge = config.choice("onHardAge", OnHardAge.class, OnHardAge.SERVE);
        if (isShorter(hard, soft)) {
            config.reject("hardAge", "comes after softAge, so it cannot be shorter than it");
            return new Staleness(soft, Optional.empty(), onHardAge);
        }
        if (hard.isEmpty() && onHardAge == OnHardAge.FAIL_CLOSED) {
            config.reject("onHardAge", "needs hardAge, which says when");
        }
        return new Staleness(soft, hard, onHardAge);
    }

    /** Returns what an age of {@code age} means. */
    public Freshness of(Duration age) {
        if (hardAge.isPresent() && age.compareTo(hardAge.get()) >= 0) {
            return onHardAge == OnHardAge.FAIL_CLOSED ? Freshness.FAILED_CLOSED : Freshness.EXPIRED;
        }
        return softAge.isPresent() && age.compareTo(softAge.get()) >= 0 ? Freshness.STALE : Freshness.FRESH;
    }

    /** Returns the next age after {@code age} at which that changes; empty if it does not any more. */
    Optional<Duration> next(Duration age) {
        return softAge.filter(soft -> soft.compareTo(age) > 0)
                .or(() -> hardAge.filter(hard -> hard.compareTo(age) > 0));
    }
}
