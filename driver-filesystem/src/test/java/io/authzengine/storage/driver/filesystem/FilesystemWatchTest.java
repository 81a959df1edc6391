package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.error.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With real events, and nothing else that makes the mirror look. */
class FilesystemWatchTest {
    @TempDir
    Path directory;

    private Tree tree;
    private FilesystemConfig config;
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

    /** Opens, looks as the loop does, and waits until the watch covers all there is. */
    private Mirror following() {
        Mirror mirror = new Mirror(config);
        opened.add(mirror);
        mirror.open().look();
        mirror.follow().followUntilQuiet();
        mirror.manifests.clear();
        return mirror;
    }

    private static long deltas(Mirror mirror) {
        return mirror.manifests.stream()
                .filter(manifest -> !manifest.isComplete())
                .count();
    }

    @Nested
    class Saving {
        @Test
        void inPlaceIsHeardOf() {
            tree.write("a.yaml", "old");
            tree.write("b.yaml", "b");
            Mirror mirror = following();

            tree.write("a.yaml", "new");

            mirror.followUntilContents(Map.of("p/a.yaml", "new", "p/b.yaml", "b"));
            assertThat(deltas(mirror)).isPositive();
        }

        @Test
        void besideAndByRenameIsHeardOf() {
            tree.write("a.yaml", "old");
            Mirror mirror = following();

            tree.replace("a.yaml", "new");

            mirror.followUntilContents(Map.of("p/a.yaml", "new"));
            assertThat(mirror.manifests).allMatch(manifest -> manifest.gone().isEmpty());
        }

        @Test
        void byDeletingAndCreatingIsHeardOf() {
            tree.write("a.yaml", "old");
            Mirror mirror = following();

            tree.delete("a.yaml");
            tree.write("a.yaml", "new");

            mirror.followUntilContents(Map.of("p/a.yaml", "new"));
        }

        @Test
        void asABackupAndANewFileIsHeardOf() {
            tree.write("a.yaml", "old");
            Mirror mirror = following();

            tree.move("a.yaml", "a.yaml~");
            tree.write("a.yaml", "new");

            mirror.followUntilContents(Map.of("p/a.yaml", "new"));
        }

        @Test
        void aNewFileIsHeardOf() {
            Mirror mirror = following();

            tree.write("a.yaml", "new");

            mirror.followUntilContents(Map.of("p/a.yaml", "new"));
        }

        @Test
        void isHeardOfHoweverOftenEverythingWasLookedAtBefore() {
            tree.write("d/a.yaml", "old");
            Mirror mirror = following();
            for (int i = 0; i < 5; i++) {
                mirror.look();
            }

            tree.write("d/a.yaml", "new");

            mirror.followUntilContents(Map.of("p/d/a.yaml", "new"));
        }

        @Test
        void whatIsNoDocumentBringsNothing() {
            tree.write("a.yaml", "a");
            Mirror mirror = following();

            tree.write(".a.yaml.swp", "editor");
            tree.write("readme.md", "text");
            tree.write("_schemas/x.json", "schema");
            mirror.followUntilQuiet();

            assertThat(mirror.hints.get()).isPositive();
            assertThat(mirror.contents).containsOnlyKeys("p/a.yaml");
            assertThat(mirror.manifests).isEmpty();
        }

        @Test
        void twoEditsThatLookTheSameAreBothHeardOf() {
            Mirror mirror = following();
            for (int i = 10; i < 40; i++) {
                tree.write("a.yaml", Integer.toString(i));

                mirror.followUntilContents(Map.of("p/a.yaml", Integer.toString(i)));
            }
        }
    }

    @Nested
    class Deleting {
        @Test
        void aFileIsHeardOf() {
            tree.write("a.yaml", "a");
            tree.write("b.yaml", "b");
            Mirror mirror = following();

            tree.delete("a.yaml");

            mirror.followUntilContents(Map.of("p/b.yaml", "b"));
            assertThat(mirror.lastManifest().gone()).containsExactly("p/a.yaml");
        }

        @Test
        void aTreeIsHeardOf() {
            tree.write("m/a.yaml", "a");
            tree.write("m/deep/deeper/b.yaml", "b");
            tree.write("c.yaml", "c");
            Mirror mirror = following();

            tree.delete("m");

            mirror.followUntilContents(Map.of("p/c.yaml", "c"));
        }
    }

