package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.StorageDriver;
import java.time.Duration;
import java.util.Objects;

/**
 * A driver as a part of a composite, which closes it.
 *
 * @param driver the driver; used by nobody else
 * @param presence whether there is anything to serve without it. Default {@link Presence#REQUIRED}
 * @param priority drivers of higher priority come first; of equals, the one given first. Default 0
 * @param loadTimeout how long the composite waits for a look of this driver that it asked for. Default 60 s
 */
public record ChildDriver(StorageDriver driver, Presence presence, int priority, Duration loadTimeout) {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    /** Whether a composite can do without a driver that has not loaded anything yet. */
    public enum Presence {
        /** Nothing is handed out before it has loaded. */
        REQUIRED,
        /** Health is degraded until it has loaded. */
        OPTIONAL
    }

    public ChildDriver {
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(presence, "presence");
        if (loadTimeout.isNegative() || loadTimeout.isZero()) {
            throw new IllegalArgumentException("loadTimeout is longer than nothing");
        }
    }

    /** Returns {@code driver} as a required part of priority 0. */
    public static ChildDriver of(StorageDriver driver) {
        return new ChildDriver(driver, Presence.REQUIRED, 0, DEFAULT_TIMEOUT);
    }

    /** Returns this part as one that may be missing. */
    public ChildDriver optional() {
        return new ChildDriver(driver, Presence.OPTIONAL, priority, loadTimeout);
    }

    /** Returns this part with another priority. */
    public ChildDriver withPriority(int other) {
        return new ChildDriver(driver, presence, other, loadTimeout);
    }

    /** Returns this part with another time to wait for a look. */
    public ChildDriver withLoadTimeout(Duration time) {
        return new ChildDriver(driver, presence, priority, time);
    }

    boolean isRequired() {
        return presence == Presence.REQUIRED;
    }
}
