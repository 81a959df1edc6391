package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One broken document hurts nobody else, and nothing that was right is lost by it. */
abstract class BrokenDocumentTopic extends Topic {
    BrokenDocumentTopic(StorageDriverContract contract) {
        super(contract);
    }

    private LoadError error() {
        return driver().load().errors().get(0);
    }

    @TestFactory
    Stream<DynamicTest> thatWasRight() {
        Instant[] since = new Instant[1];
        return loaded().step(() -> {
                    put(ALBUM, SamplePolicies.broken());
                    awaitComplete(false);
                    since[0] = error().since();
                })
                .check(
                        "A document that breaks keeps its last good.",
                        () -> assertThat(run().text(ALBUM_ID)).contains("view"))
                .check(
                        "The error names the document.",
                        () -> assertThat(error().source()).contains("album"))
                .check(
                        "The error names the policies it concerns.",
                        () -> assertThat(error().affected()).contains(ALBUM_ID))
                .check(
                        "The finding has line and column.",
                        () -> assertThat(error().findings()).allSatisfy(finding -> {
                            assertThat(finding.place().line()).isPositive();
                            assertThat(finding.place().column()).isPositive();
                        }))
                .check(
                        "What cannot be parsed is SD-003.",
                        () -> assertThat(error().code()).isEqualTo(ErrorCode.PARSE_ERROR))
                .check(
                        "The finding says what is wrong, and no secret.",
                        () -> assertThat(error().findings())
                                .extracting(Finding::message)
                                .allSatisfy(message ->
                                        assertThat(message).isNotBlank().doesNotContain(secrets())))
                .check("A broken document degrades, and health names it.", () -> {
                    assertThat(driver().healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
                    assertThat(driver().healthCheck().message()).contains("album");
                })
                .check(
                        "A broken document does not mean that the backend is away.",
                        () -> assertThat(driver().healthCheck().details().connected())
                                .isTrue())
                .check("All others change as before.", () -> {
                    edit("book", "edit");
                    awaitText(BOOK_ID, "edit");
                    assertThat(run().text(ALBUM_ID)).contains("view");
                    assertThat(driver().load().complete()).isFalse();
                })
                .check("The same error is told once.", () -> {
                    driver().checkNow(CheckMode.IF_CHANGED);
                    long sequence = driver().load().sequence();
                    driver().checkNow(CheckMode.FORCE);
                    assertThat(driver().load().sequence()).isEqualTo(sequence);
                    assertThat(error().since()).isEqualTo(since[0]);
                })
                .check("A broken document deletes nothing.", () -> {
                    run().awaitTold();
                    assertThat(run().events()).noneMatch(event -> event.startsWith("DELETED"));
                })
                .check(
                        "What is wrong is part of the explanation.",
                        () -> assertThat(driver().explain(ALBUM_ID).findings()).isNotEmpty())
                .check("The repair alone heals.", () -> {
                    edit("album", "edit");
                    awaitComplete(true);
                    assertThat(run().text(ALBUM_ID)).contains("edit");
                    awaitHealthy();
                })
                .check("What breaks again is an error again.", () -> {
                    put(ALBUM, SamplePolicies.broken());
                    awaitComplete(false);
                    assertThat(run().text(ALBUM_ID)).contains("edit");
                })
                .check("What is repaired to what it said before is right.", () -> {
                    edit("album", "edit");
                    awaitComplete(true);
                    assertThat(run().text(ALBUM_ID)).contains("edit");
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> fromTheBeginning() {
        return opened().step(() -> {
                    put(ALBUM, SamplePolicies.broken(), BOOK, SamplePolicies.resource("book"));
                    driver().init();
                    run().awaitLook("book to be loaded", () -> run().texts().containsKey(BOOK_ID));
                })
                .check(
                        "A broken document does not make init fail, and is not taken.",
                        () -> assertThat(run().texts()).containsOnlyKeys(BOOK_ID))
                .check(
                        "A set with a broken document is not complete.",
                        () -> assertThat(driver().load().complete()).isFalse())
                .check("Removing a broken document heals.", () -> {
                    remove(ALBUM);
                    awaitComplete(true);
                    assertThat(run().texts()).containsOnlyKeys(BOOK_ID);
                })
                .checks();
    }

    private static Map<String, String> defects() {
        String right = SamplePolicies.resource("wrong");
        Map<String, String> defects = new LinkedHashMap<>();
        defects.put("cut", right.substring(0, right.indexOf("effect")));
        defects.put("twice", right.replace("  resource: wrong", "  resource: wrong\n  resource: other"));
        defects.put("unknown", right + "  unheardOf: 1\n");
        defects.put("effect", right.replace("EFFECT_ALLOW", "EFFECT_PERHAPS"));
        defects.put("type", right.replace("rules:", "rules: 7\n  more:"));
        defects.put("prose", "these are no policies at all\n");
        defects.put("alias", right.replace("resource: wrong", "resource: *nobody"));
        defects.put("deep", "[".repeat(5_000));
        return defects;
    }

    @TestFactory
    Stream<DynamicTest> ofEachDefect() {
        Map<String, String> documents = new LinkedHashMap<>();
        defects().forEach((name, text) -> documents.put("broken-" + name + ".yaml", text));
        documents.put(BOOK, SamplePolicies.resource("book"));
        Scenario scenario = opened().step(() -> {
            contract().put(documents);
            driver().init();
            awaitCount(1);
        });
        defects()
                .keySet()
                .forEach(name -> scenario.check(
                        "A document with this defect is found and named: " + name + ".",
                        () -> assertThat(driver().load().errors())
                                .extracting(LoadError::source)
                                .filteredOn(source -> source.contains("broken-" + name))
                                .hasSize(1)));
        return scenario.check(
                        "However many are broken, what is right is taken.",
                        () -> assertThat(run().texts()).containsOnlyKeys(BOOK_ID))
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> ofOneId() {
        if (!contract().namesAreFree()) {
            return Stream.of();
        }
        return loaded().step(() -> {
                    put("a-second-album.yaml", edited("album", "edit"));
                    awaitComplete(false);
                })
                .check(
                        "Of two documents with one id neither wins.",
                        () -> assertThat(run().text(ALBUM_ID)).contains("view"))
                .check(
                        "Of two documents with one id both are named.",
                        () -> assertThat(driver().load().errors())
                                .hasSize(2)
                                .allSatisfy(
                                        error -> assertThat(error.affected()).contains(ALBUM_ID)))
                .check(
                        "Each of two documents with one id names the other.",
                        () -> assertThat(driver().load().errors())
                                .flatExtracting(LoadError::findings)
                                .extracting(Finding::message)
                                .anySatisfy(message -> assertThat(message).contains("a-second-album"))
                                .allSatisfy(message -> assertThat(message).contains("album.yaml")))
                .check("Once one of two is gone the other counts.", () -> {
                    remove(ALBUM);
                    awaitComplete(true);
                    assertThat(run().text(ALBUM_ID)).contains("edit");
                })
                .checks();
    }
}
