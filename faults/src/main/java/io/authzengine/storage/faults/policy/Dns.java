package io.authzengine.storage.faults.policy;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How names are looked up. A time-out comes before a name that does not exist, and that before a delay.
 *
 * @param delay added to each look-up, 0 to 60 s
 * @param timeout after this time each look-up fails
 * @param nxdomain how often a name does not exist
 */
public record Dns(Duration delay, Optional<Duration> timeout, Probability nxdomain) {
    /** Look-ups as they are. */
    public static final Dns CLEAR = new Dns(Duration.ZERO, Optional.empty(), Probability.NEVER);

    public Dns {
        Limits.checkDelay("dns.delay", delay);
        timeout.ifPresent(time -> Limits.checkPositive("dns.timeout", time));
        Objects.requireNonNull(nxdomain, "nxdomain");
    }

    /** Returns whether it does nothing. */
    public boolean isClear() {
        return equals(CLEAR);
    }
}
