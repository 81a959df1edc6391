package io.authzengine.storage.testkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The guide shows the driver and its contract test as they are compiled and run here. */
class GuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "writing-a-driver.md");
    private static final Path SOURCES =
            Path.of("src", "test", "java", "io", "authzengine", "storage", "testkit", "sample");

    @Test
    void showsTheDriverThatPassesTheContract() throws IOException {
        assertShows("ArchiveDriverProvider.java");
        assertShows("ArchiveContractTest.java");
    }

    private static void assertShows(String source) throws IOException {
        assertThat(Files.readString(GUIDE)).contains("```java\n" + Files.readString(SOURCES.resolve(source)) + "```\n");
    }
}
