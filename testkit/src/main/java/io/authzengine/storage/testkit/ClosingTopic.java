package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.error.StorageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Closing ends everything, at any moment. Every scenario of the contract ends with it, and with no thread left. */
abstract class ClosingTopic extends Topic {
    private static final int CLOSERS = 4;
    private static final int MANY = 200;

    ClosingTopic(StorageDriverContract contract) {
        super(contract);
    }

    private Map<String, ThrowingCallable> calls() {
        PolicyChangeListener listener = changes -> {};
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("init", () -> driver().init());
        calls.put("start", () -> driver().start(StartOptions.DEFAULT));
        calls.put("load", () -> driver().load());
        calls.put("checkNow", () -> driver().checkNow(CheckMode.FORCE));
        calls.put("watch", () -> driver().watch(listener));
        calls.put("listPolicies", () -> driver().listPolicies());
        calls.put("getPolicy", () -> driver().getPolicy(ALBUM_ID));
        calls.put("getAllPolicies", () -> driver().getAllPolicies());
        calls.put("explain", () -> driver().explain(ALBUM_ID));
        return calls;
    }

    @TestFactory
    Stream<DynamicTest> aDriver() {
        Scenario scenario = loaded().step(() -> driver().close());
        calls().forEach((name, call) -> scenario.check(
                "To call " + name + " on a closed driver is misuse, and said to be.",
                () -> assertThatThrownBy(call).isInstanceOf(IllegalStateException.class)));
        return scenario.check("A closed driver is unhealthy, and says why.", () -> {
                    assertThat(driver().healthCheck().status()).isEqualTo(HealthStatus.Status.UNHEALTHY);
                    assertThat(driver().healthCheck().message()).isNotBlank();
                })
                .check(
                        "A driver can be closed twice.",
                        () -> assertThatCode(() -> driver().close()).doesNotThrowAnyException())
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> oneThatWasNeverUsed() {
        return opened().check(
                        "A driver that was never used can be closed, twice.",
                        () -> assertThatCode(() -> {
                                    driver().close();
                                    driver().close();
                                })
                                .doesNotThrowAnyException())
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> byManyAtOnce() {
        return loaded().check("Many may close at once, and each returns.", () -> {
                    CompletableFuture<?>[] closers = IntStream.range(0, CLOSERS)
                            .mapToObj(i -> CompletableFuture.runAsync(() -> driver().close()))
                            .toArray(CompletableFuture<?>[]::new);
                    CompletableFuture.allOf(closers).get(contract().patience().toSeconds(), TimeUnit.SECONDS);
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> byAListener() {
        CountDownLatch closed = new CountDownLatch(1);
        return loaded().check("A listener may close the driver that tells it.", () -> {
                    run().awaitTold();
                    driver().watch(changes -> {
                        driver().close();
                        closed.countDown();
                    });
                    edit("album", "edit");
                    try {
                        driver().checkNow(CheckMode.IF_CHANGED);
                    } catch (StorageException | IllegalStateException e) {
                        assertThat(e).as("the driver was closed meanwhile").isNotNull();
                    }
                    assertThat(closed.await(contract().patience().toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> duringALoad() {
        Map<String, String> many = new LinkedHashMap<>();
        IntStream.range(0, MANY).forEach(i -> many.put("n" + i + ".yaml", SamplePolicies.resource("n" + i)));
        int[] told = new int[1];
        return opened().step(() -> {
                    contract().put(many);
                    driver().watch(run());
                })
                .check("A load under way ends when the driver is closed.", () -> {
                    CompletableFuture<Void> load = CompletableFuture.runAsync(() -> driver().init());
                    run().await(
                                    "the load to be under way",
                                    () -> load.isDone() || driver().progress().isPresent());
                    driver().close();
                    told[0] = run().changes().size();
                    load.handle((nothing, failure) -> true)
                            .get(contract().patience().toSeconds(), TimeUnit.SECONDS);
                })
                .check(
                        "After close nobody is told of anything.",
                        () -> assertThat(run().changes()).hasSize(told[0]))
                .checks();
    }
}
