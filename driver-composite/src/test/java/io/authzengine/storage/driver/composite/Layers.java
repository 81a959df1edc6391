package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.source.SyncSettings;
import io.authzengine.storage.testkit.InMemorySource;
import io.authzengine.storage.testkit.SamplePolicies;
import io.authzengine.storage.testkit.SimulatedContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A composite of three backends in memory on a simulated clock, and what its listener is told. */
final class Layers implements PolicyChangeListener, AutoCloseable {
    static final PolicyId ALBUM = SamplePolicies.resourceId("album");
    static final SyncSettings SETTINGS = SyncSettings.DEFAULT.withRetries(0);

    final Simulation simulation = Simulation.seeded(1);
    final StorageContext context = SimulatedContext.of(simulation);
    final InMemorySource overrides = new InMemorySource();
    final InMemorySource team = new InMemorySource();
    final InMemorySource base = new InMemorySource();
    final List<PolicyChangeSet> changes = new CopyOnWriteArrayList<>();
    final List<StorageException> failures = new CopyOnWriteArrayList<>();
    private @Nullable LoadResult lastLook;

    ChildDriver overridesPart() {
        return ChildDriver.of(overrides.driver("overrides", SETTINGS, context));
    }

    ChildDriver teamPart() {
        return ChildDriver.of(team.driver("team", SETTINGS, context));
    }

    ChildDriver basePart() {
        return ChildDriver.of(base.driver("base", SETTINGS, context));
    }

    StorageDriver composite(CompositeConfig config, ChildDriver... parts) {
        return new CompositeDriverProvider().create(config, List.of(parts), context);
    }

    /** Returns a composite of all three. */
    StorageDriver composite(MergeStrategy strategy) {
        return composite(CompositeConfig.of(strategy), overridesPart(), teamPart(), basePart());
    }

    /** Returns a composite of all three that has loaded and is followed, with its part named {@code base} changed by {@code change}. */
    StorageDriver followed(MergeStrategy strategy, UnaryOperator<ChildDriver> change) {
        StorageDriver driver =
                composite(CompositeConfig.of(strategy), overridesPart(), teamPart(), change.apply(basePart()));
        driver.watch(this);
        driver.init();
        return driver;
    }

    StorageDriver followed(MergeStrategy strategy) {
        return followed(strategy, part -> part);
    }

    /** Returns a resource policy on albums that allows {@code action}. */
    static String album(String action) {
        return SamplePolicies.resource("album", "default", action);
    }

    static String action(StorageDriver driver, PolicyId id) {
        return driver.getPolicy(id)
                .map(Policy::raw)
                .map(Object::toString)
                .orElse("")
                .replaceAll("(?s).*actions: \\[\"(\\w+)\"\\].*", "$1");
    }

    /** Returns what was told since the last call, each as {@code TYPE id}. */
    List<String> told() {
        List<String> told = changes.stream()
                .flatMap(change -> change.events().stream())
                .map(event -> event.type() + " " + event.policyId())
                .toList();
        changes.clear();
        return told;
    }

    long looks() {
        LoadResult last = lastLook;
        return last == null ? 0 : last.looks();
    }

    @Override
    public void onChange(PolicyChangeSet change) {
        changes.add(change);
    }

    @Override
    public void onLook(LoadResult result) {
        lastLook = result;
    }

    @Override
    public void onFailure(StorageException failure) {
        failures.add(failure);
    }

    @Override
    public void close() {
        context.close();
    }
}
