package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.source.DocumentSource;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import org.junit.jupiter.api.Test;

class InMemoryDocumentTest {
    private static final String RULES =
            "rules:\n  - {id: r1, effect: permit, actions: [read], resource: {type: doc}}\n";

    @Test
    void returnsExactlyWhatItWasGiven() {
        InMemoryDocument document = new InMemoryDocument(RULES);
        assertThat(document.etag()).contains("v1");
        assertThat(document.load().text()).hasToString(RULES);
        assertThat(document.load().etag()).contains("v1");
        assertThat(new InMemoryDocument(RULES, "v7").etag()).contains("v7");
    }

    @Test
    void isADriverThatFollowsIt() {
        InMemoryDocument document = new InMemoryDocument(RULES);
        StorageDriver driver = new SourceDriver(
                "document-1",
                StorageDriver.MEMORY,
                document.at("policy.yaml"),
                SyncSettings.DEFAULT,
                SimulatedContext.of(Simulation.seeded(1)));
        driver.init();
        assertThat(driver.getPolicy(PolicyId.ofNative("default"))).isPresent();
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isFalse();
        document.replace(SamplePolicies.resource("album"), "v2");
        assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
        assertThat(driver.getPolicy(PolicyId.ofNative("default"))).isEmpty();
    }

    @Test
    void aDriverIsADocumentToo() throws Exception {
        InMemorySource source = new InMemorySource()
                .put("album.yaml", SamplePolicies.resource("album"))
                .put("book.yaml", SamplePolicies.resource("book"));
        Simulation sim = Simulation.seeded(1);
        StorageDriver first = source.driver("first", SyncSettings.DEFAULT, SimulatedContext.of(sim));
        first.init();
        DocumentSource document = DocumentSource.of(first);
        assertThat(document.etag()).contains(first.load().policies().digest());
        StorageDriver second = new SourceDriver(
                "second",
                StorageDriver.MEMORY,
                document.at("all.yaml"),
                SyncSettings.DEFAULT,
                SimulatedContext.of(sim));
        second.init();
        assertThat(second.load().policies().size()).isEqualTo(2);
        assertThat(second.load().complete()).isTrue();
        source.put("book.yaml", SamplePolicies.resource("book", "default", "burn"));
        first.checkNow(CheckMode.IF_CHANGED);
        assertThat(second.checkNow(CheckMode.IF_CHANGED)).isTrue();
    }
}
