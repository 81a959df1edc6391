package io.authzengine.storage.config;

import io.authzengine.storage.config.ConfigNode.Block;
import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.function.Consumer;

/**
 * The configuration of a store and of its driver, as a YAML file states it. Immutable and thread-safe.
 *
 * <pre>{@code
 * storage:
 *   driver: filesystem          # or "type: filesystem" with the settings of the driver right here
 *   filesystem:
 *     paths: [/etc/authz/policies]
 *   onInvalid: hold
 * }</pre>
 *
 * <p>In every value {@code ${ENV}}, {@code ${ENV:-default}} (also if it is set to nothing) and {@code ${file:/path}} are
 * replaced, and <code>$$&#123;</code> stands for <code>$&#123;</code>; see {@link SecretResolver} for more. A block {@code server:} beside {@code
 * storage:} is kept for whoever serves the store. No message and no {@code toString} shows a replaced value.
 *
 * @sdd 8
 */
public final class StorageConfig {
    private static final String STORAGE = "storage";
    private static final String SERVER = "server";

    private final String driverType;
    private final Block driver;
    private final StoreSettings settings;
    private final Optional<Block> server;
    private final Path directory;

    private StorageConfig(
            String driverType, Block driver, StoreSettings settings, Optional<Block> server, Path directory) {
        this.driverType = driverType;
        this.driver = driver;
        this.settings = settings;
        this.server = server;
        this.directory = directory;
    }

    /**
     * Reads {@code file} with the environment of this process. Relative paths in it start at its directory.
     *
     * @throws ConfigException naming all that is wrong
     */
    public static StorageConfig load(Path file) {
        return load(file, System.getenv());
    }

    /**
     * Reads {@code file} with the environment of this process, and shows the block {@code server:} to {@code serverCheck}, also if the
     * rest will not do: so whoever serves the store can have all problems told at once. Relative paths in it start at its directory.
     *
     * @param serverCheck throws {@link ConfigException} naming all that is wrong with the block; not called if there is none
     * @throws ConfigException naming all that is wrong
     */
    public static StorageConfig load(Path file, Consumer<DriverConfig> serverCheck) {
        return load(file, System.getenv(), serverCheck);
    }

    /**
     * Reads {@code file} with {@code environment}. Relative paths in it start at its directory.
     *
     * @throws ConfigException naming all that is wrong
     */
    public static StorageConfig load(Path file, Map<String, String> environment) {
        return load(file, environment, server -> {});
    }

    private static StorageConfig load(Path file, Map<String, String> environment, Consumer<DriverConfig> serverCheck) {
        Path directory = file.toAbsolutePath().resolveSibling("");
        String yaml;
        try {
            yaml = TextFile.read(file);
        } catch (IOException e) {
            ConfigException failure = new ConfigException(
                    List.of(new ConfigProblem(Place.of(file.toString()), "", "cannot be read: " + e.getMessage())));
            failure.initCause(e);
            throw failure;
        }
        return read(yaml, file.toString(), directory, environment, serverCheck);
    }

    /**
     * Reads {@code yaml} with {@code environment}. Relative paths in it start at the working directory.
     *
     * @param name what messages call the text, such as {@code storage.yaml}
     * @throws ConfigException naming all that is wrong
     */
    public static StorageConfig parse(String yaml, String name, Map<String, String> environment) {
        return read(yaml, name, Path.of("").toAbsolutePath(), environment, server -> {});
    }

    private static StorageConfig read(
            String yaml,
            String name,
            Path directory,
            Map<String, String> environment,
            Consumer<DriverConfig> serverCheck) {
        List<ConfigProblem> problems = new ArrayList<>();
        Interpolation interpolation = Interpolation.installed(environment, directory);
        Optional<StorageConfig> config = new YamlReader(yaml, name, interpolation, problems)
                .read()
                .flatMap(root -> read(root, directory, serverCheck, problems));
        if (problems.isEmpty() && config.isPresent()) {
            return config.get();
        }
        List<Throwable> further = new ArrayList<>();
        config.ifPresent(broken -> broken.addDriverProblems(problems, further));
        ConfigException failure = new ConfigException(problems);
        further.forEach(failure::addSuppressed);
        throw failure;
    }