    @Nested
    class Directories {
        @Test
        void thatAreMadeAndFilledAtOnceAreHeardOfWholly() {
            Mirror mirror = following();
            Map<String, String> expected = new TreeMap<>();
            for (int i = 0; i < 1_000; i++) {
                String name = "d" + i % 10 + "/e" + i % 100 + "/f" + i + ".yaml";
                tree.write(name, Integer.toString(i));
                expected.put("p/" + name, Integer.toString(i));
            }

            mirror.followUntilContents(expected);
        }

        @Test
        void thatAreNewAreWatchedThemselves() {
            Mirror mirror = following();
            tree.write("d/e/a.yaml", "old");
            mirror.followUntilContents(Map.of("p/d/e/a.yaml", "old"));

            tree.write("d/e/a.yaml", "new");

            mirror.followUntilContents(Map.of("p/d/e/a.yaml", "new"));
        }

        @Test
        void thatAreRenamedKeepTheirDocumentsAndAreWatchedUnderTheNewName() {
            tree.write("m/deep/a.yaml", "a");
            Mirror mirror = following();

            tree.move("m", "n");
            mirror.followUntilContents(Map.of("p/n/deep/a.yaml", "a"));
            assertThat(mirror.manifests)
                    .allMatch(manifest -> !manifest.entries().isEmpty());
            tree.write("n/deep/a.yaml", "new");

            mirror.followUntilContents(Map.of("p/n/deep/a.yaml", "new"));
        }

        @Test
        void thatAreMovedInAndOutAreHeardOf() {
            Tree outside = new Tree(tree.directory("../outside"));
            outside.write("m/deep/a.yaml", "a");
            Mirror mirror = following();

            tree.move("../outside/m", "m");
            mirror.followUntilContents(Map.of("p/m/deep/a.yaml", "a"));
            tree.move("m", "../outside/n");
            mirror.followUntilContents(Map.of());
            long hints = mirror.hints.get();
            outside.write("n/deep/a.yaml", "nobody's");
            tree.write("b.yaml", "b");

            mirror.followUntilContents(Map.of("p/b.yaml", "b"));
            assertThat(mirror.hints.get()).isGreaterThan(hints);
        }

        @Test
        void thatSwapNamesSwapTheirDocuments() {
            tree.write("m/a.yaml", "1");
            tree.write("n/a.yaml", "2");
            Mirror mirror = following();

            tree.move("m", "x");
            tree.move("n", "m");
            tree.move("x", "n");

            mirror.followUntilContents(Map.of("p/m/a.yaml", "2", "p/n/a.yaml", "1"));
            tree.write("m/a.yaml", "3");
            tree.write("n/a.yaml", "4");
            mirror.followUntilContents(Map.of("p/m/a.yaml", "3", "p/n/a.yaml", "4"));
        }

        @Test
        void thatBecomeFilesAndBackAreHeardOf() {
            tree.write("x.yaml/a.yaml", "a");
            Mirror mirror = following();

            tree.delete("x.yaml");
            tree.write("x.yaml", "file");
            mirror.followUntilContents(Map.of("p/x.yaml", "file"));
            tree.delete("x.yaml");
            tree.write("x.yaml/b.yaml", "b");

            mirror.followUntilContents(Map.of("p/x.yaml/b.yaml", "b"));
        }

        @Test
        void thatAreNotWantedAreNotEntered() {
            config = config.withoutSubdirectories();
            Mirror mirror = following();

            tree.write("d/a.yaml", "no");
            tree.write("b.yaml", "b");

            mirror.followUntilContents(Map.of("p/b.yaml", "b"));
        }
    }

