package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.OnInvalid;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.testkit.SamplePolicies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A policy that is renamed and broken while no process follows its driver, or before one ends: the next one knows whose it was. */
class MissingAfterRestartTest {
    private static final PolicyId PHOTO = SamplePolicies.resourceId("photo");

    private final Layers layers = new Layers();

    @TempDir
    private Path directory;

    @BeforeEach
    void fill() {
        layers.overrides.put("album.yaml", Layers.album("edit"));
        layers.base.put("album.yaml", Layers.album("view"));
        layers.base.put("photo.yaml", SamplePolicies.resource("photo"));
    }

    @AfterEach
    void close() {
        layers.close();
    }

    private PolicyStore started(StorageDriver driver, OnInvalid onInvalid, InitMode initMode) {
        PolicyStore store = PolicyStore.builder(driver)
                .settings(StoreSettings.DEFAULT
                        .withOnInvalid(onInvalid)
                        .withInitMode(initMode)
                        .withDisk(new StoreSettings.Disk(Optional.of(directory), Optional.empty())))
                .context(layers.context)
                .build();
        store.start();
        return store;
    }

    private PolicyStore started(MergeStrategy strategy) {
        return started(layers.composite(strategy), OnInvalid.QUARANTINE, InitMode.FAIL_FAST);
    }

    private void pass() {
        layers.simulation.advance(Duration.ofSeconds(1));
    }

    private void renameAndBreak() {
        layers.overrides.change(held -> {
            held.remove("album.yaml");
            held.put("renamed.yaml", "nonsense");
        });
    }

    private static String album(PolicyStore store) {
        return store.current()
                .find(Layers.ALBUM)
                .map(Policy::raw)
                .map(Object::toString)
                .orElse("");
    }

    @ParameterizedTest
    @EnumSource(
            value = MergeStrategy.class,
            names = {"FIRST_WINS", "MERGE_RULES", "DENY_OVERRIDES"})
    void itIsBlockedUntilItsDriverCanBeRead(MergeStrategy strategy) {
        started(strategy).close();
        renameAndBreak();
        for (int restart = 0; restart < 2; restart++) {
            try (PolicyStore store = started(strategy)) {
                assertThat(store.current().lookup(Layers.ALBUM))
                        .as("after restart %d", restart)
                        .isInstanceOf(Lookup.Quarantined.class);
                assertThat(store.current().find(PHOTO)).isPresent();
            }
        }
        try (PolicyStore store = started(strategy)) {
            layers.overrides.remove("renamed.yaml");
            pass();
            assertThat(album(store)).contains("view").doesNotContain("edit");
            assertThat(store.current().isWhole()).isTrue();
        }
    }

    @Test
    void whatIsThereAgainIsServed() {
        started(MergeStrategy.FIRST_WINS).close();
        layers.overrides.change(held -> {
            held.put("renamed.yaml", held.remove("album.yaml"));
            held.put("other.yaml", "nonsense");
        });
        try (PolicyStore store = started(MergeStrategy.FIRST_WINS)) {
            assertThat(album(store)).contains("edit");
        }
    }

    @Test
    void whatItsDriverGaveUpIsServedAsOthersSayThoughOneOfThemCannotBeRead() {
        started(MergeStrategy.FIRST_WINS).close();
        layers.overrides.remove("album.yaml");
        layers.team.put("other.yaml", "nonsense");
        try (PolicyStore store = started(MergeStrategy.FIRST_WINS)) {
            assertThat(album(store)).contains("view");
            assertThat(store.current().isWhole()).isFalse();
        }
    }

    @Test
    void aDriverThatAnswersLateStillKnows() {
        started(MergeStrategy.FIRST_WINS).close();
        renameAndBreak();
        layers.overrides.goAway();
        StorageDriver driver = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS),
                layers.overridesPart(),
                layers.teamPart(),
                layers.basePart());
        try (PolicyStore store = started(driver, OnInvalid.QUARANTINE, InitMode.DEGRADED)) {
            assertThat(album(store)).contains("edit");
            layers.overrides.comeBack();
            layers.simulation.advance(Duration.ofMinutes(5));
            assertThat(store.current().lookup(Layers.ALBUM)).isInstanceOf(Lookup.Quarantined.class);
        }
    }

    @Test
    void isolatedItStaysAsItWas() {
        started(MergeStrategy.FIRST_WINS).close();
        layers.overrides.change(held -> {
            held.remove("album.yaml");
            held.put("film.yaml", SamplePolicies.resource("film") + "---\nnonsense\n");
        });
        try (PolicyStore store =
                started(layers.composite(MergeStrategy.FIRST_WINS), OnInvalid.ISOLATE, InitMode.DEGRADED)) {
            pass();
            assertThat(album(store)).contains("edit");
            assertThat(store.status().held()).isPresent();
        }
    }

    private PolicyStore startedNested() {
        StorageDriver inner = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS).withId("inner"),
                layers.overridesPart(),
                layers.teamPart());
        StorageDriver outer = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS), ChildDriver.of(inner), layers.basePart());
        return started(outer, OnInvalid.QUARANTINE, InitMode.FAIL_FAST);
    }

    @Test
    void itIsKnownOfADriverWithinADriver() {
        startedNested().close();
        renameAndBreak();
        try (PolicyStore store = startedNested()) {
            assertThat(store.current().lookup(Layers.ALBUM)).isInstanceOf(Lookup.Quarantined.class);
        }
    }
}