    private static Optional<StorageConfig> read(
            Block root, Path directory, Consumer<DriverConfig> serverCheck, List<ConfigProblem> problems) {
        ConfigBlock top = new ConfigBlock(root, directory);
        Optional<Block> server = top.node(SERVER);
        Optional<Block> storage = top.node(STORAGE);
        if (storage.isEmpty()) {
            top.reject(STORAGE, "is missing; expected a block with the driver's settings");
        }
        problems.addAll(top.problems());
        try {
            server.map(block -> new ConfigBlock(block, directory)).ifPresent(serverCheck);
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        }
        return storage.flatMap(block -> read(block, server, directory, problems));
    }

    private static Optional<StorageConfig> read(
            Block storage, Optional<Block> server, Path directory, List<ConfigProblem> problems) {
        ConfigBlock reader = new ConfigBlock(storage, directory);
        StoreSettings settings = StoreSettings.read(reader);
        if (storage.entries().containsKey(DriverBlock.TYPE)) {
            if (storage.entries().containsKey(DriverBlock.DRIVER)) {
                reader.note(
                        DriverBlock.DRIVER, "says the driver's type, and so does storage.type; leave out one of them");
            }
            String type = reader.text(DriverBlock.TYPE);
            problems.addAll(reader.problemsNoted()); // The driver knows what else there may be.
            return Optional.of(new StorageConfig(type, storage, settings, server, directory));
        }
        reader.allow(List.of(DriverBlock.ID));
        String type = reader.text(DriverBlock.DRIVER);
        Optional<Block> driver = DriverBlock.named(storage).map(name -> DriverBlock.within(storage, name, reader));
        problems.addAll(reader.problems());
        return driver.map(block -> new StorageConfig(type, block, settings, server, directory));
    }

    /** Lets the driver add what it has to say, so that nobody has to mend the file twice. */
    private void addDriverProblems(List<ConfigProblem> problems, List<Throwable> further) {
        try (StorageContext context = StorageContext.create("config-check")) {
            openDriver(context).close();
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        } catch (RuntimeException | ServiceConfigurationError e) {
            further.add(e);
        }
    }

    /** Returns the type of the driver, such as {@code filesystem}. */
    public String driverType() {
        return driverType;
    }

    /**
     * Returns the settings of the driver, not yet read by anyone. They hold {@code type} and, if given, {@code id}, however the
     * file writes them.
     */
    public DriverConfig driver() {
        ConfigBlock block = new ConfigBlock(driver, directory);
        block.allow(List.of(DriverBlock.TYPE, DriverBlock.ID));
        if (driver.path().equals(STORAGE)) {
            block.allow(StoreSettings.KEYS);
        }
        return block;
    }

    /** Returns how the store treats what its driver brings. */
    public StoreSettings settings() {
        return settings;
    }

    /** Returns the block {@code server:}, not yet read by anyone; empty if there is none. */
    public Optional<DriverConfig> server() {
        return server.map(block -> new ConfigBlock(block, directory));
    }

    /**
     * Makes the driver, with the providers that are installed. Does no I/O.
     *
     * @throws IllegalArgumentException if there is no driver of this type, or naming all that is wrong with its settings
     * @throws IllegalStateException if two installed providers make drivers of one type
     */
    public StorageDriver openDriver(StorageContext context) {
        return openDriver(DriverProviders.installed(), context);
    }

    /**
     * Makes the driver, with {@code providers}. Does no I/O.
     *
     * @throws IllegalArgumentException if there is no driver of this type, or naming all that is wrong with its settings
     */
    public StorageDriver openDriver(DriverProviders providers, StorageContext context) {
        return providers.create(driver(), context);
    }

    /** Returns where the file has the driver; no values. */
    @Override
    public String toString() {
        return driver.path() + " at " + driver.place();
    }
}
