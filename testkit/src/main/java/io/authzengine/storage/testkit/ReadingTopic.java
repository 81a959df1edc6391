package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyMetadata;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is handed out is the whole set, as one cut, in a stable order, with its origin. */
abstract class ReadingTopic extends Topic {
    ReadingTopic(StorageDriverContract contract) {
        super(contract);
    }

    @TestFactory
    Stream<DynamicTest> theSet() {
        return loaded().check(
                        "Policies are listed by id.",
                        () -> assertThat(driver().listPolicies())
                                .extracting(PolicyMetadata::id)
                                .containsExactly(ALBUM_ID, BOOK_ID))
                .check(
                        "Policies are handed out by id.",
                        () -> assertThat(driver().getAllPolicies())
                                .extracting(Policy::id)
                                .containsExactly(ALBUM_ID, BOOK_ID))
                .check("All read operations say the same.", () -> {
                    List<Policy> all = driver().getAllPolicies();
                    assertThat(all).isEqualTo(driver().load().policies().sorted());
                    assertThat(all)
                            .allSatisfy(one ->
                                    assertThat(driver().getPolicy(one.id())).contains(one));
                })
                .check("What could be taken as it is is complete.", () -> {
                    assertThat(driver().load().complete()).isTrue();
                    assertThat(driver().load().errors()).isEmpty();
                })
                .check(
                        "The set says whose it is.",
                        () -> assertThat(driver().load().driverId()).isEqualTo(driver().id()))
                .check("The set is numbered, and so are the looks at it.", () -> {
                    assertThat(driver().load().sequence()).isPositive();
                    assertThat(driver().load().looks()).isPositive();
                })
                .check(
                        "The set says when it was read.",
                        () -> assertThat(driver().load().loadedAt())
                                .isBetween(
                                        run().begunAt(), run().context().clock().instant()))
                .check(
                        "A list that was handed out cannot be changed.",
                        () -> assertThatThrownBy(() -> driver().getAllPolicies().clear())
                                .isInstanceOf(UnsupportedOperationException.class))
                .check("A set that was handed out stays as it was.", () -> {
                    LoadResult before = driver().load();
                    edit("album", "edit");
                    awaitText(ALBUM_ID, "edit");
                    assertThat(before.policies()
                                    .find(ALBUM_ID)
                                    .orElseThrow()
                                    .raw()
                                    .toString())
                            .contains("view");
                })
                .checks();
    }

    @TestFactory
    Stream<DynamicTest> aPolicy() {
        return loaded().check(
                        "A policy has the exact text of its document.",
                        () -> assertThat(run().text(ALBUM_ID))
                                .isEqualTo(SamplePolicies.resource("album").strip()))
                .check(
                        "An id that nobody has is empty, not an error.",
                        () -> assertThat(driver().getPolicy(SamplePolicies.resourceId("nobody")))
                                .isEmpty())
                .check(
                        "Another version of a policy is another policy.",
                        () -> assertThat(driver().getPolicy(PolicyId.ofResource("album", "other", "")))
                                .isEmpty())
                .check(
                        "A policy says which driver read it.",
                        () -> assertThat(driver().listPolicies())
                                .allSatisfy(
                                        policy -> assertThat(policy.provenance().driverId())
                                                .isIn(contract().origins(driver()))))
                .check(
                        "A policy says where it stands.",
                        () -> assertThat(driver().listPolicies()).allSatisfy(policy -> {
                            assertThat(policy.source()).contains(policy.name());
                            assertThat(policy.provenance().line()).isPositive();
                        }))
                .check(
                        "The place of a policy shows no secret.",
                        () -> assertThat(driver().listPolicies())
                                .allSatisfy(
                                        policy -> assertThat(policy.source()).doesNotContain(secrets())))
                .check(
                        "Different texts have different hashes.",
                        () -> assertThat(driver().listPolicies())
                                .extracting(PolicyMetadata::contentHash)
                                .doesNotHaveDuplicates()
                                .allSatisfy(hash -> assertThat(hash).hasSize(64)))
                .check("A policy is explained by its document.", () -> {
                    assertThat(driver().explain(ALBUM_ID).policy()).isEqualTo(driver().getPolicy(ALBUM_ID));
                    assertThat(driver().explain(ALBUM_ID).sources()).isNotEmpty();
                })
                .check(
                        "Each rule is explained by the line it begins on.",
                        () -> assertThat(driver().explain(ALBUM_ID).rules())
                                .isNotEmpty()
                                .allSatisfy(rule -> assertThat(rule.origins()).isNotEmpty()))
                .check("What is not there is explained too.", () -> {
                    assertThat(driver().explain(SamplePolicies.resourceId("nobody"))
                                    .policy())
                            .isEmpty();
                    assertThat(driver().explain(SamplePolicies.resourceId("nobody"))
                                    .sources())
                            .isEmpty();
                })
                .checks();
    }
}
