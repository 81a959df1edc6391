package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FilesystemConfigTest {
    private final FilesystemConfig config = FilesystemConfig.of(Path.of("a"));

    @Test
    void hasTheDefaultsOfTheDesign() {
        assertThat(config.extensions()).containsExactly(".yaml", ".yml", ".json");
        assertThat(config.exclude()).containsExactly("**/node_modules/**", "**/.git/**");
        assertThat(config.recursive()).isTrue();
        assertThat(config.watch()).isTrue();
        assertThat(config.watchQuietPeriod()).isEqualTo(Duration.ofMillis(50));
        assertThat(config.watchDebounce()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.rescanInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.callTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void makesAnIdOfThePathsWhateverTheirOrderAndForm() {
        Path base = Path.of("/base");
        String id =
                FilesystemConfig.of(Path.of("a"), Path.of("b")).withBase(base).id();

        assertThat(id).matches("fs-[0-9a-f]{8}");
        assertThat(FilesystemConfig.of(Path.of("/base/b"), Path.of("./x/../a"), Path.of("a"))
                        .withBase(base)
                        .id())
                .isEqualTo(id);
        assertThat(FilesystemConfig.of(Path.of("a"), Path.of("c"))
                        .withBase(base)
                        .id())
                .isNotEqualTo(id);
    }

    @Test
    void takesTheIdItIsGiven() {
        assertThat(config.withId("mine").id()).isEqualTo("mine");
    }

    @Test
    void changesOneValueAtATime() {
        FilesystemConfig changed = config.withId("mine")
                .withBase(Path.of("/base"))
                .withExtensions(List.of(".policy"))
                .withExclude(List.of("x"))
                .withoutSubdirectories()
                .withoutWatch()
                .withDebounce(Duration.ofMillis(1), Duration.ofMillis(2))
                .withRescanInterval(Duration.ofMillis(3))
                .withCallTimeout(Duration.ofMillis(4));

        assertThat(changed)
                .isEqualTo(new FilesystemConfig(
                        Optional.of("mine"),
                        List.of(Path.of("a")),
                        Path.of("/base"),
                        List.of(".policy"),
                        List.of("x"),
                        false,
                        false,
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        Duration.ofMillis(4)));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(FilesystemConfig::of).withMessageContaining("paths");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withExtensions(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> config.withExclude(List.of("[")));
        assertThatIllegalArgumentException().isThrownBy(() -> config.withCallTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> config.withRescanInterval(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withDebounce(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessageContaining("watchDebounce (1000 ms)")
                .withMessageContaining("2000 ms");
    }
}
