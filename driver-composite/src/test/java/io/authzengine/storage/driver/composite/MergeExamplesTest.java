package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.composite.Conflict.Claim;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The examples on the documentation page hold. */
class MergeExamplesTest {
    private static final Path PAGE = Path.of("..", "docs", "drivers", "composite.md");
    private static final Pattern FENCE = Pattern.compile("```yaml\\n# ([^\\n]*)\\n(.*?)```", Pattern.DOTALL);

    private record Fence(String title, String body) {}

    private static List<Fence> fences() throws IOException {
        List<Fence> fences = new ArrayList<>();
        Matcher matcher = FENCE.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            fences.add(new Fence(matcher.group(1), matcher.group(2)));
        }
        return fences;
    }

    private static Stream<Integer> beginnings() throws IOException {
        List<Fence> fences = fences();
        return Stream.iterate(0, i -> i + 1)
                .limit(fences.size())
                .filter(i -> fences.get(i).title().endsWith(": first"));
    }

    @Test
    void thePageHasExamplesOfEachKindAndBothStrategies() throws IOException {
        List<Fence> fences = fences();
        List<String> kinds = beginnings()
                .map(i -> fences.get(i).title().replace(": first", "") + " "
                        + fences.get(i).body().lines().findFirst().orElseThrow())
                .toList();
        assertThat(kinds)
                .contains(
                        "merge-rules resourcePolicy:",
                        "merge-rules principalPolicy:",
                        "merge-rules rolePolicy:",
                        "merge-rules derivedRoles:",
                        "merge-rules exportVariables:",
                        "merge-rules exportConstants:",
                        "deny-overrides resourcePolicy:",
                        "deny-overrides rolePolicy:");
    }

    @TestFactory
    Stream<DynamicTest> eachExampleHolds() throws IOException {
        List<Fence> fences = fences();
        return beginnings()
                .map(i -> DynamicTest.dynamicTest(
                        fences.get(i).title() + ", example at fence " + i,
                        () -> holds(fences.get(i), fences.get(i + 1), fences.get(i + 2))));
    }

    private static void holds(Fence first, Fence next, Fence outcome) {
        assertThat(next.title()).isEqualTo("next");
        MergeStrategy strategy = MergeStrategy.valueOf(
                first.title().replace(": first", "").replace('-', '_').toUpperCase(Locale.ROOT));
        Policy upper = Documents.policy("first", "first.yaml", first.body());
        Policy lower = Documents.policy("next", "next.yaml", next.body());
        Ruling ruling = new Arbiter("composite", CompositeConfig.of(strategy))
                .decide(List.of(new Claim("first", upper), new Claim("next", lower)));
        String title = outcome.title();
        if (title.startsWith("refused: ")) {
            assertThat(messages(ruling.contest())).contains(title.replace("refused: ", ""));
            return;
        }
        assertThat(ruling.contest()).isEmpty();
        assertThat(ruling.served()).hasSize(1);
        assertThat(ruling.served().get(0).content())
                .isEqualTo(Documents.policy("x", "x.yaml", outcome.body()).content());
        if (title.startsWith("warned: ")) {
            assertThat(messages(ruling.warnings())).contains(title.replace("warned: ", ""));
        } else {
            assertThat(ruling.warnings()).isEmpty();
        }
    }

    private static String messages(List<Finding> findings) {
        return String.join("\n", findings.stream().map(Finding::message).toList());
    }
}
