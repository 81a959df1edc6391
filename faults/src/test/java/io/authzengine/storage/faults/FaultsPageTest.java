package io.authzengine.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/faults.md shows can be loaded. */
class FaultsPageTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleOfThePageIsLoaded(@TempDir Path directory) throws IOException {
        Matcher example = YAML.matcher(Files.readString(Path.of("..", "docs", "faults.md")));
        assertThat(example.find()).isTrue();
        Path file = Files.writeString(directory.resolve("faults.yaml"), example.group(1));
        FaultRegistry registry = new FaultRegistry(() -> 0, FaultRegistry.Missing.THROWS);
        assertThat(registry.load(file)).isEqualTo(2);
        assertThat(registry.list()).containsExactly("bad_minutes", "slow_link");
    }
}
