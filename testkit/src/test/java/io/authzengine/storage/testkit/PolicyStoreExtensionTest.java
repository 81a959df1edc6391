package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.faults.Fault;
import io.authzengine.storage.policy.PolicyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

class PolicyStoreExtensionTest {
    private static final List<SimulatedStore> GIVEN = new ArrayList<>();

    private static String album(String action) {
        return SamplePolicies.resource("album", "default", action);
    }

    private static String served(PolicyStore store) {
        return store.current()
                .find(SamplePolicies.resourceId("album"))
                .map(policy -> policy.raw().toString())
                .orElse("nothing");
    }

    @AfterAll
    static void allStoresAreOfOneTestAloneAndClosedWithIt() {
        assertThat(GIVEN).hasSizeGreaterThan(3).doesNotHaveDuplicates();
        GIVEN.forEach(given -> {
            assertThatThrownBy(given.store()::checkAndReload).isInstanceOf(IllegalStateException.class);
            given.settle();
            assertThat(given.simulation().pending()).as("tasks left behind").isZero();
        });
    }

    @Nested
    @PolicyStoreTest
    class AStore {
        @BeforeEach
        void fill(SimulatedStore given) {
            GIVEN.add(given);
            given.faults().register("dead_link", Map.of("packet_loss", "100%"));
            given.put("album.yaml", album("view")).settle();
        }

        @Test
        void isRunningAndTheSameAsInTheSetUp(SimulatedStore given, PolicyStore store) {
            assertThat(GIVEN).contains(given);
            assertThat(store).isSameAs(given.store());
            assertThat(served(store)).contains("view");
        }

        @Test
        void servesWhatTheBackendHoldsOnceTimeHasMovedOn(SimulatedStore given) {
            given.put(Map.of("album.yaml", album("edit"), "door.yaml", SamplePolicies.resource("door")));
            given.advance(Duration.ofSeconds(2));
            assertThat(served(given.store())).contains("edit");
            given.remove("door.yaml").settle();
            assertThat(given.store().current().size()).isEqualTo(1);
        }

        @Test
        @Fault("dead_link")
        void keepsWhatItHasWhileTheFaultNamedAtTheTestIsInForce(SimulatedStore given) {
            given.put("album.yaml", album("edit")).settle();
            assertThat(served(given.store())).contains("view");
            assertThat(given.store().status().health().status()).isEqualTo(Status.DEGRADED);
        }

        @RepeatedTest(2)
        @Fault("dead_link")
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        void keepsItAlsoWhereJUnitHasAThreadOfItsOwnForTheTest(SimulatedStore given) {
            given.put("album.yaml", album("edit")).settle();
            assertThat(served(given.store())).contains("view");
        }

        @Test
        void livesThroughAFaultOfAStretchOfATest(SimulatedStore given) {
            given.during(
                    "dead_link", () -> given.put("album.yaml", album("edit")).settle());
            assertThat(served(given.store())).contains("view");
            given.settle();
            assertThat(served(given.store())).contains("edit");
            assertThat(given.store().status().health().status()).isEqualTo(Status.HEALTHY);
        }
    }

    @Test
    void aFaultThatNobodyRegisteredIsNotTakenForNone() {
        try (SimulatedStore given = SimulatedStore.empty()) {
            assertThatThrownBy(() -> given.during("slow_lnik", given::settle))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("slow_lnik");
        }
    }

    @Nested
    class AStoreWithAGate {
        @RegisterExtension
        static final PolicyStoreExtension STORES = PolicyStoreExtension.of(builder -> builder.gate(candidate ->
                candidate.changed().stream().map(AStoreWithAGate::refusal).toList()));

        private static Finding refusal(PolicyId id) {
            return Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("album.yaml"), id + " is not good enough");
        }

        @Test
        void hasThatGate(SimulatedStore given) {
            GIVEN.add(given);
            given.put("album.yaml", album("view")).settle();
            assertThat(given.store().current().size()).isZero();
            assertThat(given.store().status().toString()).contains("is not good enough");
        }
    }
}
