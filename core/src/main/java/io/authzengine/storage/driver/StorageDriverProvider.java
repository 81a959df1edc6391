package io.authzengine.storage.driver;

import java.util.Map;

/**
 * Makes drivers of one type; found by {@link java.util.ServiceLoader}. Two providers of one type on the class path are an error at
 * start.
 */
public interface StorageDriverProvider {
    /** Returns the type of the drivers it makes, as written in {@code storage.driver}. */
    String type();

    /**
     * Makes a driver. Checks the settings and refuses unknown ones; does no I/O yet.
     *
     * @param config the driver's block of the configuration; every problem is reported to it
     * @param context time, threads and random numbers
     */
    StorageDriver create(DriverConfig config, StorageContext context);

    /** Returns the settings of this driver with what they mean, in the order in which they are best explained; for {@code --help}. */
    default Map<String, String> settings() {
        return Map.of();
    }
}
