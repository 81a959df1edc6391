package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.source.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a ticker that is moved by hand. */
class ReplacedRootsTest {
    private static final int DOCUMENTS = 8;
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final AtomicLong ticks = new AtomicLong();
    private Tree tree;
    private Tree root;
    private Mirror mirror;

    @BeforeEach
    void fill() throws IOException {
        directory = directory.toRealPath();
        tree = new Tree(directory);
        root = new Tree(Files.createDirectory(directory.resolve("p")));
        write(root, 0, DOCUMENTS);
        StorageContext real = StorageContext.create("test");
        StorageContext context = new StorageContext(
                real.clock(), ticks::get, real.random(), real.scheduler(), real.workers(), real.waiting());
        FilesystemConfig config =
                FilesystemConfig.of(Path.of("p")).withBase(directory).withRescanInterval(INTERVAL);
        mirror = new Mirror(config, new SystemFiles(), context);
    }

    @AfterEach
    void close() {
        mirror.close();
    }

    private static void write(Tree into, int from, int to) {
        for (int i = from; i < to; i++) {
            into.writeOld("d" + i % 2 + "/" + i + ".yaml", Integer.toString(i));
        }
    }

    private static Set<String> locations(int count) {
        Set<String> locations = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            locations.add("p/d" + i % 2 + "/" + i + ".yaml");
        }
        return locations;
    }

    private void pass(Duration time) {
        ticks.addAndGet(time.toNanos());
    }

    /** Puts a directory of {@code count} documents in the place of the root. */
    private void replace(int count) {
        write(new Tree(tree.directory("next")), 0, count);
        tree.move("p", "away");
        tree.move("next", "p");
    }

    private void assertHeld(int missing) {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(mirror::look)
                .withMessageContaining("p")
                .withMessageContaining("replaced")
                .withMessageContaining("lacks " + missing + " of " + DOCUMENTS)
                .withMessageContaining("what was loaded stays")
                .withMessageContaining("rescanInterval");
        assertThat(mirror.contents.keySet()).isEqualTo(locations(DOCUMENTS));
    }

    private void assertTaken(int count) {
        mirror.look();
        assertThat(mirror.contents.keySet()).isEqualTo(locations(count));
    }

    @Nested
    class ADirectoryThatLacksDocuments {
        @Test
        void isHeldBackUntilItHasBeenTheSameForTheRescanInterval() {
            mirror.open().look();
            replace(3);

            assertHeld(5);
            pass(INTERVAL.minusNanos(1));
            assertHeld(5);
            pass(Duration.ofNanos(1));

            assertTaken(3);
        }

        @Test
        void isHeldBackAnewWheneverItsDocumentsAreOthers() {
            mirror.open().look();
            replace(3);
            assertHeld(5);
            pass(INTERVAL);
            write(root, 3, 5);

            assertHeld(3);
            pass(INTERVAL.minusNanos(1));
            assertHeld(3);
            pass(Duration.ofNanos(1));

            assertTaken(5);
        }

        @Test
        void isTakenWhateverIsWrittenToTheDocumentsItHas() {
            mirror.open().look();
            replace(3);
            assertHeld(5);
            pass(INTERVAL);
            root.writeOld("d0/0.yaml", "other");

            assertTaken(3);
            assertThat(mirror.contents).containsEntry("p/d0/0.yaml", "other");
        }

        @Test
        void isTakenAtOnceWhenNothingIsMissingAnyMore() {
            mirror.open().look();
            replace(3);
            assertHeld(5);
            write(root, 3, DOCUMENTS + 1);

            assertTaken(DOCUMENTS + 1);
        }

        @Test
        void isHeldBackAlsoIfItWasGivenTheSameInode() {
            mirror.open().look();
            tree.delete("p");
            assertThatExceptionOfType(NotFoundException.class).isThrownBy(mirror::look);
            write(root, 0, 3);

            assertHeld(5);
        }

        @Test
        void isHeldBackAlsoIfEverythingIsAskedFor() {
            mirror.open().look();
            replace(3);

            assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> mirror.source.manifest(Revision.NONE));
        }

        @Test
        void isTakenAtTheNextStart() {
            mirror.open().look();
            replace(3);
            mirror.source.close();
            mirror.open();

            assertTaken(3);
        }

        @Test
        void losesDocumentsAtOnceOnceItIsTaken() {
            mirror.open().look();
            replace(DOCUMENTS);
            assertTaken(DOCUMENTS);
            root.delete("d1/7.yaml");

            assertTaken(7);
        }
    }

    @Nested
    class ALinkThatLeadsElsewhere {
        @Test
        void isTakenAtOnceWhateverIsMissing() {
            tree.move("p", "one");
            tree.link("p", "one");
            mirror.open().look();
            write(new Tree(tree.directory("two")), 0, 3);
            tree.relink("p", "two");

            assertTaken(3);
        }

        @Test
        void isTakenAtOnceWithinTheRoot() {
            tree.delete("p");
            write(new Tree(tree.directory("p/..one")), 0, DOCUMENTS);
            write(new Tree(tree.directory("p/..two")), 0, 3);
            tree.link("p/..data", "..one");
            tree.link("p/d0", "..data/d0");
            tree.link("p/d1", "..data/d1");
            mirror.open();
            assertTaken(DOCUMENTS);
            tree.relink("p/..data", "..two");

            assertTaken(3);
        }
    }
}
