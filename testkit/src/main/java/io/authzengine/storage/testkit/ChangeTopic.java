package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A look finds what changed, all of it and nothing else, and tells it in order. */
abstract class ChangeTopic extends Topic {
    ChangeTopic(StorageDriverContract contract) {
        super(contract);
    }

    @TestFactory
    Stream<DynamicTest> oneAfterTheOther() {
        return loaded().check("An addition is found.", () -> {
                    edit("car", "view");
                    awaitCount(3);
                })
                .check("A modification is found.", () -> {
                    edit("album", "edit");
                    awaitText(ALBUM_ID, "edit");
                })
                .check("A deletion is found.", () -> {
                    remove(BOOK);
                    run().awaitLook("book to be deleted", () -> !run().texts().containsKey(BOOK_ID));
                })
                .check("What was told adds up to what there is.", () -> run().awaitTold())
                .check(
                        "Changes are told in their order.",
                        () -> assertThat(run().events())
                                .containsSubsequence("ADDED " + CAR_ID, "MODIFIED " + ALBUM_ID, "DELETED " + BOOK_ID))
                .check(
                        "A modification is told with what was before.",
                        () -> assertThat(event(PolicyChangeEvent.Type.MODIFIED, ALBUM_ID)
                                        .previousPolicy()
                                        .orElseThrow()
                                        .raw()
                                        .toString())
                                .contains("view"))
                .check(
                        "A deletion is told with what is gone.",
                        () -> assertThat(event(PolicyChangeEvent.Type.DELETED, BOOK_ID)
                                        .previousPolicy()
                                        .orElseThrow()
                                        .raw()
                                        .toString())
                                .contains("book"))
                .check(
                        "One deletion is told once.",
                        () -> assertThat(run().events()).containsOnlyOnce("DELETED " + BOOK_ID))
                .check(
                        "Later change sets have greater numbers.",
                        () -> assertThat(run().changes())
                                .extracting(PolicyChangeSet::sequence)
                                .isSorted()
                                .doesNotHaveDuplicates())
                .check(
                        "A change set is ordered, and names each policy once.",
                        () -> assertThat(run().changes())
                                .allSatisfy(changes -> assertThat(changes.events())
                                        .extracting(PolicyChangeEvent::policyId)
                                        .isSorted()
                                        .doesNotHaveDuplicates()))
                .check(
                        "A change set says whose it is and why the look was taken.",
                        () -> assertThat(run().changes()).allSatisfy(changes -> {
                            assertThat(changes.driverId()).isEqualTo(driver().id());
                            assertThat(changes.cause()).isNotBlank();
                        }))
                .check("What was deleted can come back.", () -> {
                    edit("book", "again");
                    awaitText(BOOK_ID, "again");
                    run().awaitTold();
                    assertThat(run().events()).endsWith("ADDED " + BOOK_ID);
                })
                .checks();
    }

