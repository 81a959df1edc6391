package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StartOptions;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code init} connects and loads; before it there is nothing to hand out. */
abstract class StartingTopic extends Topic {
    StartingTopic(StorageDriverContract contract) {
        super(contract);
    }

    @TestFactory
    Stream<DynamicTest> beforeInit() {
        return opened().check(
                        "Before init there is nothing to hand out, and load says so.",
                        () -> assertThatThrownBy(() -> driver().load()).isInstanceOf(IllegalStateException.class))
                .check(
                        "Before init nothing is listed.",
                        () -> assertThatThrownBy(() -> driver().listPolicies())
                                .isInstanceOf(IllegalStateException.class))
                .check(
                        "Before init nothing is found.",
                        () -> assertThatThrownBy(() -> driver().getPolicy(ALBUM_ID))
                                .isInstanceOf(IllegalStateException.class))
                .check(
                        "Before init nothing is explained.",
                        () -> assertThatThrownBy(() -> driver().explain(ALBUM_ID))
                                .isInstanceOf(IllegalStateException.class))
                .check(
                        "Before init health is unhealthy.",
                        () -> assertThat(driver().healthCheck().status()).isEqualTo(HealthStatus.Status.UNHEALTHY))
                .check(
                        "Before init health says why.",
                        () -> assertThat(driver().healthCheck().message()).isNotBlank())
                .check("Before init health claims no evidence.", () -> {
                    assertThat(driver().healthCheck().details().lastSync()).isEmpty();
                    assertThat(driver().healthCheck().details().policiesLoaded())
                            .isZero();
                })
                .step(() -> {
                    put(ALBUM, SamplePolicies.resource("album"));
                    driver().watch(run());
                    driver().init();
                    awaitCount(1);
                })
                .check("A listener that came before init is told of what init finds.", () -> {
                    run().awaitTold();
                    assertThat(run().events()).containsExactly("ADDED " + ALBUM_ID);
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> overAnEmptyBackend() {
        return opened().step(() -> driver().init())
                .check("An empty backend is content, not an error.", () -> {
                    assertThat(driver().load().isLoaded()).isTrue();
                    assertThat(driver().getAllPolicies()).isEmpty();
                })
                .check(
                        "An empty set is complete.",
                        () -> assertThat(driver().load().complete()).isTrue())
                .check("A driver over an empty backend is well.", this::awaitHealthy)
                .check(
                        "A look at an empty backend finds nothing.",
                        () -> assertThat(driver().checkNow(CheckMode.IF_CHANGED))
                                .isFalse())
                .check("A second init does nothing.", () -> {
                    long sequence = driver().load().sequence();
                    driver().init();
                    assertThat(driver().load().sequence()).isEqualTo(sequence);
                })
                .check("The first policy is found where there was none.", () -> {
                    put(ALBUM, SamplePolicies.resource("album"));
                    awaitCount(1);
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> byStart() {
        return opened().step(() -> put(ALBUM, SamplePolicies.resource("album")))
                .step(() -> driver().start(StartOptions.DEFAULT.withForcedInitialLoad()))
                .check(
                        "A forced initial load is over when start returns.",
                        () -> assertThat(run().texts()).containsOnlyKeys(ALBUM_ID))
                .check("A second start does nothing.", () -> {
                    long sequence = driver().load().sequence();
                    driver().start(StartOptions.DEFAULT);
                    assertThat(driver().load().sequence()).isEqualTo(sequence);
                })
                .check("Init after start keeps what was loaded.", () -> {
                    driver().init();
                    assertThat(run().texts()).containsOnlyKeys(ALBUM_ID);
                })
                .checks();
    }
}
