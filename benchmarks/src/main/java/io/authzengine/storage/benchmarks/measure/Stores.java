package io.authzengine.storage.benchmarks.measure;

import io.authzengine.storage.config.StorageConfig;
import java.nio.file.Path;
import java.util.Map;

/** Configurations of stores to measure. */
public final class Stores {
    private Stores() {}

    /** Returns the configuration in {@code yaml}, what stands below {@code storage}. */
    public static StorageConfig config(String yaml) {
        return StorageConfig.parse("storage: {" + yaml + "}", "benchmark", Map.of());
    }

    /**
     * Returns the configuration of a store over the files in {@code directory}.
     *
     * @param more further settings of the driver, such as {@code watch: false}, separated by commas; may be empty
     */
    public static StorageConfig files(Path directory, String more) {
        return config("driver: filesystem, filesystem: {paths: ['" + directory + "'], " + more + "}");
    }
}
