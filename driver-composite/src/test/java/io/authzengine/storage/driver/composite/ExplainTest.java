package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.driver.Explanation.Standing;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.testkit.SamplePolicies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExplainTest {
    private static final int POLICIES = 1_000;

    private final Layers layers = new Layers();

    @AfterEach
    void close() {
        layers.close();
    }

    private static List<String> standings(Explanation explanation) {
        return explanation.sources().stream()
                .map(source -> source.standing() + " "
                        + source.policy().metadata().provenance().driverId())
                .toList();
    }

    @Test
    void theWinnerComesFirstAndTheHiddenSayWhy() {
        layers.overrides.put("album.yaml", Layers.album("edit"));
        layers.base.put("album.yaml", Layers.album("view"));
        Explanation explanation = layers.followed(MergeStrategy.FIRST_WINS).explain(Layers.ALBUM);
        assertThat(standings(explanation)).containsExactly("WON overrides", "SHADOWED base");
        assertThat(explanation.sources().get(1).reason()).contains("overrides comes before it");
        assertThat(explanation.rules())
                .containsExactly(
                        new Explanation.Rule("rules[0]", List.of(new Provenance("overrides", "album.yaml", 6, "r1"))));
    }

    @Test
    void nobodySpeaksOfWhatIsNotThere() {
        StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
        Explanation explanation = driver.explain(Layers.ALBUM);
        assertThat(explanation.policy()).isEmpty();
        assertThat(explanation.sources()).isEmpty();
    }

    @Test
    void theOnlySourceIsTheOnlySource() {
        layers.base.put("album.yaml", Layers.album("view"));
        assertThat(layers.followed(MergeStrategy.FIRST_WINS)
                        .explain(Layers.ALBUM)
                        .sources())
                .extracting(Explanation.Source::reason)
                .containsExactly("the only source");
    }

    @Test
    void whatRepeatsOthersIsHiddenAndWhatContradictsIsTold() {
        layers.overrides.put("album.yaml", Layers.album("view"));
        layers.team.put("album.yaml", Layers.album("view"));
        layers.base.put("album.yaml", Layers.album("edit").replace("  rules:", "  scope: \"\"\n  rules:"));
        Explanation merged = layers.followed(MergeStrategy.MERGE_RULES).explain(Layers.ALBUM);
        assertThat(standings(merged)).containsExactly("MERGED overrides", "SHADOWED team", "MERGED base");
    }

    @Test
    void contestedClaimsCarryTheFindings() {
        layers.overrides.put("constants.yaml", SamplePolicies.exportConstants("limits"));
        layers.base.put(
                "constants.yaml", SamplePolicies.exportConstants("limits").replace("10", "1000"));
        StorageDriver driver = layers.followed(MergeStrategy.DENY_OVERRIDES);
        Explanation explanation = driver.explain(PolicyId.ofExportConstants("limits"));
        assertThat(explanation.policy()).isEmpty();
        assertThat(standings(explanation)).containsExactly("CONTESTED overrides", "CONTESTED base");
        assertThat(explanation.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("limit"));
    }

    @Test
    void brokenDocumentsThatConcernItAreTold() {
        layers.base.put("album.yaml", Layers.album("view"));
        StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
        layers.base.put("album.yaml", SamplePolicies.broken());
        layers.simulation.advance(java.time.Duration.ofSeconds(1));
        Explanation explanation = driver.explain(Layers.ALBUM);
        assertThat(explanation.policy()).isPresent();
        assertThat(explanation.findings()).isNotEmpty();
    }

    @Test
    void driversMadeOfDriversTellOfTheirOwn() {
        layers.overrides.put("album.yaml", Layers.album("edit"));
        layers.team.put("album.yaml", Layers.album("share"));
        layers.base.put("album.yaml", Layers.album("view"));
        StorageDriver inner = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS).withId("inner"), layers.teamPart(), layers.basePart());
        StorageDriver below = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS), layers.overridesPart(), ChildDriver.of(inner));
        below.init();
        assertThat(standings(below.explain(Layers.ALBUM)))
                .containsExactly("WON overrides", "SHADOWED team", "SHADOWED base");
    }

    @Test
    void otherVersionsCompeteWhereTheNameIsTheKey() {
        layers.overrides.put("one.yaml", SamplePolicies.resource("album", "9", "edit"));
        layers.base.put("two.yaml", SamplePolicies.resource("album", "10", "view"));
        StorageDriver driver = layers.composite(
                CompositeConfig.of(MergeStrategy.FIRST_WINS)
                        .withKey(ConflictKey.NAME)
                        .withResolver(ConflictResolver.highestVersion()),
                layers.overridesPart(),
                layers.basePart());
        driver.init();
        Explanation hidden = driver.explain(PolicyId.ofResource("album", "9", ""));
        assertThat(hidden.policy()).isEmpty();
        assertThat(standings(hidden)).containsExactly("SHADOWED overrides", "WON base");
    }

    /** Each rule allows an action that names the place it stands at, so that it is known what the explanation must be. */
    @Test
    void isRightForEachRuleOfAThousandPoliciesWithOverlaps() {
        Map<PolicyId, List<String>> expected = new TreeMap<>();
        layers.overrides.change(held -> fill(held, "overrides", 3, expected));
        layers.team.change(held -> fill(held, "team", 2, expected));
        layers.base.change(held -> fill(held, "base", 1, expected));
        StorageDriver driver = layers.followed(MergeStrategy.MERGE_RULES);
        assertThat(driver.load().policies().size()).isEqualTo(POLICIES);
        expected.forEach((id, rules) -> {
            Explanation explanation = driver.explain(id);
            assertThat(explanation.rules().stream().map(ExplainTest::told))
                    .as("%s", id)
                    .containsExactlyElementsOf(rules);
            Standing standing = explanation.sources().size() == 1 ? Standing.WON : Standing.MERGED;
            assertThat(explanation.sources()).allMatch(source -> source.standing() == standing);
        });
    }

    private static void fill(Map<String, String> held, String driver, int every, Map<PolicyId, List<String>> expected) {
        for (int i = 0; i < POLICIES; i += every) {
            String name = "p" + i;
            StringBuilder document = new StringBuilder("# A comment of " + driver + "\n");
            document.append("apiVersion: api.cerbos.dev/v1\nresourcePolicy:\n  resource: ")
                    .append(name);
            document.append("\n  version: default\n  rules:\n");
            List<String> rules = expected.computeIfAbsent(SamplePolicies.resourceId(name), id -> new ArrayList<>());
            for (int rule = 0; rule <= i % 3; rule++) {
                int line = 7 + 4 * rule;
                document.append("    - name: r")
                        .append(rule)
                        .append("-of-")
                        .append(driver)
                        .append("\n      actions: [\"");
                document.append(driver).append(line).append("\"]\n      effect: EFFECT_ALLOW\n      roles: [user]\n");
                rules.add("r" + rule + "-of-" + driver + " " + driver + ":" + name + ".yaml:" + line);
            }
            held.put(name + ".yaml", document.toString());
        }
    }

    private static String told(Explanation.Rule rule) {
        Provenance origin = rule.origins().get(0);
        return rule.label().replaceFirst(".* ", "") + " " + origin.driverId() + ":" + origin.location() + ":"
                + origin.line();
    }
}