    private PolicyChangeEvent event(PolicyChangeEvent.Type type, PolicyId id) {
        return run().changes().stream()
                .flatMap(changes -> changes.events().stream())
                .filter(event -> event.type() == type && event.policyId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @TestFactory
    Stream<DynamicTest> ofOneTransaction() {
        return loaded().step(() -> {
                    contract()
                            .put(Map.of(
                                    ALBUM,
                                    edited("album", "edit"),
                                    BOOK,
                                    edited("book", "edit"),
                                    CAR,
                                    edited("car", "edit")));
                    run().awaitLook(
                                    "all of the transaction",
                                    () -> run().texts().values().stream()
                                                    .filter(text -> text.contains("edit"))
                                                    .count()
                                            == 3);
                })
                .check("All of a transaction arrives.", () -> run().awaitTold())
                .check("What is one change in the backend is one change set.", () -> {
                    if (contract().changesAreOneUnit()) {
                        assertThat(run().changes()
                                        .get(run().changes().size() - 1)
                                        .ids())
                                .containsExactlyInAnyOrder(ALBUM_ID, BOOK_ID, CAR_ID);
                    }
                })
                .check("An edit and its undoing lead to the same set.", () -> {
                    LoadResult before = driver().load();
                    edit("album", "another");
                    awaitText(ALBUM_ID, "another");
                    edit("album", "edit");
                    awaitText(ALBUM_ID, "edit");
                    assertThat(driver().load().policies().sorted())
                            .usingElementComparator((one, other) -> one.sameAs(other) ? 0 : 1)
                            .isEqualTo(before.policies().sorted());
                })
                .check("When all is removed the set is empty, and complete.", () -> {
                    contract().remove(Set.of(ALBUM, BOOK, CAR));
                    awaitCount(0);
                    assertThat(driver().load().complete()).isTrue();
                    run().awaitTold();
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> thatAreNone() {
        LoadResult[] before = new LoadResult[1];
        return loaded().step(() -> {
                    run().awaitTold();
                    before[0] = driver().load();
                })
                .check(
                        "A forced look that finds nothing new says so.",
                        () -> assertThat(driver().checkNow(CheckMode.FORCE)).isFalse())
                .check(
                        "A look that finds nothing new says so.",
                        () -> assertThat(driver().checkNow(CheckMode.IF_CHANGED))
                                .isFalse())
                .check(
                        "Looks that find nothing keep the number of the set.",
                        () -> assertThat(driver().load().sequence()).isEqualTo(before[0].sequence()))
                .check(
                        "Looks that find nothing are evidence all the same.",
                        () -> assertThat(driver().load().looks()).isGreaterThan(before[0].looks()))
                .check(
                        "Looks that find nothing keep the set.",
                        () -> assertThat(driver().load().policies().sameAs(before[0].policies()))
                                .isTrue())
                .check("Nothing is told of what did not change.", () -> {
                    put(ALBUM, SamplePolicies.resource("album")); // As it is already.
                    driver().checkNow(CheckMode.FORCE);
                    edit("car", "view");
                    awaitCount(3);
                    run().awaitTold();
                    assertThat(run().events())
                            .containsExactly("ADDED " + ALBUM_ID, "ADDED " + BOOK_ID, "ADDED " + CAR_ID);
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> inAStorm() {
        return loaded().step(() -> {
                    CompletableFuture<Void> checks = CompletableFuture.runAsync(run()::checkOften);
                    for (int i = 0; i < 50; i++) {
                        edit("album", "edit" + i);
                        edit("n" + i % 5, "edit" + i);
                        if (i % 7 == 6) {
                            remove("n" + i % 5 + ".yaml");
                        }
                    }
                    run().stopChecking();
                    checks.get(contract().patience().toSeconds(), TimeUnit.SECONDS);
                })
                .check("Nothing is lost however hints, checks and changes fall together.", () -> {
                    Map<PolicyId, String> expected = ContractRun.expectedAfterFifty();
                    run().awaitLook("all changes to arrive", () -> run().texts().equals(expected));
                })
                .check("What was told in a storm adds up to what there is.", () -> run().awaitTold())
                .check("A storm keeps the order of change sets.", () -> {
                    List<PolicyChangeSet> told = run().changes();
                    assertThat(told)
                            .extracting(PolicyChangeSet::sequence)
                            .isSorted()
                            .doesNotHaveDuplicates();
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> ofTheirPlace() {
        return loaded().check("A policy that moves to another document stays, and names its new place.", () -> {
                    if (contract().namesAreFree()) {
                        remove(BOOK);
                        put("book-of-another-name.yaml", SamplePolicies.resource("book"));
                        run().awaitLook(
                                        "book to have moved",
                                        () -> driver().getPolicy(BOOK_ID)
                                                .filter(book ->
                                                        book.metadata().source().contains("another-name"))
                                                .isPresent());
                        run().awaitTold();
                    }
                })
                .checks();
    }
}
