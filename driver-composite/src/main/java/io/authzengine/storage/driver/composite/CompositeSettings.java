package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.composite.ChildDriver.Presence;
import io.authzengine.storage.policy.PolicyKind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a block of the configuration says of a composite and, beside the settings of their own, of its drivers.
 *
 * @param config the composite
 * @param children each driver, in the order of the file
 */
record CompositeSettings(CompositeConfig config, List<Child> children) {
    static final String DRIVERS = "drivers";

    private static final int MAX_PRIORITY = 1_000_000;

    /** What a driver's block says that is not the driver's. */
    record Child(Presence presence, int priority, Duration loadTimeout) {}

    /** The resolvers that have a name. */
    private enum Resolver {
        HIGHEST_VERSION,
        NEWEST
    }

    /** What a kind of policy may have of its own. */
    private enum KindRule {
        FIRST_WINS,
        LAST_WINS,
        MERGE_RULES,
        REJECT,
        DENY_OVERRIDES,
        HIGHEST_VERSION,
        NEWEST
    }

    /** Reads all but the drivers themselves; nothing is verified yet. */
    static CompositeSettings read(DriverConfig config) {
        MergeStrategy strategy = config.choice("mergeStrategy", MergeStrategy.class, MergeStrategy.FIRST_WINS);
        ConflictKey key = config.choice("conflictKey", ConflictKey.class, ConflictKey.ID);
        Duration gather = config.duration("gatherPeriod", CompositeConfig.DEFAULT_GATHER_PERIOD, ChronoUnit.MILLIS);
        Optional<ConflictResolver> general = config.optionalText("conflictResolver")
                .map(name -> named(config.choice("conflictResolver", Resolver.class, Resolver.NEWEST)
                        .name()));
        Map<PolicyKind, MergeStrategy> strategies = new HashMap<>();
        Map<PolicyKind, ConflictResolver> resolvers = new HashMap<>();
        config.section("byKind").ifPresent(block -> readKinds(block, strategies, resolvers));
        List<Child> children = new ArrayList<>();
        for (DriverConfig child : config.sections(DRIVERS)) {
            children.add(new Child(
                    child.flag("required", true) ? Presence.REQUIRED : Presence.OPTIONAL,
                    (int) child.number("priority", 0, -MAX_PRIORITY, MAX_PRIORITY),
                    child.duration("loadTimeout", ChildDriver.DEFAULT_TIMEOUT, ChronoUnit.SECONDS)));
        }
        if (children.isEmpty()) {
            config.reject(DRIVERS, "names no drivers; expected a list of blocks, each with a type");
        }
        return new CompositeSettings(
                new CompositeConfig(
                        config.id(), strategy, strategies, key, resolver(strategies, resolvers, general), gather),
                List.copyOf(children));
    }

    private static void readKinds(
            DriverConfig block,
            Map<PolicyKind, MergeStrategy> strategies,
            Map<PolicyKind, ConflictResolver> resolvers) {
        for (PolicyKind kind : PolicyKind.known()) {
            if (block.optionalText(kind.name()).isPresent()) {
                KindRule rule = block.choice(kind.name(), KindRule.class, KindRule.FIRST_WINS);
                if (rule == KindRule.HIGHEST_VERSION || rule == KindRule.NEWEST) {
                    resolvers.put(kind, named(rule.name()));
                } else {
                    strategies.put(kind, MergeStrategy.valueOf(rule.name()));
                }
            }
        }
    }

    private static ConflictResolver named(String name) {
        return switch (Resolver.valueOf(name)) {
            case HIGHEST_VERSION -> ConflictResolver.highestVersion();
            case NEWEST -> ConflictResolver.newest();
        };
    }

    /** What is said of a kind holds for it alone: neither the general resolver nor the general strategy is asked then. */
    private static Optional<ConflictResolver> resolver(
            Map<PolicyKind, MergeStrategy> strategies,
            Map<PolicyKind, ConflictResolver> resolvers,
            Optional<ConflictResolver> general) {
        if (general.isEmpty()) {
            return resolvers.isEmpty() ? Optional.empty() : Optional.of(ConflictResolver.byKind(resolvers));
        }
        Map<PolicyKind, ConflictResolver> all = new HashMap<>();
        PolicyKind.known().forEach(kind -> all.put(kind, general.get()));
        all.keySet().removeAll(strategies.keySet());
        all.putAll(resolvers);
        return Optional.of(ConflictResolver.byKind(all));
    }

    List<ChildDriver> parts(List<StorageDriver> drivers) {
        List<ChildDriver> parts = new ArrayList<>();
        for (int i = 0; i < drivers.size(); i++) {
            Child child = children.get(i);
            parts.add(new ChildDriver(drivers.get(i), child.presence(), child.priority(), child.loadTimeout()));
        }
        return parts;
    }
}
