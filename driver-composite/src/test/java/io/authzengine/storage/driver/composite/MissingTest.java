package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.testkit.SamplePolicies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A policy that is renamed and broken at once is not replaced by what another driver says of it. */
class MissingTest {
    private static final PolicyId PHOTO = SamplePolicies.resourceId("photo");

    private final Layers layers = new Layers();

    @AfterEach
    void close() {
        layers.close();
    }

    private PolicyStore started(CompositeConfig config, OnInvalid onInvalid) {
        layers.overrides.put("album.yaml", Layers.album("edit"));
        layers.base.put("album.yaml", Layers.album("view"));
        layers.base.put("photo.yaml", SamplePolicies.resource("photo", "default", "one"));
        StorageDriver driver = layers.composite(config, layers.overridesPart(), layers.teamPart(), layers.basePart());
        PolicyStore store = PolicyStore.builder(driver)
                .settings(StoreSettings.DEFAULT.withOnInvalid(onInvalid))
                .context(layers.context)
                .build();
        store.start();
        return store;
    }

    private PolicyStore started(MergeStrategy strategy, OnInvalid onInvalid) {
        return started(CompositeConfig.of(strategy), onInvalid);
    }

    /** Replaces the file with the override by one that nobody can read, while another policy changes rightly. */
    private void renameAndBreak() {
        layers.overrides.change(held -> {
            held.remove("album.yaml");
            held.put("renamed.yaml", "nonsense");
        });
        layers.base.put("photo.yaml", SamplePolicies.resource("photo", "default", "two"));
        pass();
    }

    private void pass() {
        layers.simulation.advance(Duration.ofSeconds(1));
    }

    private static String raw(PolicyStore store, PolicyId id) {
        return store.current().find(id).map(Policy::raw).map(Object::toString).orElse("");
    }

