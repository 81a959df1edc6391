package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.error.StorageException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A backend that is away takes nothing from anybody, and is followed again once it is back. */
abstract class OutageTopic extends Topic {
    private static final int CALLERS = 4;

    OutageTopic(StorageDriverContract contract) {
        super(contract);
    }

    private static String wholeTrace(StorageException failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    @TestFactory
    Stream<DynamicTest> whileInUse() {
        LoadResult[] before = new LoadResult[1];
        long[] looks = new long[1];
        StorageException[] failure = new StorageException[1];
        List<String> lateEvents = new CopyOnWriteArrayList<>();
        return loaded().step(() -> {
                    run().awaitTold();
                    before[0] = driver().load();
                    breakDown();
                    // A look that began before the outage may still have come back: only what follows a failed one
                    // counts.
                    failedLook();
                    looks[0] = driver().load().looks();
                    failure[0] = failedLook();
                })
                .check(
                        "A look at a backend that is away fails with the driver's name.",
                        () -> assertThat(failure[0]).hasMessageContaining(driver().id()))
                .check(
                        "A failed look says what to do or what is wrong.",
                        () -> assertThat(failure[0].summary()).isNotBlank())
                .check(
                        "A failed look shows no secret, in its message or in any cause.",
                        () -> assertThat(wholeTrace(failure[0])).doesNotContain(secrets()))
                .check(
                        "A failed look takes nothing away.",
                        () -> assertThat(driver().load().policies().sameAs(before[0].policies()))
                                .isTrue())
                .check(
                        "A failed look is not a new set.",
                        () -> assertThat(driver().load().sequence()).isEqualTo(before[0].sequence()))
                .check(
                        "A failed look is no evidence.",
                        () -> assertThat(driver().load().looks()).isEqualTo(looks[0]))
                .check(
                        "A failed look is no error of a document.",
                        () -> assertThat(driver().load().errors()).isEmpty())
                .check(
                        "During an outage policies are found.",
                        () -> assertThat(driver().getPolicy(ALBUM_ID)).isPresent())
                .check(
                        "During an outage policies are listed.",
                        () -> assertThat(driver().listPolicies()).hasSize(2))
                .check(
                        "During an outage policies are explained.",
                        () -> assertThat(driver().explain(ALBUM_ID).policy()).isPresent())
                .check(
                        "An outage degrades.",
                        () -> assertThat(driver().healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED))
                .check(
                        "Health says that the backend does not answer.",
                        () -> assertThat(driver().healthCheck().details().connected())
                                .isFalse())
                .check(
                        "Health says how much is held during an outage.",
                        () -> assertThat(driver().healthCheck().details().policiesLoaded())
                                .isEqualTo(2))
                .check(
                        "Health names the failure by its code, and shows no secret.",
                        () -> assertThat(driver().healthCheck().toString())
                                .contains("SD-0")
                                .doesNotContain(secrets()))
                .check("Health still says when the backend last answered.", () -> {
                    Optional<Instant> last = driver().healthCheck().details().lastSync();
                    assertThat(last.orElseThrow())
                            .isBetween(run().begunAt(), run().context().clock().instant());
                })
                .check(
                        "A listener is told that a look has failed.",
                        () -> run().await(
                                        "the failure to be told",
                                        () -> !run().failures().isEmpty()))
                .check("A listener is told of no deletion.", () -> {
                    run().awaitTold();
                    assertThat(run().events()).noneMatch(event -> event.startsWith("DELETED"));
                })
                .check("A listener may come during an outage, and is told nothing of what came before.", () -> {
                    driver().watch(changes ->
                            changes.events().forEach(event -> lateEvents.add(event.type() + " " + event.policyId())));
                    assertThat(lateEvents).isEmpty();
                })
                .step(() -> {
                    heal();
                    driver().checkNow(CheckMode.FORCE);
                })
                .check(
                        "After an outage a look is evidence again.",
                        () -> assertThat(driver().load().looks()).isGreaterThan(looks[0]))
                .check("After an outage health is good again.", this::awaitHealthy)
                .check("An outage alone changes nothing and tells nothing.", () -> {
                    assertThat(driver().load().policies().sameAs(before[0].policies()))
                            .isTrue();
                    assertThat(run().events()).containsExactly("ADDED " + ALBUM_ID, "ADDED " + BOOK_ID);
                })
                .check("After an outage only what is gone is deleted.", () -> {
                    remove(BOOK);
                    run().awaitLook("book to be deleted", () -> !run().texts().containsKey(BOOK_ID));
                    run().awaitTold();
                    assertThat(run().events())
                            .containsOnlyOnce("DELETED " + BOOK_ID)
                            .doesNotContain("DELETED " + ALBUM_ID);
                })
                .check(
                        "A listener that came during an outage is told of what comes after, and of nothing else.",
                        () -> run().await(
                                        "book's deletion to be told",
                                        () -> lateEvents.equals(List.of("DELETED " + BOOK_ID))))
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> fromTheBeginning() {
        StorageException[] failure = new StorageException[1];
        return opened().step(() -> {
                    put(ALBUM, SamplePolicies.resource("album"));
                    driver().watch(run());
                    breakDown();
                    failure[0] = failure(() -> driver().init());
                })
                .check(
                        "Init fails if the backend is away, with the driver's name.",
                        () -> assertThat(failure[0]).hasMessageContaining(driver().id()))
                .check(
                        "A failed init shows no secret, in its message or in any cause.",
                        () -> assertThat(wholeTrace(failure[0])).doesNotContain(secrets()))
                .check(
                        "A driver that never loaded is unhealthy.",
                        () -> assertThat(driver().healthCheck().status()).isEqualTo(HealthStatus.Status.UNHEALTHY))
                .check(
                        "A driver that never loaded says why, by the code.",
                        () -> assertThat(driver().healthCheck().toString())
                                .contains(failure[0].code().code())
                                .doesNotContain(secrets()))
                .check("A backend that is away is never read as an empty one.", () -> {
                    assertThat(driver().load().isLoaded()).isFalse();
                    assertThat(driver().getAllPolicies()).isEmpty();
                })
                .check(
                        "Nobody is told of policies that were not read.",
                        () -> assertThat(run().changes()).isEmpty())
                .step(() -> heal())
                .check("A failed init can be repeated.", () -> {
                    driver().init();
                    run().awaitLook("album to be loaded", () -> run().texts().containsKey(ALBUM_ID));
                })
                .check("What the repeated init finds is told once.", () -> {
                    run().awaitTold();
                    assertThat(run().events()).containsExactly("ADDED " + ALBUM_ID);
                })
                .check("After the repeated init health is good.", this::awaitHealthy)
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> againAndAgain() {
        Scenario scenario = loaded();
        for (int i = 0; i < 3; i++) {
            String action = "round" + i;
            scenario.step(() -> {
                        breakDown();
                        failedLook();
                        heal();
                        edit("album", action);
                        driver().checkNow(CheckMode.FORCE);
                    })
                    .check(
                            "After outage " + (i + 1) + " of several all that changed is found.",
                            () -> awaitText(ALBUM_ID, action));
        }
        return scenario.check("Outages leave the listener with what there is.", () -> run().awaitTold())
                .check(
                        "Several outages delete nothing.",
                        () -> assertThat(run().events()).noneMatch(event -> event.startsWith("DELETED")))
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> forManyCallers() {
        return loaded().step(this::breakDown)
                .check("During an outage each of many callers is told of the failure.", () -> {
                    CompletableFuture<?>[] callers = IntStream.range(0, CALLERS)
                            .mapToObj(i -> CompletableFuture.supplyAsync(this::failedLook))
                            .toArray(CompletableFuture<?>[]::new);
                    CompletableFuture.allOf(callers).get(contract().patience().toSeconds(), TimeUnit.SECONDS);
                })
                .check("A look that is not forced fails or is held off, and changes nothing.", () -> {
                    boolean changed;
                    try {
                        changed = driver().checkNow(CheckMode.IF_CHANGED);
                    } catch (StorageException e) {
                        changed = false;
                    }
                    assertThat(changed).isFalse();
                    assertThat(run().texts()).hasSize(2);
                })
                .check(
                        "During an outage stop returns.",
                        () -> assertThat(driver().stop(contract().patience())).isTrue())
                .check(
                        "A start that is to load fails if the backend is away.",
                        () -> assertThatThrownBy(() -> driver().start(StartOptions.DEFAULT.withForcedInitialLoad()))
                                .isInstanceOf(StorageException.class))
                .step(this::heal)
                .check("After an outage each of many callers gets an answer.", () -> {
                    CompletableFuture<?>[] callers = IntStream.range(0, CALLERS)
                            .mapToObj(i -> CompletableFuture.supplyAsync(() -> driver().checkNow(CheckMode.FORCE)))
                            .toArray(CompletableFuture<?>[]::new);
                    CompletableFuture.allOf(callers).get(contract().patience().toSeconds(), TimeUnit.SECONDS);
                    awaitHealthy();
                })
                .check("A driver that was stopped in an outage follows again.", () -> {
                    driver().start(StartOptions.DEFAULT.withInterval(Duration.ofMillis(100)));
                    edit("album", "edit");
                    run().await(
                                    "album to be modified",
                                    () -> run().text(ALBUM_ID).contains("edit"));
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> withABrokenDocument() {
        return loaded().step(() -> {
                    put(ALBUM, SamplePolicies.broken());
                    awaitComplete(false);
                    breakDown();
                    failedLook();
                })
                .check(
                        "An outage does not hide that a document is broken.",
                        () -> assertThat(driver().load().complete()).isFalse())
                .check(
                        "What a broken document last held outlives an outage.",
                        () -> assertThat(run().text(ALBUM_ID)).contains("view"))
                .step(() -> {
                    heal();
                    driver().checkNow(CheckMode.FORCE);
                })
                .check("After an outage the broken document is still known to be broken.", () -> {
                    assertThat(driver().load().complete()).isFalse();
                    assertThat(run().text(ALBUM_ID)).contains("view");
                })
                .check("A repair after an outage heals.", () -> {
                    edit("album", "edit");
                    awaitComplete(true);
                    awaitText(ALBUM_ID, "edit");
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> untilTheEnd() {
        return loaded().step(() -> {
                    breakDown();
                    failedLook();
                })
                .check("During an outage a driver can be closed.", () -> driver().close())
                .check(
                        "A driver that was closed in an outage says that it is closed.",
                        () -> assertThat(driver().healthCheck().status()).isEqualTo(HealthStatus.Status.UNHEALTHY))
                .check("A driver that was closed in an outage is not revived by its end.", () -> {
                    heal();
                    assertThatThrownBy(() -> driver().checkNow(CheckMode.FORCE))
                            .isInstanceOf(IllegalStateException.class);
                })
                .checks();
    }
}
