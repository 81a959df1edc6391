package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.server.http.ServerSettings;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.ToIntFunction;

/** Loads what a configuration names, once, for commands that show it. */
final class OneLook {
    private OneLook() {}

    /** Loads the set and returns what {@code command} makes of it, or why there is none, as an exit code. */
    static int at(Path configFile, PrintWriter err, ToIntFunction<PolicySnapshot> command) {
        return atStore(configFile, err, store -> command.applyAsInt(store.current()));
    }

    /** As {@link #at}, for commands that ask the store for more than what it serves. */
    static int atStore(Path configFile, PrintWriter err, ToIntFunction<PolicyStore> command) {
        StorageConfig config = StorageConfig.load(configFile, ServerSettings::check);
        try (StorageContext context = StorageContext.create("policyd");
                PolicyStore store = StoreStart.aside(config, context)) {
            if (!StoreStart.run(store, config, context, err)) {
                return ExitCode.FINDINGS;
            }
            if (store.current().version().isNone()) {
                err.println("policyd: nothing to show: "
                        + Printable.text(store.status().health().message()));
                return ExitCode.BACKEND;
            }
            return command.applyAsInt(store);
        }
    }
}
