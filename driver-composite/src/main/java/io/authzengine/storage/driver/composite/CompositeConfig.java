package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.PolicyKind;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a composite. Start with {@link #of} and change single values with the {@code with…} methods.
 *
 * @param givenId the id of the composite; empty for one that is made of the ids of its drivers
 * @param strategy what becomes of policies that several drivers have. Default {@link MergeStrategy#FIRST_WINS}
 * @param strategyByKind the same, for single kinds of policy
 * @param key when policies are about the same. Default {@link ConflictKey#ID}
 * @param resolver decides before the strategy is asked; none by default
 * @param gatherPeriod how long a change waits for changes of other drivers, to be one change set with them. Default 50 ms
 * @sdd 7.1
 */
public record CompositeConfig(
        Optional<String> givenId,
        MergeStrategy strategy,
        Map<PolicyKind, MergeStrategy> strategyByKind,
        ConflictKey key,
        Optional<ConflictResolver> resolver,
        Duration gatherPeriod) {
    static final Duration DEFAULT_GATHER_PERIOD = Duration.ofMillis(50);

    public CompositeConfig {
        Objects.requireNonNull(givenId, "givenId");
        Objects.requireNonNull(strategy, "strategy");
        strategyByKind = Map.copyOf(strategyByKind);
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(resolver, "resolver");
        if (gatherPeriod.isNegative()) {
            throw new IllegalArgumentException("gatherPeriod is not negative");
        }
    }

    /** Returns the default settings with {@code strategy}. */
    public static CompositeConfig of(MergeStrategy strategy) {
        return new CompositeConfig(
                Optional.empty(), strategy, Map.of(), ConflictKey.ID, Optional.empty(), DEFAULT_GATHER_PERIOD);
    }

    /** Returns these settings with an id. */
    public CompositeConfig withId(String id) {
        return new CompositeConfig(Optional.of(id), strategy, strategyByKind, key, resolver, gatherPeriod);
    }

    /** Returns these settings with strategies of their own for single kinds of policy. */
    public CompositeConfig withStrategyByKind(Map<PolicyKind, MergeStrategy> strategies) {
        return new CompositeConfig(givenId, strategy, strategies, key, resolver, gatherPeriod);
    }

    /** Returns these settings with another notion of what is about the same. */
    public CompositeConfig withKey(ConflictKey other) {
        return new CompositeConfig(givenId, strategy, strategyByKind, other, resolver, gatherPeriod);
    }

    /** Returns these settings with a resolver that is asked before the strategy. */
    public CompositeConfig withResolver(ConflictResolver other) {
        return new CompositeConfig(givenId, strategy, strategyByKind, key, Optional.of(other), gatherPeriod);
    }

    /** Returns these settings with another time for which changes wait for each other; zero is none. */
    public CompositeConfig withGatherPeriod(Duration time) {
        return new CompositeConfig(givenId, strategy, strategyByKind, key, resolver, time);
    }

    MergeStrategy strategyOf(PolicyKind kind) {
        return strategyByKind.getOrDefault(kind, strategy);
    }
}
