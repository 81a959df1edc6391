package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Listeners are told in order, each on its own, whatever the others do. */
abstract class ListenerTopic extends Topic {
    ListenerTopic(StorageDriverContract contract) {
        super(contract);
    }

    @TestFactory
    Stream<DynamicTest> thatBehave() {
        List<PolicyChangeSet> left = new CopyOnWriteArrayList<>();
        List<PolicyChangeSet> late = new CopyOnWriteArrayList<>();
        List<Long> behind = new CopyOnWriteArrayList<>();
        List<LoadResult> looks = new CopyOnWriteArrayList<>();
        AtomicInteger once = new AtomicInteger();
        AtomicReference<@Nullable Subscription> leaving = new AtomicReference<>();
        return opened().step(() -> {
                    Subscription subscription = driver().watch(left::add);
                    subscription.close();
                    subscription.close();
                    driver().watch(changes -> {
                        if (driver().load().sequence() < changes.sequence()) {
                            behind.add(changes.sequence());
                        }
                    });
                    loadAlbumAndBook();
                    run().awaitTold();
                    driver().watch(new Looks(looks));
                    driver().watch(late::add);
                    leaving.set(driver().watch(changes -> {
                        once.incrementAndGet();
                        Subscription own = leaving.get();
                        if (own != null) {
                            own.close();
                        }
                    }));
                    edit("album", "edit");
                    awaitText(ALBUM_ID, "edit");
                    run().awaitTold();
                    edit("album", "again");
                    awaitText(ALBUM_ID, "again");
                    run().awaitTold();
                })
                .check(
                        "A listener that has left is not called any more.",
                        () -> assertThat(left).isEmpty())
                .check("A listener that comes late is told of what comes after.", () -> {
                    run().await("two edits to be told", () -> late.size() >= 2);
                    assertThat(late)
                            .allSatisfy(changes -> assertThat(changes.ids()).containsExactly(ALBUM_ID));
                })
                .check(
                        "What a listener is told the driver has already.",
                        () -> assertThat(behind).isEmpty())
                .check("A listener may leave while it is told.", () -> {
                    run().await("it to be told", () -> once.get() > 0);
                    assertThat(once).hasValue(1);
                })
                .check(
                        "A listener is told of each look that is over.",
                        () -> run().await("a look to be told", () -> !looks.isEmpty()))
                .check(
                        "Looks are told in their order.",
                        () -> assertThat(looks).extracting(LoadResult::looks).isSorted())
                .checks();
    }

    private record Looks(List<LoadResult> looks) implements PolicyChangeListener {
        @Override
        public void onChange(PolicyChangeSet changes) {}

        @Override
        public void onLook(LoadResult result) {
            looks.add(result);
        }
    }

    @TestFactory
    Stream<DynamicTest> thatMisbehave() {
        CountDownLatch done = new CountDownLatch(1);
        return opened().step(() -> {
                    driver().watch(changes -> {
                        throw new StackOverflowError("thrown by a listener of the contract");
                    });
                    driver().watch(changes -> ContractRun.waitFor(done));
                    driver().watch(changes -> Thread.currentThread().interrupt());
                    loadAlbumAndBook();
                    edit("album", "edit");
                })
                .check(
                        "Listeners that throw, block or interrupt keep no look waiting.",
                        () -> awaitText(ALBUM_ID, "edit"))
                .check("Listeners that throw, block or interrupt hurt no other.", () -> run().awaitTold())
                .check("Listeners that misbehave do not make the driver unwell.", this::awaitHealthy)
                .check("A listener that has thrown is told of what comes next.", () -> {
                    done.countDown();
                    edit("album", "again");
                    awaitText(ALBUM_ID, "again");
                    run().awaitTold();
                })
                .checks();
    }
}
