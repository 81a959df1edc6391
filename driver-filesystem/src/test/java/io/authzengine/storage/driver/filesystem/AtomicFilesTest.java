package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("a.yaml");
    }

    private void assertNothingElseIsThere() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(file());
        }
    }

    @Test
    void writesAFileThatWasNotThere() throws IOException {
        AtomicFiles.write(file(), "h\u00e4llo");

        assertThat(file()).hasContent("h\u00e4llo");
        assertNothingElseIsThere();
    }

    @Test
    void replacesAFileAndKeepsItsPermissions() throws IOException {
        AtomicFiles.write(file(), "old");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        AtomicFiles.writeDurably(file(), "new".getBytes(StandardCharsets.UTF_8));

        assertThat(file()).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-r-----");
        assertNothingElseIsThere();
    }

    @Test
    void writesThroughALink() throws IOException {
        Path target = Files.createDirectory(directory.resolve("real")).resolve("b.yaml");
        AtomicFiles.write(target, "old");
        Files.createSymbolicLink(file(), target);

        AtomicFiles.write(file(), "new");

        assertThat(file()).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    void leavesNothingBehindIfItFails() throws IOException {
        Files.createDirectory(file());
        Files.writeString(file().resolve("in-the-way"), "");

        assertThatThrownBy(() -> AtomicFiles.write(file(), "new")).isInstanceOf(IOException.class);

        assertNothingElseIsThere();
    }

    @Test
    void passesOverWhatAKilledProcessLeft() throws IOException {
        long pid = ProcessHandle.current().pid();
        long next = AtomicFiles.COUNT.get() + 1;
        for (long left = next; left < next + 3; left++) {
            Files.writeString(directory.resolve(".a.yaml." + pid + "-" + left + ".tmp"), "left");
        }

        AtomicFiles.write(file(), "new");

        assertThat(file()).hasContent("new");
    }

    @Test
    void needsTheNameOfAFile() {
        assertThatThrownBy(() -> AtomicFiles.write(Path.of("/"), "x")).isInstanceOf(IOException.class);
    }

    @Test
    void showsNoReaderAPart() throws Exception {
        String even = "even".repeat(20_000);
        String odd = "odd".repeat(20_000);
        AtomicFiles.write(file(), even);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < 1_000; i++) {
                    AtomicFiles.write(file(), i % 2 == 0 ? odd : even);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            } finally {
                done.set(true);
            }
        });
        writer.start();
        while (!done.get()) {
            String seen = Files.readString(file());
            assertThat(seen.equals(even) || seen.equals(odd)).isTrue();
        }
        writer.join();
        assertNothingElseIsThere();
    }
}
