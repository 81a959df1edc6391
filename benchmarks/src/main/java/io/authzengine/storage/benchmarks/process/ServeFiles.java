package io.authzengine.storage.benchmarks.process;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.StorageConfig;
import java.nio.file.Path;
import java.util.Map;

/** The least program that serves policies with the library: as the configuration that is its only argument says. */
public final class ServeFiles {
    private ServeFiles() {}

    /** Prints how many policies it is serving, and ends. */
    public static void main(String[] args) {
        try (PolicyStore store = PolicyStore.open(StorageConfig.load(Path.of(args[0]), Map.of()))) {
            System.out.println("serving " + store.current().size() + " policies");
        }
    }
}
