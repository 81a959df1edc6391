package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.policy.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes drivers that are made of drivers. Thread-safe.
 *
 * @sdd 7.1
 */
public final class CompositeDriverProvider implements StorageDriverProvider {
    private static final int ID_DIGITS = 8;

    private final Supplier<DriverProviders> providers;

    /** Makes a provider that makes the drivers of its composites with the providers that are installed. */
    public CompositeDriverProvider() {
        this(DriverProviders::installed);
    }

    /** Makes a provider that makes the drivers of its composites with {@code providers}; asked anew for each composite. */
    public CompositeDriverProvider(Supplier<DriverProviders> providers) {
        this.providers = providers;
    }

    @Override
    public String type() {
        return StorageDriver.COMPOSITE;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        CompositeSettings settings = CompositeSettings.read(config);
        List<StorageDriver> drivers = providers.get().createAll(config, CompositeSettings.DRIVERS, context);
        List<ChildDriver> parts = settings.parts(drivers);
        Optional<String> twice = idUsedTwice(parts);
        if (twice.isPresent()) {
            drivers.forEach(StorageDriver::close);
            config.reject(CompositeSettings.DRIVERS, "has two drivers called \"" + twice.get() + "\"; give one an id");
            config.verify();
        }
        return create(settings.config(), parts, context);
    }

    /**
     * Makes a driver of {@code drivers}, which are closed with it; does no I/O yet.
     *
     * @param drivers in the order of precedence, which their priorities change
     * @throws IllegalArgumentException if there are none, or two have the same id
     */
    public StorageDriver create(CompositeConfig config, List<ChildDriver> drivers, StorageContext context) {
        if (drivers.isEmpty()) {
            throw new IllegalArgumentException("a composite is made of at least one driver");
        }
        idUsedTwice(drivers).ifPresent(id -> {
            throw new IllegalArgumentException("two drivers are called " + id + "; give one of them another id");
        });
        List<ChildDriver> ordered = new ArrayList<>(drivers);
        ordered.sort(Comparator.comparingInt(ChildDriver::priority).reversed());
        return new CompositeDriver(config.givenId().orElseGet(() -> id(drivers)), config, ordered, context);
    }

    private static String id(List<ChildDriver> drivers) {
        List<String> ids = drivers.stream().map(part -> part.driver().id()).toList();
        return "composite-" + Sha256.hex(String.join("\0", ids)).substring(0, ID_DIGITS);
    }

    private static Optional<String> idUsedTwice(List<ChildDriver> drivers) {
        Set<String> known = new HashSet<>();
        return drivers.stream()
                .map(ChildDriver::driver)
                .flatMap(driver -> driver instanceof CompositeDriver composite
                        ? java.util.stream.Stream.concat(java.util.stream.Stream.of(driver.id()), composite.ids())
                        : java.util.stream.Stream.of(driver.id()))
                .filter(id -> !known.add(id))
                .findFirst();
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "drivers", "the drivers it is made of, each a block with its type, the first of highest precedence");
        settings.put("drivers[].required", "whether anything is served before this driver has loaded; default true");
        settings.put("drivers[].priority", "a number; higher ones come first, equal ones as written; default 0");
        settings.put("drivers[].loadTimeout", "how long to wait for a look of this driver; default 60s");
        settings.put(
                "mergeStrategy", "first-wins, last-wins, merge-rules, reject or deny-overrides; default first-wins");
        settings.put("conflictKey", "when policies are about the same: id, or name for all versions; default id");
        settings.put("conflictResolver", "highest-version or newest: asked before the strategy; default none");
        settings.put(
                "byKind", "for single kinds of policy, such as derivedRoles, a strategy or a resolver of their own");
        settings.put("gatherPeriod", "how long a change waits for those of other drivers; default 50ms");
        settings.put("id", "name of the driver; default composite- and a digest of the drivers' ids");
        return settings;
    }
}
