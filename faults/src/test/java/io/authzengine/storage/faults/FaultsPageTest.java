package io.authzengine.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/faults.md shows can be loaded, and what it says is tested. */
class FaultsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "faults.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final int ROWS = 41;
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleOfThePageIsLoaded(@TempDir Path directory) throws IOException {
        Matcher example = YAML.matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();
        Path file = Files.writeString(directory.resolve("faults.yaml"), example.group(1));
        FaultRegistry registry = new FaultRegistry(() -> 0, FaultRegistry.Missing.THROWS);
        assertThat(registry.load(file)).isEqualTo(2);
        assertThat(registry.list()).containsExactly("bad_minutes", "slow_link");
    }

    private static String tests() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void s3_41_theLifeOfAFaultIsTold() throws IOException {
        assertThat(Files.readString(PAGE))
                .containsSubsequence("**registered**", "**selected**", "**applied**", "**nothing behind**");
    }

    @Test
    void eachRowHasATestOfItsName() throws IOException {
        String tests = tests();
        for (int row = 1; row <= ROWS; row++) {
            assertThat(tests).containsPattern("void s3_(\\d+_and_)?" + row + "_");
        }
    }

    @Test
    void theTestsThatThePageNamesAreThere() throws IOException {
        String tests = tests();
        Matcher named = NAMED.matcher(Files.readString(PAGE));
        int count = 0;
        while (named.find()) {
            count++;
            assertThat(tests).contains("class " + named.group(1)).contains("void " + named.group(2) + "(");
        }
        assertThat(count).isGreaterThan(10);
    }

    @Test
    void noDriverNeedsFaultsToRun() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path pom : modules.filter(
                            module -> module.getFileName().toString().startsWith("driver-"))
                    .map(module -> module.resolve("pom.xml"))
                    .toList()) {
                assertThat(Files.readString(pom).replaceAll("\\s", ""))
                        .as(pom.toString())
                        .doesNotContainPattern("storage-faults</artifactId>(?!<scope>test)");
            }
        }
    }
}
