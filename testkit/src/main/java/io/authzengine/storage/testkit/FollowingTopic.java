package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StartOptions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Following finds changes by itself, by hints or by polling, without anybody checking. */
abstract class FollowingTopic extends Topic {
    private static final StartOptions OFTEN = StartOptions.DEFAULT.withInterval(Duration.ofMillis(100));

    FollowingTopic(StorageDriverContract contract) {
        super(contract);
    }

    @TestFactory
    Stream<DynamicTest> aBackend() {
        return opened().step(() -> {
                    driver().watch(run());
                    driver().init();
                    driver().stop(contract().patience());
                    driver().start(OFTEN);
                })
                .check("An addition is found without a check.", () -> {
                    edit("album", "view");
                    run().await("album to be found", () -> run().texts().containsKey(ALBUM_ID));
                })
                .check("A modification is found without a check.", () -> {
                    edit("album", "edit");
                    run().await(
                                    "album to be modified",
                                    () -> run().text(ALBUM_ID).contains("edit"));
                })
                .check("A deletion is found without a check.", () -> {
                    remove(ALBUM);
                    run().await("album to be gone", () -> !run().texts().containsKey(ALBUM_ID));
                })
                .check("All that was found without a check is told.", () -> run().awaitTold())
                .check("Who starts what has started changes nothing.", () -> {
                    driver().start(OFTEN);
                    edit("book", "view");
                    run().await("book to be found", () -> run().texts().containsKey(BOOK_ID));
                })
                .check(
                        "Stop waits for a look under way, and says so.",
                        () -> assertThat(driver().stop(contract().patience())).isTrue())
                .check(
                        "A second stop does nothing.",
                        () -> assertThat(driver().stop(contract().patience())).isTrue())
                .check(
                        "What was found stays when following ends.",
                        () -> assertThat(run().texts()).containsOnlyKeys(BOOK_ID))
                .check("Whoever checks finds changes after stop too.", () -> {
                    edit("car", "view");
                    run().awaitLook("car to be found", () -> run().texts().containsKey(CAR_ID));
                })
                .check("Start after stop follows again.", () -> {
                    driver().start(OFTEN);
                    edit("car", "edit");
                    run().await("car to be modified", () -> run().text(CAR_ID).contains("edit"));
                })
                .check("Checks and following do not disturb each other.", () -> {
                    for (int i = 0; i < 5; i++) {
                        edit("car", "round" + i);
                        driver().checkNow(CheckMode.IF_CHANGED);
                    }
                    run().await(
                                    "the last edit to be found",
                                    () -> run().text(CAR_ID).contains("round4"));
                    run().awaitTold();
                })
                .checks();
    }
}
