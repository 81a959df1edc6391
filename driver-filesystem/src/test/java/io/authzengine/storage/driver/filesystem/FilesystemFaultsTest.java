package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.error.WatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the watch does where the system lets it down. */
class FilesystemFaultsTest {
    @TempDir
    Path directory;

    private Tree tree;
    private FilesystemConfig config;
    private final FaultyFiles files = new FaultyFiles();
    private final List<Mirror> opened = new ArrayList<>();

    @BeforeEach
    void configure() throws IOException {
        directory = directory.toRealPath();
        tree = new Tree(Files.createDirectory(directory.resolve("p")));
        config = FilesystemConfig.of(Path.of("p")).withBase(directory).withRescanInterval(Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        opened.forEach(Mirror::close);
    }

    private Mirror following() {
        Mirror mirror = new Mirror(config, files);
        opened.add(mirror);
        mirror.open().look();
        mirror.follow();
        return mirror;
    }

    @Nested
    class WatchesThatAreNotToBeHad {
        @Test
        void becauseThereAreTooManyInstancesCanBeTriedAgain() {
            files.watches = root -> {
                throw new IOException("User limit of inotify instances reached or too many open files");
            };
            Mirror mirror = new Mirror(config, files);
            opened.add(mirror);
            mirror.open().look();

            assertThatThrownBy(mirror::follow)
                    .isInstanceOf(WatchException.class)
                    .hasMessageContaining("User limit")
                    .hasMessageContaining("fs.inotify.max_user_instances")
                    .hasMessageContaining("sysctl");
            tree.write("a.yaml", "a");
            mirror.look();
            assertThat(mirror.contents).containsOnlyKeys("p/a.yaml");

            files.watches = null;
            mirror.follow().followUntilQuiet();
            tree.write("b.yaml", "b");
            mirror.followUntilContents(Map.of("p/a.yaml", "a", "p/b.yaml", "b"));
        }

        @Test
        void becauseThereAreTooManyDirectoriesLeavePollingAndTellTheRemedy() {
            files.unwatchable.add(tree.at("d"));
            tree.write("d/a.yaml", "a");

            Mirror mirror = following();
            mirror.look();

            assertThat(mirror.pollingOnly)
                    .singleElement()
                    .satisfies(reason -> assertThat(reason)
                            .contains("User limit", "after 2 directories", "fs.inotify.max_user_watches", "sysctl"));
            tree.write("d/b.yaml", "b");
            mirror.look();
            assertThat(mirror.contents).containsOnlyKeys("p/d/a.yaml", "p/d/b.yaml");
            assertThat(mirror.lost).isEmpty();
        }

        @Test
        void becauseTheFileSystemHasNoneLeavePolling() {
            files.watches = root -> {
                throw new UnsupportedOperationException();
            };

            assertThat(following().pollingOnly).singleElement().asString().contains("p is on a file system");
        }

        @Test
        void becauseOtherMachinesWriteLeavePollingAndEveryLookIsAtEverything() {
            files.type = "nfs4";
            Mirror mirror = following();

            assertThat(mirror.pollingOnly).singleElement().asString().contains("nfs4");
            tree.write("a.yaml", "a");
            mirror.followUntilContents(Map.of("p/a.yaml", "a"));
            assertThat(mirror.lastManifest().isComplete()).isTrue();
        }

        @Test
        void becauseTheyAreSwitchedOffLeavePollingWithoutAWord() {
            config = config.withoutWatch();
            Mirror mirror = following();

            tree.write("a.yaml", "a");
            mirror.look();

            assertThat(mirror.pollingOnly).isEmpty();
            assertThat(mirror.hints.get()).isZero();
            assertThat(mirror.contents).containsOnlyKeys("p/a.yaml");
        }

        @Test
        void becauseTheRootIsGoneAreBegunAllTheSame() {
            files.watches = root -> new ScriptedWatch();
            Mirror mirror = new Mirror(config, files);
            opened.add(mirror);
            mirror.open().look();
            files.typeFailure = new NoSuchFileException("p");

            mirror.follow();

            assertThat(mirror.pollingOnly).isEmpty();
            Mirror.await(() -> mirror.hints.get() > 0);
        }
    }

    @Nested
    class Overflow {
        @Test
        void makesTheNextLookOneAtEverything() {
            ScriptedWatch watch = new ScriptedWatch();
            files.watches = root -> watch;
            Mirror mirror = following();
            tree.write("a.yaml", "a");
            long hints = mirror.hints.get();

            watch.signal(StandardWatchEventKinds.OVERFLOW);

            Mirror.await(() -> mirror.hints.get() > hints);
            mirror.followUntilContents(Map.of("p/a.yaml", "a"));
            assertThat(mirror.lastManifest().isComplete()).isTrue();
        }
    }

    @Nested
    class AWatchThatEnds {
        @Test
        void byItselfIsToldAndCanBeBegunAgain() {
            ScriptedWatch watch = new ScriptedWatch();
            files.watches = root -> watch;
            Mirror mirror = following();

            watch.closed = true;

            Mirror.await(() -> mirror.lost.size() == 1);
            assertThat(mirror.lost)
                    .allSatisfy(reason -> assertThat(reason)
                            .isInstanceOf(WatchException.class)
                            .hasMessageContaining("SD-005")
                            .hasMessageContaining("fs-test"));
            files.watches = null;
            mirror.follow();
            mirror.followUntilQuiet();
            tree.write("a.yaml", "a");
            mirror.followUntilContents(Map.of("p/a.yaml", "a"));
        }

        @Test
        void byAnInterruptIsTold() {
            ScriptedWatch watch = new ScriptedWatch();
            watch.interrupts = true;
            files.watches = root -> watch;

            Mirror mirror = following();

            Mirror.await(() -> mirror.lost.size() == 1);
            assertThat(watch.closed).isTrue();
        }
    }
}
