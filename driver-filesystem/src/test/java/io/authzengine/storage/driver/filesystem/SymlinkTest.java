package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymlinkTest {
    private static final String SECRET = "secret";

    @TempDir
    Path directory;

    private Tree tree;
    private Tree outside;
    private FilesystemConfig config;
    private final FaultyFiles files = new FaultyFiles();
    private final List<Mirror> opened = new ArrayList<>();

    @BeforeEach
    void configure() throws IOException {
        directory = directory.toRealPath();
        tree = new Tree(Files.createDirectory(directory.resolve("p")));
        outside = new Tree(Files.createDirectory(directory.resolve("p-outside")));
        config = FilesystemConfig.of(Path.of("p")).withBase(directory).withoutWatch();
    }

    @AfterEach
    void close() {
        opened.forEach(Mirror::close);
    }

    private Mirror looked() {
        Mirror mirror = new Mirror(config, files);
        opened.add(mirror);
        mirror.open().look();
        return mirror;
    }

    @Nested
    class ThatStayInside {
        @Test
        void leadToOneListingOfEachDocumentByItsOwnName() {
            tree.write("a.yaml", "a");
            tree.link("also-a.yaml", "a.yaml");
            tree.write("team/b.yaml", "b");
            tree.link("also-team", "team");

            assertThat(looked().contents).isEqualTo(Map.of("p/a.yaml", "a", "p/team/b.yaml", "b"));
        }

        @Test
        void leadToDocumentsThatHaveNoOtherNameInTheRoot() {
            tree.write(".store/a.conf", "a");
            tree.write(".store/team/b.yaml", "b");
            tree.write(".store/team/deep/c.yaml", "c");
            tree.link("a.yaml", ".store/a.conf");
            tree.link("again.yaml", ".store/a.conf");
            tree.link("team", tree.at(".store/team").toString());

            Mirror mirror = looked();

            assertThat(mirror.contents)
                    .containsEntry("p/team/b.yaml", "b")
                    .containsEntry("p/team/deep/c.yaml", "c")
                    .hasSize(3);
            assertThat(mirror.refused).isEmpty();
        }

        @Test
        void mayLeadInCircles() {
            tree.write("a.yaml", "a");
            tree.link("self", ".");
            tree.link("deep/up", "..");
            tree.link("x", "y");
            tree.link("y", "x");
            tree.link("circle.yaml", "circle.yaml");

            Mirror mirror = looked();

            assertThat(mirror.contents).isEqualTo(Map.of("p/a.yaml", "a"));
            assertThat(mirror.refused).containsOnlyKeys("p/circle.yaml");
            assertThat(mirror.refused.get("p/circle.yaml")).contains("circle");
        }

        @Test
        void areNotFollowedIntoDirectoriesThatAreNotWanted() {
            tree.write(".store/team/b.yaml", "b");
            tree.link("team", ".store/team");
            tree.link("testdata", ".store/team");
            config = config.withoutSubdirectories();

            assertThat(looked().contents).isEmpty();
        }

        @Test
        void thatLeadNowhereAreRefusedIfTheyAreDocumentsOrHeldSome() {
            tree.write(".store/team/b.yaml", "b");
            tree.link("a.yaml", "absent.yaml");
            tree.link("latest", "absent");
            tree.link("team", ".store/team");
            Mirror mirror = looked();
            assertThat(mirror.refused).containsOnlyKeys("p/a.yaml");
            assertThat(mirror.refused.get("p/a.yaml"))
                    .contains(tree.at("absent.yaml").toString());

            tree.delete(".store");
            mirror.look();

            assertThat(mirror.refused).containsOnlyKeys("p/a.yaml", "p/team");
            assertThat(mirror.contents).isEqualTo(Map.of("p/team/b.yaml", "b"));
        }

        @Test
        void thatLeadToPipesAreRefused() throws Exception {
            assertThat(new ProcessBuilder("mkfifo", tree.at(".pipe").toString())
                            .start()
                            .waitFor())
                    .isZero();
            tree.link("a.yaml", ".pipe");
            tree.link("a.txt", ".pipe");

            assertThat(looked().refused).containsOnlyKeys("p/a.yaml");
        }
    }

    @Nested
    class ThatLeadOut {
        @Test
        void areRefusedAndNotRead() {
            outside.write("a.yaml", SECRET);
            tree.link("file.yaml", outside.at("a.yaml").toString());
            tree.link("relative.yaml", "../p-outside/a.yaml");
            tree.link("directory", outside.path().toString());
            tree.link("readme.md", outside.at("a.yaml").toString());
            tree.link("device.yaml", "/dev/zero");

            Mirror mirror = looked();

            assertThat(mirror.read).isEmpty();
            assertThat(mirror.refused)
                    .containsOnlyKeys("p/file.yaml", "p/relative.yaml", "p/directory", "p/device.yaml");
            assertThat(mirror.refused.get("p/file.yaml"))
                    .contains(outside.at("a.yaml").toString())
                    .contains("outside")
                    .contains("'paths'");
        }

        @Test
        void areNamedSoThatNoTerminalIsFooled() {
            Path odd = outside.encoded("line%0Abreak");
            tree.link("a.yaml", outside.path().relativize(odd).toString());
            tree.link("b.yaml", "../p-outside/" + odd.getFileName());
            Tree.write(odd, SECRET);

            Mirror mirror = looked();

            assertThat(mirror.refused.values()).allMatch(reason -> reason.contains("line\\u000abreak"));
        }

        @Test
        void areRefusedAlsoByWayOfALinkInside() {
            outside.write("a.yaml", SECRET);
            tree.link(".hop", outside.path().toString());
            tree.link("a.yaml", ".hop/a.yaml");

            assertThat(looked().refused).containsOnlyKeys("p/a.yaml");
        }

        @Test
        void keepWhatTheirDirectoryLastHeld() {
            tree.write("team/a.yaml", "a");
            outside.write("a.yaml", SECRET);
            Mirror mirror = looked();
            tree.delete("team");
            tree.link("team", outside.path().toString());

            mirror.look();

            assertThat(mirror.contents).isEqualTo(Map.of("p/team/a.yaml", "a"));
            assertThat(mirror.refused).containsOnlyKeys("p/team");
        }

        @Test
        void mayBeTheRootItself() {
            outside.write("a.yaml", "a");
            new Tree(directory).link("current", "p-outside");
            config = FilesystemConfig.of(Path.of("current"), Path.of("current/a.yaml"))
                    .withBase(directory);

            assertThat(looked().contents).isEqualTo(Map.of("current/a.yaml", "a"));
        }
    }

    @Nested
    class ThatAreFlippedBetweenCheckAndReading {
        @Test
        void neverLeadOutByTheirDirectory() {
            tree.write("team/a.yaml", "fine");
            outside.write("a.yaml", SECRET);
            tree.link("trap", outside.path().toString());
            Mirror mirror = looked();
            mirror.read.clear();
            files.beforeReading = file -> {
                tree.move("team", ".aside");
                tree.move("trap", "team");
                assertThat(tree.at("team/a.yaml")).as("what a path leads to").hasContent(SECRET);
            };
            files.afterReading = file -> {
                tree.move("team", "trap");
                tree.move(".aside", "team");
            };
            for (int i = 0; i < 1_000; i++) {
                Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
                mirror.source.read(manifest, List.copyOf(manifest.entries().values()), mirror);
                restore("team");
            }

            assertThat(mirror.contents.values()).doesNotContain(SECRET);
        }

        @Test
        void neverLeadOutByTheirOwnName() {
            tree.write("a.yaml", "fine");
            outside.write("a.yaml", SECRET);
            tree.link("trap", outside.at("a.yaml").toString());
            Mirror mirror = looked();
            mirror.read.clear();
            files.beforeReading = file -> {
                tree.move("a.yaml", ".aside");
                tree.move("trap", "a.yaml");
                assertThat(tree.at("a.yaml")).as("what a path leads to").hasContent(SECRET);
            };
            for (int i = 0; i < 1_000; i++) {
                Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
                mirror.source.read(manifest, List.copyOf(manifest.entries().values()), mirror);
                restore("a.yaml");
            }

            assertThat(mirror.read).isEmpty();
            assertThat(mirror.contents.values()).doesNotContain(SECRET);
        }

        /** The reading that fails does not come to the second half of the flip. */
        private void restore(String name) {
            if (Files.isSymbolicLink(tree.at(name))) {
                tree.move(name, "trap");
                tree.move(".aside", name);
            }
        }

        @Test
        void neverLeadOutWhileTheyAreFlippedAllTheTime() throws Exception {
            tree.write("team/a.yaml", "fine");
            outside.write("a.yaml", SECRET);
            tree.link("trap", outside.path().toString());
            Thread attacker = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    tree.move("team", ".aside");
                    tree.move("trap", "team");
                    tree.move("team", "trap");
                    tree.move(".aside", "team");
                }
            });
            Mirror mirror = new Mirror(config, files);
            opened.add(mirror);
            mirror.open();
            attacker.start();
            for (int i = 0; i < 1_000; i++) {
                Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
                mirror.source.read(manifest, List.copyOf(manifest.entries().values()), mirror);
                assertThat(mirror.contents.values()).doesNotContain(SECRET);
            }
            attacker.interrupt();
            attacker.join();
        }
    }
}
