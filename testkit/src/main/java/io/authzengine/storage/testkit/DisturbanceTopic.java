package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The process around a driver is no safer than its backend: callers are interrupted, clocks are set, threads run out. */
abstract class DisturbanceTopic extends Topic {
    private static final Duration HOUR = Duration.ofHours(1);

    DisturbanceTopic(StorageDriverContract contract) {
        super(contract);
    }

    /** Makes {@code call} as one who was interrupted, and returns whether the interruption is still to be seen afterwards. */
    private static boolean interrupted(Runnable call) {
        Thread.currentThread().interrupt();
        try {
            call.run();
        } catch (StorageException e) {
            assertThat(e.driverId()).isNotBlank();
        }
        return Thread.interrupted();
    }

    @TestFactory
    Stream<DynamicTest> byInterrupts() {
        return opened().step(() -> {
                    put(ALBUM, SamplePolicies.resource("album"), BOOK, SamplePolicies.resource("book"));
                    driver().watch(run());
                })
                .check(
                        "Init lets a caller go who was interrupted, and keeps the interruption.",
                        () -> assertThat(interrupted(() -> driver().init())).isTrue())
                .check("Init can be repeated after an interruption.", () -> {
                    driver().init();
                    awaitCount(2);
                })
                .check(
                        "A look lets a caller go who was interrupted, and keeps the interruption.",
                        () -> assertThat(interrupted(() -> driver().checkNow(CheckMode.FORCE)))
                                .isTrue())
                .check(
                        "Reading does not mind an interruption.",
                        () -> assertThat(interrupted(() ->
                                        assertThat(driver().getAllPolicies()).hasSize(2)))
                                .isTrue())
                .check(
                        "Health does not mind an interruption.",
                        () -> assertThat(interrupted(() -> driver().healthCheck()))
                                .isTrue())
                .check(
                        "Stop lets a caller go who was interrupted, and keeps the interruption.",
                        () -> assertThat(interrupted(
                                        () -> driver().stop(contract().patience())))
                                .isTrue())
                .check("After interruptions changes are found.", () -> {
                    edit("album", "edit");
                    awaitText(ALBUM_ID, "edit");
                    run().awaitTold();
                })
                .check("Interrupted callers leave health good.", this::awaitHealthy)
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> byTheClock() {
        return loaded().step(() -> contract().world().setClock(HOUR))
                .check("A clock that is set forward makes nothing old.", () -> {
                    assertThat(driver().freshness()).isEqualTo(Freshness.FRESH);
                    assertThat(driver().healthCheck().status()).isNotEqualTo(HealthStatus.Status.UNHEALTHY);
                })
                .check("Changes are found after the clock was set forward.", () -> {
                    edit("album", "forward");
                    awaitText(ALBUM_ID, "forward");
                })
                .check(
                        "What is read bears the time of the clock that was handed in.",
                        () -> assertThat(driver().load().loadedAt())
                                .isAfter(run().begunAt().plus(HOUR.dividedBy(2))))
                .step(() -> contract().world().setClock(HOUR.negated()))
                .check("Changes are found after the clock was set back.", () -> {
                    edit("album", "back");
                    awaitText(ALBUM_ID, "back");
                })
                .check("A clock that is set leaves the order of change sets.", () -> {
                    run().awaitTold();
                    assertThat(run().changes())
                            .extracting(PolicyChangeSet::sequence)
                            .isSorted()
                            .doesNotHaveDuplicates();
                })
                .check("A clock that is set leaves health good.", this::awaitHealthy)
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> byLackOfThreads() {
        LoadResult[] before = new LoadResult[1];
        return loaded().step(() -> {
                    run().awaitTold();
                    driver().stop(contract().patience()); // So that no other look is under way.
                    before[0] = driver().load();
                })
                .check("Without threads a look fails or is made by the caller; it does not hang.", () -> {
                    contract().world().refuseThreads(true);
                    try {
                        driver().checkNow(CheckMode.FORCE);
                    } catch (StorageException | IllegalStateException e) {
                        assertThat(e).hasMessageNotContainingAny(secrets());
                    } finally {
                        contract().world().refuseThreads(false);
                    }
                })
                .check(
                        "A lack of threads takes nothing away.",
                        () -> assertThat(driver().load().policies().sameAs(before[0].policies()))
                                .isTrue())
                .check("Once there are threads again changes are found.", () -> {
                    edit("album", "edit");
                    awaitText(ALBUM_ID, "edit");
                })
                .step(() -> contract().world().delayThreads(Duration.ofMillis(5)))
                .check("Threads that come late lose nothing.", () -> {
                    for (int i = 0; i < 5; i++) {
                        edit("car", "late" + i);
                        driver().checkNow(CheckMode.IF_CHANGED);
                    }
                    awaitText(CAR_ID, "late4");
                    run().awaitTold();
                })
                .checks();
    }
}
