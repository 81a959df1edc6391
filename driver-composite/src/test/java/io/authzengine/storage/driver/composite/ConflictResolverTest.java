package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.composite.Conflict.Claim;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConflictResolverTest {
    private static Policy album(String driver, String version) {
        return Documents.policy(
                driver, driver + ".yaml", Documents.resource("album", version, Documents.rule("", driver, "ALLOW")));
    }

    private static Ruling decide(CompositeConfig config, Policy... policies) {
        return new Arbiter("composite", config)
                .decide(List.of(policies).stream()
                        .map(policy -> new Claim(policy.metadata().provenance().driverId(), policy))
                        .toList());
    }

    private static CompositeConfig firstWins() {
        return CompositeConfig.of(MergeStrategy.FIRST_WINS);
    }

    @ParameterizedTest
    @CsvSource({
        "1.9,1.10,1.10",
        "2,10,10",
        "1.0-rc.1,1.0,1.0",
        "1.0-rc.2,1.0-rc.10,1.0-rc.10",
        "1.0-alpha,1.0-1,1.0-alpha",
        "1.0-rc,1.0-rc.1,1.0-rc.1",
        "default,0,0",
        "default,other,default",
        "1,1.0.0,1",
        "v2,1,v2",
        "007,6,007",
        "99999999999999999999999,99999999999999999999998,99999999999999999999999"
    })
    void theHighestVersionIsTakenAndOfEqualsTheFirst(String first, String second, String expected) {
        Ruling ruling = new Arbiter(
                        "composite",
                        firstWins().withKey(ConflictKey.NAME).withResolver(ConflictResolver.highestVersion()))
                .decide(List.of(
                        new Claim("a", GeneratedVersions.album("a", first)),
                        new Claim("b", GeneratedVersions.album("b", second))));
        assertThat(ruling.served())
                .extracting(policy -> policy.metadata().version())
                .containsExactly(expected);
        assertThat(ruling.basis()).isEqualTo(Ruling.Basis.RESOLVER);
    }

    /** Policies of versions that documents could not have. */
    private static final class GeneratedVersions {
        private static Policy album(String driver, String version) {
            io.authzengine.storage.policy.ResourcePolicy like = new GeneratedPolicies(1).resource();
            return GeneratedPolicies.policy(
                    driver,
                    new io.authzengine.storage.policy.ResourcePolicy(
                            like.header(),
                            "album",
                            version,
                            "",
                            like.scopePermissions(),
                            like.importDerivedRoles(),
                            like.variables(),
                            like.constants(),
                            like.schemas(),
                            like.rules()));
        }
    }

    @Test
    void theNewestIsTakenAndOneWithoutATimeIsOldest() {
        CompositeConfig newest = firstWins().withResolver(ConflictResolver.newest());
        Policy none = album("a", "1");
        Policy old = Documents.changedAt(album("b", "1"), Instant.EPOCH);
        Policy young = Documents.changedAt(album("c", "1"), Instant.EPOCH.plusSeconds(1));
        assertThat(decide(newest, none, old, young).served()).containsExactly(young);
        assertThat(decide(newest, none, old).served()).containsExactly(old);
    }

    @Test
    void aResolverComesBeforeTheStrategyButIsNotAskedWhereOneDriverSpeaks() {
        CompositeConfig last = firstWins()
                .withResolver(conflict ->
                        Optional.of(conflict.policies().get(conflict.policies().size() - 1)));
        Policy first = album("a", "1");
        Policy second = album("b", "1");
        assertThat(decide(last, first, second).served()).containsExactly(second);
        assertThat(decide(last, first).basis()).isEqualTo(Ruling.Basis.ONLY_SOURCE);
    }

    @Test
    void forLastWinsAResolverSeesTheLastDriverFirst() {
        Policy first = album("a", "1");
        Policy second = album("b", "1");
        CompositeConfig config = CompositeConfig.of(MergeStrategy.LAST_WINS)
                .withResolver(conflict -> Optional.of(conflict.policies().get(0)));
        assertThat(decide(config, first, second).served()).containsExactly(second);
    }

    @Test
    void oneThatThrowsOrReturnsSomethingElseLeavesItToTheStrategyWithAWarning() {
        Policy first = album("a", "1");
        Policy second = album("b", "1");
        Policy stranger = album("x", "9");
        List<ConflictResolver> bad = List.of(
                conflict -> {
                    throw new IllegalStateException("oh");
                },
                conflict -> Optional.of(stranger),
                BadResolvers.returningNull());
        for (ConflictResolver resolver : bad) {
            Ruling ruling = decide(firstWins().withResolver(resolver), first, second);
            assertThat(ruling.served()).containsExactly(first);
            assertThat(ruling.warnings()).singleElement().satisfies(finding -> {
                assertThat(finding.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
                assertThat(finding.isError()).isFalse();
                assertThat(finding.place().location()).isEqualTo("a.yaml");
            });
        }
    }

    /** What an application without null checks may write. */
    private static final class BadResolvers {
        @SuppressWarnings("NullAway")
        private static ConflictResolver returningNull() {
            return conflict -> null;
        }
    }

    @Test
    void oneThatHasNoOpinionLeavesItToTheStrategyWithoutAWord() {
        Ruling ruling = decide(
                firstWins()
                        .withResolver(
                                ConflictResolver.byKind(Map.of(PolicyKind.DERIVED_ROLES, ConflictResolver.newest()))),
                album("a", "1"),
                album("b", "1"));
        assertThat(ruling.basis()).isEqualTo(Ruling.Basis.STRATEGY);
        assertThat(ruling.warnings()).isEmpty();
    }

    @Test
    void aKindMayHaveAStrategyOfItsOwn() {
        CompositeConfig config =
                firstWins().withStrategyByKind(Map.of(PolicyKind.RESOURCE_POLICY, MergeStrategy.LAST_WINS));
        Policy second = album("b", "1");
        assertThat(decide(config, album("a", "1"), second).served()).containsExactly(second);
    }

    @Test
    void overlapsThatAreRejectedNameEachPlaceInItsOwnSource() {
        Ruling ruling = decide(CompositeConfig.of(MergeStrategy.REJECT), album("a", "1"), album("b", "1"));
        assertThat(ruling.served()).isEmpty();
        assertThat(ruling.contest())
                .extracting(finding -> finding.place().toString() + " " + finding.message())
                .containsExactly(
                        "a.yaml:1:1 resource.album.v1 is also in b: b.yaml:1:1, and mergeStrategy is reject",
                        "b.yaml:1:1 resource.album.v1 is also in a: a.yaml:1:1, and mergeStrategy is reject");
    }

    @Test
    void otherVersionsCannotBeMerged() {
        CompositeConfig byName = CompositeConfig.of(MergeStrategy.MERGE_RULES).withKey(ConflictKey.NAME);
        Policy one = album("a", "1");
        Ruling warned = decide(byName, one, album("b", "2"));
        assertThat(warned.served()).containsExactly(one);
        assertThat(warned.warnings()).hasSize(1);
        Ruling refused = decide(
                CompositeConfig.of(MergeStrategy.DENY_OVERRIDES).withKey(ConflictKey.NAME), one, album("b", "2"));
        assertThat(refused.contest()).hasSize(1);
    }
}