    @Nested
    class Bursts {
        @Test
        void ofMoreFilesThanTheQueueHoldsLoseNothing() {
            Mirror mirror = following();
            Map<String, String> expected = new HashMap<>();
            for (int i = 0; i < 5_000; i++) {
                tree.write(i + ".yaml", Integer.toString(i));
                expected.put("p/" + i + ".yaml", Integer.toString(i));
            }

            mirror.followUntilContents(expected);
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        void ofAllSortsEndInWhatIsThere(long seed) {
            RandomGenerator random = new SplittableRandom(seed);
            Mirror mirror = following();
            for (int i = 0; i < 400; i++) {
                randomChange(random, i);
                if (random.nextInt(40) == 0) {
                    mirror.followUntilQuiet();
                    assertThat(mirror.contents).as("seed %s, step %s", seed, i).isEqualTo(onDisk());
                }
            }
            mirror.followUntilQuiet();

            assertThat(mirror.contents).as("seed %s", seed).isEqualTo(onDisk());
        }

        private void randomChange(RandomGenerator random, int step) {
            String parent = "d" + random.nextInt(3);
            String file = parent + "/e" + random.nextInt(3) + "/f" + random.nextInt(3) + ".yaml";
            String other = "d" + random.nextInt(3);
            switch (random.nextInt(5)) {
                case 0 -> {
                    if (Files.exists(tree.at(file))) {
                        tree.delete(file);
                    }
                }
                case 1 -> {
                    if (Files.exists(tree.at(parent)) && !Files.exists(tree.at(other))) {
                        tree.move(parent, other);
                    }
                }
                case 2 -> {
                    tree.directory(file.substring(0, file.lastIndexOf('/')));
                    tree.replace(file, "replaced " + step);
                }
                default -> tree.write(file, "written " + step);
            }
        }

        private Map<String, String> onDisk() {
            Mirror fresh = new Mirror(config.withoutWatch());
            opened.add(fresh);
            fresh.open().look();
            return fresh.contents;
        }
    }

    @Nested
    class ConfigMaps {
        private Tree volume() {
            tree.write("..v1/a.yaml", "1");
            tree.write("..v1/b.yaml", "1");
            tree.link("..data", "..v1");
            tree.link("a.yaml", "..data/a.yaml");
            tree.link("b.yaml", "..data/b.yaml");
            return tree;
        }

        @Test
        void areReadThroughTheirLinks() {
            volume();

            assertThat(following().contents).isEqualTo(Map.of("p/a.yaml", "1", "p/b.yaml", "1"));
        }

        @Test
        void areReadAnewAfterASwapAndASecondOne() {
            volume();
            Mirror mirror = following();
            for (int version = 2; version < 5; version++) {
                String content = Integer.toString(version);
                tree.write("..v" + version + "/a.yaml", content);
                tree.write("..v" + version + "/b.yaml", content);
                tree.relink("..data", "..v" + version);
                tree.delete("..v" + (version - 1));

                mirror.followUntilContents(Map.of("p/a.yaml", content, "p/b.yaml", content));
            }
            assertThat(mirror.manifests).allMatch(manifest -> manifest.gone().isEmpty());
        }

        @Test
        void mayGainAndLoseDocuments() {
            volume();
            Mirror mirror = following();
            tree.write("..v2/a.yaml", "2");
            tree.write("..v2/c.yaml", "2");
            tree.relink("..data", "..v2");
            tree.link("c.yaml", "..data/c.yaml");
            tree.delete("b.yaml");

            mirror.followUntilContents(Map.of("p/a.yaml", "2", "p/c.yaml", "2"));
        }

        @Test
        void areFollowedWhereTheContentBehindTheLinksIsEdited() {
            volume();
            Mirror mirror = following();

            tree.write("..v1/a.yaml", "edited");

            mirror.followUntilContents(Map.of("p/a.yaml", "edited", "p/b.yaml", "1"));
        }

        @Test
        void areFollowedIfTheRootIsBehindTheLink() {
            tree.write("..v1/sub/a.yaml", "1");
            tree.write("..v2/sub/a.yaml", "2");
            tree.link("..data", "..v1");
            config = FilesystemConfig.of(Path.of("p/..data/sub"))
                    .withBase(directory)
                    .withRescanInterval(Duration.ofHours(1));
            Mirror mirror = following();
            assertThat(mirror.contents).isEqualTo(Map.of("p/..data/sub/a.yaml", "1"));

            tree.relink("..data", "..v2");

            mirror.followUntilContents(Map.of("p/..data/sub/a.yaml", "2"));
            tree.write("..v2/sub/a.yaml", "3");
            mirror.followUntilContents(Map.of("p/..data/sub/a.yaml", "3"));
        }
    }

