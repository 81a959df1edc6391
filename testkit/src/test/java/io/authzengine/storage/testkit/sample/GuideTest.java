package io.authzengine.storage.testkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The guides show the driver, its contract test and the tests of a user as they are compiled and run here. */
class GuideTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path SOURCES =
            Path.of("src", "test", "java", "io", "authzengine", "storage", "testkit", "sample");

    @Test
    void showsTheDriverThatPassesTheContract() throws IOException {
        assertShows("writing-a-driver.md", "ArchiveDriverProvider.java");
        assertShows("writing-a-driver.md", "ArchiveContractTest.java");
    }

    @Test
    void showsTheTestsOfWhatUsesAStore() throws IOException {
        assertShows("testing.md", "PhotoPermissionsTest.java");
    }

    private static void assertShows(String guide, String source) throws IOException {
        assertThat(Files.readString(DOCS.resolve(guide)))
                .contains("```java\n" + Files.readString(SOURCES.resolve(source)) + "```\n");
    }
}
