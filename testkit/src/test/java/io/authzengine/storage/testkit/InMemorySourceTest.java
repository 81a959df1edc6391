package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.source.SyncSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemorySourceTest {
    private final Simulation sim = Simulation.seeded(1);
    private final InMemorySource source = new InMemorySource();
    private final StorageDriver driver =
            source.driver("memory-1", SyncSettings.DEFAULT.withRetries(0), SimulatedContext.of(sim));
    private final List<PolicyChangeSet> changes = new ArrayList<>();

    private void begin() {
        source.put("album.yaml", SamplePolicies.resource("album"));
        driver.watch(changes::add);
        driver.init();
    }

    @Test
    void severalChangesMadeAsOneArriveAsOne() {
        begin();
        source.change(documents -> {
            documents.remove("album.yaml");
            documents.put("book.yaml", SamplePolicies.resource("book"));
        });
        assertThat(changes).hasSize(2);
        assertThat(changes.get(1).events()).hasSize(2);
    }

    @Test
    void aLostHintCostsUpToAnInterval() {
        begin();
        source.hints(InMemorySource.Hints.LOST);
        source.put("book.yaml", SamplePolicies.resource("book"));
        assertThat(changes).hasSize(1);
        sim.advance(SyncSettings.DEFAULT.pollInterval());
        assertThat(changes).hasSize(2);
    }

    @Test
    void aDoubledHintAndOneForNothingChangeNothing() {
        begin();
        source.hints(InMemorySource.Hints.DOUBLED);
        source.put("book.yaml", SamplePolicies.resource("book"));
        source.hint();
        assertThat(changes).hasSize(2);
    }

    @Test
    void deltasLeadToTheSameSet() {
        source.withDeltas();
        begin();
        source.put("book.yaml", SamplePolicies.resource("book")).remove("album.yaml");
        driver.checkNow(CheckMode.IF_CHANGED);
        assertThat(driver.getPolicy(SamplePolicies.resourceId("book"))).isPresent();
        assertThat(driver.load().policies().size()).isEqualTo(1);
    }

    @Test
    void failsAsOftenAsItIsTold() {
        begin();
        source.failNext(1, id -> new NotFoundException(Problem.in(id, "the bucket is gone")));
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("memory-1");
        assertThat(driver.checkNow(CheckMode.FORCE)).isFalse();
    }

    @Test
    void isOutOfReachUntilItComesBack() {
        begin();
        source.goAway();
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).isInstanceOf(ConnectionFailedException.class);
        source.comeBack();
        assertThat(driver.checkNow(CheckMode.FORCE)).isFalse();
    }

    @Test
    void aDocumentCanBeUnreadableForAWhile() {
        begin();
        source.unreadable("album.yaml", true);
        driver.checkNow(CheckMode.FORCE);
        assertThat(driver.load().complete()).isFalse();
        source.unreadable("album.yaml", false);
        driver.checkNow(CheckMode.IF_CHANGED);
        assertThat(driver.load().complete()).isTrue();
    }

    @Test
    void takesTheTimeItIsTold() {
        begin();
        source.delay(Duration.ofSeconds(10));
        long before = sim.nanoTime();
        driver.checkNow(CheckMode.IF_CHANGED);
        assertThat(Duration.ofNanos(sim.nanoTime() - before)).isEqualTo(Duration.ofSeconds(10));
        source.goAway();
        source.delay(Duration.ofMinutes(1));
        assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).isInstanceOf(StorageTimeoutException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