    @ParameterizedTest
    @EnumSource(
            value = MergeStrategy.class,
            names = {"FIRST_WINS", "MERGE_RULES", "DENY_OVERRIDES"})
    void itIsBlockedUntilItsDriverCanBeReadAgain(MergeStrategy strategy) {
        try (PolicyStore store = started(strategy, OnInvalid.QUARANTINE)) {
            renameAndBreak();
            assertThat(store.current().lookup(Layers.ALBUM)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(raw(store, PHOTO)).contains("two");

            layers.base.put("album.yaml", Layers.album("share"));
            pass();
            assertThat(store.current().lookup(Layers.ALBUM))
                    .as("after a change below")
                    .isInstanceOf(Lookup.Quarantined.class);

            layers.overrides.change(held -> held.put("renamed.yaml", Layers.album("edit")));
            pass();
            assertThat(raw(store, Layers.ALBUM)).contains("edit");
            assertThat(store.current().isWhole()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MergeStrategy.class,
            names = {"FIRST_WINS", "MERGE_RULES", "DENY_OVERRIDES"})
    void onceItsDriverIsReadAndItIsGoneWhatIsBelowIsServed(MergeStrategy strategy) {
        try (PolicyStore store = started(strategy, OnInvalid.QUARANTINE)) {
            renameAndBreak();
            layers.overrides.remove("renamed.yaml");
            pass();
            assertThat(raw(store, Layers.ALBUM)).contains("view").doesNotContain("edit");
            assertThat(store.current().isWhole()).isTrue();

            layers.overrides.put("other.yaml", "nonsense");
            pass();
            assertThat(raw(store, Layers.ALBUM))
                    .as("what was gone before something broke")
                    .contains("view");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MergeStrategy.class,
            names = {"FIRST_WINS", "MERGE_RULES", "DENY_OVERRIDES"})
    void everythingIsHeldAndTheDriverItselfDoesNotGiveWay(MergeStrategy strategy) {
        try (PolicyStore store = started(strategy, OnInvalid.HOLD)) {
            long version = store.current().version().number();
            renameAndBreak();
            assertThat(store.current().version().number()).isEqualTo(version);
            assertThat(raw(store, Layers.ALBUM)).contains("edit");
            assertThat(store.explain(Layers.ALBUM).sources())
                    .extracting(
                            source -> source.policy().metadata().provenance().driverId())
                    .contains("overrides");
            assertThat(store.status().held().orElseThrow().findings())
                    .anyMatch(finding -> finding.message().contains("may state " + Layers.ALBUM));

            layers.overrides.remove("renamed.yaml");
            pass();
            assertThat(raw(store, Layers.ALBUM)).contains("view").doesNotContain("edit");
            assertThat(store.status().held()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(MergeStrategy.class)
    void whateverTheStrategyItIsAffectedOnceAnotherDriverStatesIt(MergeStrategy strategy) {
        layers.overrides.put("album.yaml", Layers.album("edit"));
        StorageDriver driver = layers.followed(strategy);
        layers.overrides.change(held -> {
            held.remove("album.yaml");
            held.put("renamed.yaml", "nonsense");
        });
        pass();
        assertThat(driver.getPolicy(Layers.ALBUM))
                .as("nobody takes its place, and the guard may count it")
                .isEmpty();
        assertThat(affected(driver)).isEmpty();

        layers.base.put("album.yaml", Layers.album("view"));
        pass();
        assertThat(affected(driver)).contains(Layers.ALBUM);

        layers.overrides.remove("renamed.yaml");
        pass();
        assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("view");
        assertThat(driver.load().complete()).isTrue();
    }

    private static List<PolicyId> affected(StorageDriver driver) {
        return driver.load().errors().stream()
                .map(LoadError::affected)
                .flatMap(ids -> ids.stream())
                .toList();
    }

    @Test
    void theLastDriverIsNotReplacedWhereTheLastWins() {
        layers.team.put("album.yaml", Layers.album("share"));
        try (PolicyStore store = started(MergeStrategy.LAST_WINS, OnInvalid.QUARANTINE)) {
            assertThat(raw(store, Layers.ALBUM)).contains("view");
            layers.base.change(held -> {
                held.remove("album.yaml");
                held.put("renamed.yaml", "nonsense");
            });
            pass();
            assertThat(store.current().lookup(Layers.ALBUM)).isInstanceOf(Lookup.Quarantined.class);
            layers.base.remove("renamed.yaml");
            pass();
            assertThat(raw(store, Layers.ALBUM)).contains("share");
        }
    }

    @Test
    void isolatedItStaysAsItWas() {
        layers.overrides.put("film.yaml", SamplePolicies.resource("film"));
        try (PolicyStore store = started(MergeStrategy.FIRST_WINS, OnInvalid.ISOLATE)) {
            layers.overrides.change(held -> {
                held.remove("album.yaml");
                held.put("film.yaml", SamplePolicies.resource("film") + "---\nnonsense\n");
            });
            layers.base.put("photo.yaml", SamplePolicies.resource("photo", "default", "two"));
            pass();
            assertThat(raw(store, Layers.ALBUM)).contains("edit");
            assertThat(raw(store, PHOTO)).contains("two");

            layers.overrides.put("film.yaml", SamplePolicies.resource("film"));
            pass();
            assertThat(raw(store, Layers.ALBUM)).contains("view");
        }
    }

    @Test
    void anotherVersionBelowStaysHiddenWhereTheNameDecides() {
        CompositeConfig config = CompositeConfig.of(MergeStrategy.FIRST_WINS).withKey(ConflictKey.NAME);
        layers.base.put("second.yaml", SamplePolicies.resource("album", "2", "view"));
        try (PolicyStore store = started(config, OnInvalid.QUARANTINE)) {
            PolicyId second = PolicyId.ofResource("album", "2", "");
            renameAndBreak();
            assertThat(store.current().lookup(Layers.ALBUM)).isInstanceOf(Lookup.Quarantined.class);
            assertThat(store.current().lookup(second)).isInstanceOf(Lookup.Absent.class);
            layers.overrides.remove("renamed.yaml");
            pass();
            assertThat(raw(store, second)).contains("view");
        }
    }

    @Test
    void anInnerCompositeHandsOnWhatIsMissingInIt() {
        layers.overrides.put("album.yaml", Layers.album("edit"));
        layers.base.put("album.yaml", Layers.album("view"));
        StorageDriver inner = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS).withId("inner"),
                layers.overridesPart(),
                layers.teamPart());
        StorageDriver outer = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS), ChildDriver.of(inner), layers.basePart());
        outer.watch(layers);
        outer.init();
        layers.overrides.change(held -> {
            held.remove("album.yaml");
            held.put("renamed.yaml", "nonsense");
        });
        pass();
        assertThat(Layers.action(outer, Layers.ALBUM)).isEqualTo("edit");
        assertThat(affected(outer)).containsExactly(Layers.ALBUM);
    }

    @Test
    void theGuardSeesAnEmptiedDriverThatHoldsNothingButSomethingUnreadable() {
        try (PolicyStore store = started(MergeStrategy.FIRST_WINS, OnInvalid.QUARANTINE)) {
            layers.base.change(held -> {
                for (int i = 0; i < 20; i++) {
                    held.put("p" + i + ".yaml", SamplePolicies.resource("p" + i));
                }
            });
            pass();
            layers.base.change(held -> {
                held.clear();
                held.putAll(Map.of("all.yaml", "nonsense"));
            });
            pass();
            assertThat(store.status().held().orElseThrow().findings())
                    .anyMatch(finding -> finding.message().contains("would disappear"));
        }
    }
}
