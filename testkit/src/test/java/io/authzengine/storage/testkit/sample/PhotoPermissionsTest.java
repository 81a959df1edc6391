package io.authzengine.storage.testkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.faults.Fault;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.testkit.PolicyStoreTest;
import io.authzengine.storage.testkit.SamplePolicies;
import io.authzengine.storage.testkit.SimulatedStore;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PolicyStoreTest
class PhotoPermissionsTest {
    private static final PolicyId PHOTO = PolicyId.ofResource("photo", "default", "");

    @BeforeEach
    void fill(SimulatedStore policies) {
        policies.faults().register("dead_link", Map.of("packet_loss", "100%"));
        policies.put("photo.yaml", SamplePolicies.resource("photo")).settle();
    }

    @Test
    void aDeletedPolicyIsGone(SimulatedStore policies) {
        policies.remove("photo.yaml").settle();
        assertThat(policies.store().current().find(PHOTO)).isEmpty();
    }

    @Test
    @Fault("dead_link")
    void whatWasServedStaysWhileTheBackendIsAway(SimulatedStore policies) {
        policies.remove("photo.yaml").settle();
        assertThat(policies.store().current().find(PHOTO)).isPresent();
        assertThat(policies.store().status().health().status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void allIsWellAgainOnceTheBackendIsBack(SimulatedStore policies) {
        policies.during(
                "dead_link",
                () -> policies.put("album.yaml", SamplePolicies.resource("album"))
                        .settle());
        assertThat(policies.settle().store().current().size()).isEqualTo(2);
        assertThat(policies.store().status().health().status()).isEqualTo(Status.HEALTHY);
    }
}
