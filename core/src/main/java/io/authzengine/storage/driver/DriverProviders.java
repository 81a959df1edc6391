package io.authzengine.storage.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/**
 * The types of driver there are, and the way to make a driver from its block of the configuration. A driver made of drivers
 * makes them here too. Immutable and thread-safe as far as its providers are.
 */
public final class DriverProviders {
    /** The key that says of which type a driver is. */
    private static final String TYPE = "type";

    private static final Set<String> OFFERED = Set.of(
            StorageDriver.FILESYSTEM,
            StorageDriver.GIT,
            StorageDriver.DATABASE,
            StorageDriver.BLOB,
            StorageDriver.HTTP,
            StorageDriver.COMPOSITE);

    private final NavigableMap<String, StorageDriverProvider> byType;

    private DriverProviders(NavigableMap<String, StorageDriverProvider> byType) {
        this.byType = Collections.unmodifiableNavigableMap(byType);
    }

    /**
     * Returns the providers that {@link ServiceLoader} finds through the context class loader.
     *
     * @throws IllegalStateException if two of them make the same type
     * @throws java.util.ServiceConfigurationError if one of them cannot be loaded
     */
    public static DriverProviders installed() {
        return of(ServiceLoader.load(StorageDriverProvider.class));
    }

    /**
     * Returns just these providers.
     *
     * @throws IllegalStateException if two of them make the same type
     */
    public static DriverProviders of(Iterable<? extends StorageDriverProvider> providers) {
        NavigableMap<String, StorageDriverProvider> byType = new TreeMap<>();
        for (StorageDriverProvider provider : providers) {
            StorageDriverProvider other = byType.putIfAbsent(provider.type(), provider);
            if (other != null) {
                throw new IllegalStateException("two providers make drivers of type \"" + provider.type() + "\": "
                        + other.getClass().getName() + " and "
                        + provider.getClass().getName() + "; keep one of them on the class path");
            }
        }
        return new DriverProviders(byType);
    }

    /** Returns the types of which drivers can be made, in alphabetical order. */
    public Set<String> types() {
        return byType.keySet();
    }

    /**
     * Returns what the provider of {@code type} can do beside making drivers, such as {@link SchemaTool} or {@link
     * WritableDriverProvider}; empty if there is no such provider, or it cannot.
     */
    public <T> Optional<T> capability(String type, Class<T> capability) {
        return Optional.ofNullable(byType.get(type))
                .filter(capability::isInstance)
                .map(capability::cast);
    }

    /**
     * Makes the driver that {@code config} asks for in {@code type}. Does no I/O.
     *
     * @throws IllegalArgumentException if there is no such type, or naming all that is wrong with the settings
     */
    public StorageDriver create(DriverConfig config, StorageContext context) {
        Objects.requireNonNull(context, "context");
        Optional<String> type = config.optionalText(TYPE);
        StorageDriverProvider provider = type.map(byType::get).orElse(null);
        if (provider == null) {
            String problem = type.map(this::unknown).orElseGet(() -> "is missing; " + known());
            config.reject(TYPE, problem);
            config.verify();
            throw new IllegalArgumentException(config.path() + "." + TYPE + ": " + problem);
        }
        config.id(); // Every driver may be given one, so it is no unknown key for a provider that verifies before it asks.
        StorageDriver driver = provider.create(config, context);
        verify(config, driver);
        return driver;
    }

    /** A provider that does not verify its settings must not let a slip of the pen pass. */
    private static void verify(DriverConfig config, StorageDriver driver) {
        try {
            config.verify();
        } catch (IllegalArgumentException e) {
            driver.close();
            throw e;
        }
    }

    private String unknown(String type) {
        String cure = OFFERED.contains(type)
                ? "add io.authzengine.storage:storage-driver-" + type + " to the class path"
                : "correct it, or add the library that provides it to the class path";
        return "no driver of this type is installed; " + known() + "; " + cure;
    }

    private String known() {
        return byType.isEmpty() ? "no types are installed" : "installed types: " + String.join(", ", byType.keySet());
    }

    /**
     * Makes the drivers that the list {@code key} of {@code parent} asks for, in that order, and verifies {@code parent}, so that
     * the problems of all of them are told at once. All other settings of {@code parent} must have been read.
     *
     * @throws IllegalArgumentException naming all that is wrong; the drivers already made are closed
     */
    public List<StorageDriver> createAll(DriverConfig parent, String key, StorageContext context) {
        List<StorageDriver> made = new ArrayList<>();
        List<IllegalArgumentException> refusals = new ArrayList<>();
        boolean complete = false;
        try {
            for (DriverConfig child : parent.sections(key)) {
                try {
                    made.add(create(child, context));
                } catch (IllegalArgumentException e) {
                    refusals.add(e);
                }
            }
            parent.verify();
            if (!refusals.isEmpty()) {
                throw refusals.get(0); // Thrown past the configuration, which therefore does not know of it.
            }
            complete = true;
            return List.copyOf(made);
        } finally {
            if (!complete) {
                made.forEach(StorageDriver::close);
            }
        }
    }
}
