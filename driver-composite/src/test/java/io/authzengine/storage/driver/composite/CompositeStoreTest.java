package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.testkit.SamplePolicies;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store over a composite. */
class CompositeStoreTest {
    private final Layers layers = new Layers();

    @AfterEach
    void close() {
        layers.close();
    }

    private PolicyStore store(MergeStrategy strategy) {
        return PolicyStore.builder(layers.composite(strategy))
                .context(layers.context)
                .build();
    }

    private static List<String> places(PolicyStore store) {
        return store.status().held().map(StoreStatus.Held::findings).orElse(List.of()).stream()
                .map(Finding::place)
                .map(Object::toString)
                .toList();
    }

    @Test
    void findingsNameTheDocumentThatIsToBeMendedNotTheMergedOne() {
        layers.overrides.put("upper.yaml", Layers.album("view"));
        PolicyStore store = store(MergeStrategy.MERGE_RULES);
        store.start();
        layers.base.put("lower.yaml", SamplePolicies.resourceWithDerivedRoles("album", "default", "missing"));
        layers.simulation.advance(Duration.ofSeconds(1));
        assertThat(places(store)).isNotEmpty().containsOnly("lower.yaml:1:1");
        layers.base.put("roles.yaml", SamplePolicies.derivedRoles("missing"));
        layers.simulation.advance(Duration.ofSeconds(1));
        assertThat(places(store)).isEmpty();
        assertThat(store.current().size()).isEqualTo(2);
        store.close();
    }

    @Test
    void aCheckServesWhatOthersBringAlsoIfOneFails() {
        layers.base.put("photo.yaml", SamplePolicies.resource("photo"));
        PolicyStore store = store(MergeStrategy.FIRST_WINS);
        store.checkAndReload();
        layers.base.goAway();
        layers.overrides.put("album.yaml", Layers.album("view"));
        assertThatThrownBy(() -> store.checkAndReload(CheckMode.FORCE)).isInstanceOf(StorageException.class);
        assertThat(store.current().find(Layers.ALBUM)).isPresent();
        assertThat(store.current().size()).isEqualTo(2);
        store.close();
    }

    @Test
    void whatOneDriverLostIsNotConfirmedByTheLooksOfOthers() {
        layers.base.change(held -> {
            for (int i = 0; i < 100; i++) {
                held.put("p" + i + ".yaml", SamplePolicies.resource("p" + i));
            }
        });
        PolicyStore store = store(MergeStrategy.FIRST_WINS);
        store.start();
        layers.base.change(held -> held.clear());
        layers.simulation.advance(Duration.ofSeconds(1));
        layers.base.goAway();
        for (int i = 0; i < 10; i++) {
            layers.overrides.hint();
            layers.team.hint();
            layers.simulation.advance(Duration.ofSeconds(10));
        }
        assertThat(store.current().size()).isEqualTo(100);
        layers.base.comeBack();
        layers.simulation.advance(Duration.ofMinutes(5));
        assertThat(store.current().size()).isZero();
        store.close();
    }

    @Test
    void statusListsEachDriver() {
        PolicyStore store = store(MergeStrategy.FIRST_WINS);
        store.start();
        HealthStatus health = store.status().drivers().values().iterator().next();
        assertThat(health.children().keySet()).containsExactly("overrides", "team", "base");
        assertThat(store.current().version().revisions().keySet())
                .containsExactlyInAnyOrder("overrides", "team", "base");
        store.close();
    }

    @Test
    void anExplanationIsOfWhatTheDriversHave() {
        layers.base.put("album.yaml", Layers.album("view"));
        PolicyStore store = store(MergeStrategy.FIRST_WINS);
        store.start();
        assertThat(store.explain(Layers.ALBUM).policy())
                .isEqualTo(store.current().find(Layers.ALBUM));
        store.close();
        assertThatThrownBy(() -> store.explain(Layers.ALBUM)).isInstanceOf(IllegalStateException.class);
    }
}
