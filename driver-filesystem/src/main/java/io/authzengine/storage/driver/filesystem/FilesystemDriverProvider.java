package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.driver.WritableDriverProvider;
import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes drivers for policies in files and directories. Thread-safe.
 *
 * @sdd 5.1
 */
public final class FilesystemDriverProvider implements StorageDriverProvider, WritableDriverProvider {
    @Override
    public String type() {
        return StorageDriver.FILESYSTEM;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        Staleness staleness = Staleness.read(config);
        return create(read(config), staleness, context);
    }

    /** Makes a driver without a configuration file; does no I/O yet. */
    public StorageDriver create(FilesystemConfig config, StorageContext context) {
        return create(config, Staleness.NONE, context);
    }

    private StorageDriver create(FilesystemConfig config, Staleness staleness, StorageContext context) {
        SyncSettings settings = SyncSettings.DEFAULT
                .withPollInterval(config.rescanInterval())
                .withCallTimeout(config.callTimeout())
                .withHints(config.watchQuietPeriod(), config.watchDebounce())
                .withStaleness(staleness);
        return new SourceDriver(
                config.id(), type(), new FilesystemSource(config, new SystemFiles()), settings, context);
    }

    @Override
    public PolicyWriter openWriter(DriverConfig config, StorageContext context) {
        config.id();
        Staleness.read(config);
        return openWriter(read(config), context);
    }

    /** Makes a writer without a configuration file; does no I/O yet. */
    public PolicyWriter openWriter(FilesystemConfig config, StorageContext context) {
        return new FilesystemWriter(config, context);
    }

    private static FilesystemConfig read(DriverConfig config) {
        List<Path> paths = paths(config);
        List<String> extensions = config.texts("extensions", DocumentNames.DEFAULT_EXTENSIONS);
        List<String> exclude = config.texts("exclude", DocumentNames.DEFAULT_EXCLUDES);
        boolean recursive = config.flag("recursive", true);
        boolean watch = config.flag("watch", true);
        Duration quiet = config.duration("watchQuietPeriod", FilesystemConfig.DEFAULT_QUIET_PERIOD, ChronoUnit.MILLIS);
        Duration debounce = config.duration("watchDebounce", FilesystemConfig.DEFAULT_DEBOUNCE, ChronoUnit.MILLIS);
        Duration rescan = config.duration("rescanInterval", FilesystemConfig.DEFAULT_RESCAN, ChronoUnit.SECONDS);
        Duration timeout = config.duration("callTimeout", FilesystemConfig.DEFAULT_TIMEOUT, ChronoUnit.SECONDS);
        check(config, extensions, exclude);
        if (debounce.compareTo(quiet) < 0) {
            config.reject(
                    "watchDebounce",
                    "is the longest a change is held back, so it cannot be shorter than watchQuietPeriod, "
                            + quiet.toMillis() + "ms");
        }
        config.verify();
        return new FilesystemConfig(
                config.id(),
                paths,
                config.resolve(""),
                extensions,
                exclude,
                recursive,
                watch,
                quiet,
                debounce,
                rescan,
                timeout);
    }

    private static List<Path> paths(DriverConfig config) {
        List<Path> paths = new ArrayList<>();
        try {
            for (String path : config.texts("paths")) {
                paths.add(Path.of(path));
            }
        } catch (InvalidPathException e) {
            config.reject("paths", "is no path of this system: " + e.getReason());
        }
        if (paths.isEmpty()) {
            config.reject("paths", "names no directory and no file of policies");
        }
        return paths;
    }

    private static void check(DriverConfig config, List<String> extensions, List<String> exclude) {
        try {
            new DocumentNames(extensions, List.of());
        } catch (IllegalArgumentException e) {
            config.reject("extensions", "has an entry that is no extension; write them like .yaml");
        }
        try {
            new DocumentNames(DocumentNames.DEFAULT_EXTENSIONS, exclude);
        } catch (IllegalArgumentException e) {
            config.reject("exclude", "has an entry that is no pattern of paths; write them like **/drafts/**");
        }
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("paths", "directories and files of policies; relative ones start from the configuration file");
        settings.put("extensions", "endings of documents' names, in any case; default .yaml .yml .json");
        settings.put("recursive", "whether to look below subdirectories; default true");
        settings.put("exclude", "patterns of paths to leave out; default **/node_modules/** **/.git/**");
        settings.put("watch", "whether to use the system's events; default true");
        settings.put("watchQuietPeriod", "how long all must be quiet before changes are taken up; default 50ms");
        settings.put("watchDebounce", "how long a change is held back at most; default 1s");
        settings.put("rescanInterval", "time between looks at everything; default 30s");
        settings.put("callTimeout", "deadline of a look and of a reading; default 30s");
        settings.put("softAge", "age of the last look at which health is degraded; default three rescanIntervals");
        settings.put("hardAge", "age of the last look at which onHardAge holds; default never");
        settings.put("onHardAge", "serve or fail-closed; default serve");
        settings.put("id", "name of the driver; default fs- and a digest of the paths");
        return settings;
    }
}
