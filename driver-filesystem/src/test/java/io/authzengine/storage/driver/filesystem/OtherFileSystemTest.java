package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.Revision;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system without inodes, times of change, relative opening and events: what the driver can do with the least. */
class OtherFileSystemTest {
    @TempDir
    Path directory;

    private FileSystem zip;
    private Tree tree;
    private Mirror mirror;

    @BeforeEach
    void open() throws IOException {
        zip = FileSystems.newFileSystem(directory.resolve("policies.zip"), Map.of("create", "true"));
        tree = new Tree(Files.createDirectory(zip.getPath("/p")));
        mirror = new Mirror(FilesystemConfig.of(zip.getPath("/p")));
    }

    @AfterEach
    void close() throws IOException {
        mirror.close();
        zip.close();
    }

    @Test
    void isListedAndRead() {
        tree.write("a.yaml", "a");
        tree.write("deep/b.yaml", "b");

        mirror.open().look();
        assertThat(mirror.contents).isEqualTo(Map.of("/p/a.yaml", "a", "/p/deep/b.yaml", "b"));

        tree.write("a.yaml", "changed");
        tree.delete("deep");
        mirror.look();
        assertThat(mirror.contents).isEqualTo(Map.of("/p/a.yaml", "changed"));
    }

    @Test
    void isPolled() {
        mirror.open().follow();

        assertThat(mirror.pollingOnly).hasSize(1);
    }

    @Test
    void tellsIfAFileHasChangedSinceItWasListed() {
        tree.write("a.yaml", "a");
        Manifest manifest = mirror.open().source.manifest(Revision.NONE).orElseThrow();
        tree.write("a.yaml", "longer");

        assertThat(mirror.takeIn(manifest)).isFalse();
    }

    @Test
    void tellsIfTheRootIsGone() {
        mirror.open().look();
        tree.delete("");

        assertThatThrownBy(mirror::look).isInstanceOf(NotFoundException.class);
    }
}