    @Nested
    class Roots {
        @Test
        void thatVanishAreAnErrorAndAreHeardOfWhenTheyReturn() {
            tree.write("a.yaml", "a");
            Mirror mirror = following();
            new Tree(directory).move("p", "away");
            Mirror.await(() -> mirror.hints.get() > 0);
            assertThatThrownBy(mirror::look).isInstanceOf(NotFoundException.class);
            assertThat(mirror.contents).containsOnlyKeys("p/a.yaml");
            new Tree(directory).write("away/a.yaml", "returned");
            long hints = mirror.hints.get();

            new Tree(directory).move("away", "p");

            Mirror.await(() -> mirror.hints.get() > hints);
            mirror.look();
            assertThat(mirror.contents).isEqualTo(Map.of("p/a.yaml", "returned"));
        }

        @Test
        void thatAreReplacedByRenameAreReadAnewAndWatched() {
            tree.write("a.yaml", "1");
            Mirror mirror = following();
            new Tree(directory).write("next/a.yaml", "2");

            new Tree(directory).move("p", "away");
            new Tree(directory).move("next", "p");

            mirror.followUntilContents(Map.of("p/a.yaml", "2"));
            tree.write("a.yaml", "3");
            mirror.followUntilContents(Map.of("p/a.yaml", "3"));
        }

        @Test
        void thatAreLinksAreFollowedWhenTheyLeadElsewhere() {
            Tree base = new Tree(directory);
            base.write("releases/1/a.yaml", "1");
            base.write("releases/2/a.yaml", "2");
            base.link("current", "releases/1");
            config =
                    FilesystemConfig.of(Path.of("current")).withBase(directory).withRescanInterval(Duration.ofHours(1));
            Mirror mirror = following();
            assertThat(mirror.contents).isEqualTo(Map.of("current/a.yaml", "1"));

            base.relink("current", "releases/2");

            mirror.followUntilContents(Map.of("current/a.yaml", "2"));
            base.write("releases/2/a.yaml", "3");
            mirror.followUntilContents(Map.of("current/a.yaml", "3"));
        }

        @Test
        void thatAreFilesAreFollowedThroughEverySort() {
            tree.write("one.yaml", "1");
            config = FilesystemConfig.of(Path.of("p/one.yaml"))
                    .withBase(directory)
                    .withRescanInterval(Duration.ofHours(1));
            Mirror mirror = following();

            tree.write("one.yaml", "2");
            mirror.followUntilContents(Map.of("p/one.yaml", "2"));
            tree.replace("one.yaml", "3");
            mirror.followUntilContents(Map.of("p/one.yaml", "3"));
            tree.write("other.yaml", "nobody's");
            tree.write("one.yaml", "4");

            mirror.followUntilContents(Map.of("p/one.yaml", "4"));
        }
    }

    @Nested
    class Closing {
        @Test
        void endsTheThreadAndFreesTheHandles() throws IOException {
            tree.write("a.yaml", "a");
            Mirror mirror = following();
            assertThat(watchThreads()).isNotEmpty();
            Path handles = Path.of("/proc/self/fd");
            long before = Files.exists(handles) ? inotifyHandles(handles) : 0;

            mirror.close();
            mirror.close();

            Mirror.await(() -> watchThreads().isEmpty());
            if (before > 0) {
                Mirror.await(() -> inotifyHandles(handles) < before);
            }
            assertThatThrownBy(mirror::look).isInstanceOf(IllegalStateException.class);
            assertThat(mirror.lost).isEmpty();
        }

        private List<Thread> watchThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("fs-test-watch"))
                    .toList();
        }

        private long inotifyHandles(Path handles) {
            try (var all = Files.newDirectoryStream(handles)) {
                long count = 0;
                for (Path handle : all) {
                    if (Files.isSymbolicLink(handle)
                            && Files.readSymbolicLink(handle).toString().contains("inotify")) {
                        count++;
                    }
                }
                return count;
            } catch (IOException e) {
                return Long.MAX_VALUE; // A handle was closed meanwhile; asked again.
            }
        }
    }
}
