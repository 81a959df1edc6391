package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.policy.PolicyMetadata;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever a document says, it is taken as it is: all kinds, all characters, long ones, many. */
abstract class ContentTopic extends Topic {
    private static final int MANY = 150;

    ContentTopic(StorageDriverContract contract) {
        super(contract);
    }

    @TestFactory
    Stream<DynamicTest> ofEachKind() {
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("resource", SamplePolicies.resource("r"));
        documents.put("principal", SamplePolicies.principal("p", "default"));
        documents.put("role", SamplePolicies.role("o", "default"));
        documents.put("derived-roles", SamplePolicies.derivedRoles("d"));
        documents.put("variables", SamplePolicies.exportVariables("v"));
        documents.put("constants", SamplePolicies.exportConstants("c"));
        Map<String, String> byName = documents.entrySet().stream()
                .collect(Collectors.toMap(document -> document.getKey() + ".yaml", Map.Entry::getValue));
        return opened().step(() -> {
                    contract().put(byName);
                    driver().init();
                    awaitCount(documents.size());
                })
                .check(
                        "Documents of all kinds are taken.",
                        () -> assertThat(driver().listPolicies())
                                .extracting(PolicyMetadata::kind)
                                .containsExactlyInAnyOrder(
                                        PolicyKind.RESOURCE_POLICY,
                                        PolicyKind.PRINCIPAL_POLICY,
                                        PolicyKind.ROLE_POLICY,
                                        PolicyKind.DERIVED_ROLES,
                                        PolicyKind.EXPORT_VARIABLES,
                                        PolicyKind.EXPORT_CONSTANTS))
                .check(
                        "Documents of all kinds keep their text.",
                        () -> assertThat(run().texts().values())
                                .containsExactlyInAnyOrderElementsOf(documents.values().stream()
                                        .map(String::strip)
                                        .toList()))
                .check(
                        "The order is the same whatever the kinds.",
                        () -> assertThat(driver().getAllPolicies())
                                .isEqualTo(driver().load().policies().sorted()))
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> ofEachSort() {
        String accents = SamplePolicies.resource("album") + "# é ß 漢字 \uD83D\uDD11\n";
        String noNewline = SamplePolicies.resource("book").strip();
        String wide = SamplePolicies.resource("car") + "# a long line that says nothing\n".repeat(1_500);
        String off = "disabled: true\n" + SamplePolicies.resource("off");
        String crlf = SamplePolicies.resource("lines").replace("\n", "\r\n");
        return opened().step(() -> {
                    contract()
                            .put(Map.of(
                                    ALBUM, accents, BOOK, noNewline, CAR, wide, "off.yaml", off, "lines.yaml", crlf));
                    driver().init();
                    awaitCount(4);
                })
                .check(
                        "Characters from all over the world arrive as they are.",
                        () -> assertThat(run().text(ALBUM_ID)).isEqualTo(accents.strip()))
                .check(
                        "A last line without an end is a line.",
                        () -> assertThat(run().text(BOOK_ID)).isEqualTo(noNewline))
                .check(
                        "A long document arrives whole.",
                        () -> assertThat(run().text(CAR_ID)).isEqualTo(wide.strip()))
                .check("A document that is switched off makes no policy and no error.", () -> {
                    assertThat(run().texts()).doesNotContainKey(SamplePolicies.resourceId("off"));
                    assertThat(driver().load().complete()).isTrue();
                })
                .check(
                        "The ends of lines are the document's own.",
                        () -> assertThat(run().text(SamplePolicies.resourceId("lines")))
                                .isEqualTo(crlf.strip()))
                .check("One document may change its length at will.", () -> {
                    edit("car", "edit");
                    awaitText(CAR_ID, "edit");
                    assertThat(run().text(CAR_ID))
                            .isEqualTo(edited("car", "edit").strip());
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> ofMany() {
        Map<String, String> many = new HashMap<>();
        IntStream.range(0, MANY).forEach(i -> many.put("n" + i + ".yaml", SamplePolicies.resource("n" + i)));
        return opened().step(() -> {
                    contract().put(many);
                    driver().watch(run());
                    driver().init();
                    awaitCount(MANY);
                })
                .check(
                        "Many documents are all there.",
                        () -> assertThat(run().texts())
                                .containsOnlyKeys(IntStream.range(0, MANY)
                                        .mapToObj(i -> SamplePolicies.resourceId("n" + i))
                                        .toArray(PolicyId[]::new)))
                .check(
                        "Of many documents each has its own text.",
                        () -> assertThat(run().texts().values())
                                .containsExactlyInAnyOrderElementsOf(many.values().stream()
                                        .map(String::strip)
                                        .toList()))
                .check("One change among many is one event.", () -> {
                    run().awaitTold();
                    int before = run().events().size();
                    edit("n7", "edit");
                    awaitText(SamplePolicies.resourceId("n7"), "edit");
                    run().awaitTold();
                    assertThat(run().events().subList(before, run().events().size()))
                            .containsExactly("MODIFIED " + SamplePolicies.resourceId("n7"));
                })
                .checks();
    }
}
