package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemSourceTest {
    @TempDir
    Path directory;

    private Tree tree;
    private FilesystemConfig config;
    private final FaultyFiles files = new FaultyFiles();
    private final List<Mirror> opened = new ArrayList<>();

    @BeforeEach
    void configure() throws IOException {
        directory = directory.toRealPath();
        tree = new Tree(Files.createDirectory(directory.resolve("policies")));
        config = FilesystemConfig.of(Path.of("policies")).withBase(directory);
    }

    @AfterEach
    void close() {
        opened.forEach(Mirror::close);
        assertThat(files.open).as("readers left open").isZero();
    }

    private Mirror open() {
        return open(config);
    }

    private Mirror open(FilesystemConfig settings) {
        Mirror mirror = new Mirror(settings, files);
        opened.add(mirror);
        return mirror.open();
    }

    private Mirror looked() {
        Mirror mirror = open();
        mirror.look();
        return mirror;
    }

    private static StorageContext context(InstantSource clock, StorageContext.Waiting waiting) {
        StorageContext real = StorageContext.create("test");
        return new StorageContext(clock, real.ticker(), real.random(), real.scheduler(), real.workers(), waiting);
    }

    @Nested
    class Listing {
        @Test
        void findsDocumentsInDirectoriesOfAnyDepthByTheConfiguredPath() {
            tree.write("a.yaml", "a");
            tree.write("deep/deeper/b.yml", "b");
            tree.write("deep/C.JSON", "c");
            tree.write("readme.md", "no");

            assertThat(looked().contents)
                    .isEqualTo(Map.of(
                            "policies/a.yaml", "a", "policies/deep/deeper/b.yml", "b", "policies/deep/C.JSON", "c"));
        }

        @Test
        void leavesOutWhatIsHiddenExcludedOrReserved() {
            tree.write("a.yaml", "a");
            tree.write(".hidden.yaml", "no");
            tree.write(".git/b.yaml", "no");
            tree.write("node_modules/deep/b.yaml", "no");
            tree.write("_schemas/b.json", "no");
            tree.write("testdata/b.yaml", "no");
            tree.write("a_test.yaml", "no");
            tree.write("drafts/b.yaml", "no");
            config = config.withExclude(List.of("**/node_modules/**", "drafts/**"));

            assertThat(looked().contents).containsOnlyKeys("policies/a.yaml");
        }

        @Test
        void staysInTheDirectoryIfNotRecursive() {
            tree.write("a.yaml", "a");
            tree.write("deep/b.yaml", "no");
            config = config.withoutSubdirectories();

            assertThat(looked().contents).containsOnlyKeys("policies/a.yaml");
        }

        @Test
        void findsNamesOfAllSorts() {
            tree.write("with space.yaml", "1");
            Tree.write(tree.encoded("%C3%A4%E6%BC%A2.yaml"), "2");
            Tree.write(tree.encoded("line%0Abreak.yaml"), "3");
            Tree.write(tree.encoded("no%E4text.yaml"), "4");
            Tree.write(tree.encoded("no%E5text.yaml"), "5");
            tree.write("back\\slash.yaml", "6");
            tree.write("-rf *;$(x).yaml", "7");

            Mirror mirror = looked();

            assertThat(mirror.contents.values()).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7");
            assertThat(mirror.contents)
                    .containsEntry("policies/line\\u000abreak.yaml", "3")
                    .containsEntry("policies/no\\xE4text.yaml", "4")
                    .containsEntry("policies/no\\xE5text.yaml", "5")
                    .containsEntry("policies/back\\\\slash.yaml", "6");
        }

        @Test
        void tellsSizeAndTime() {
            Path file = tree.writeOld("a.yaml", "four");
            Tree.setModified(file, Instant.parse("2020-02-02T02:02:02Z"));

            assertThat(looked().lastManifest().entries().values())
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.size()).hasValue(4);
                        assertThat(entry.lastModified()).contains(Instant.parse("2020-02-02T02:02:02Z"));
                    });
        }

        @Test
        void findsTenThousandFilesInOneDirectory() {
            for (int i = 0; i < 10_000; i++) {
                tree.write(i + ".yaml", Integer.toString(i));
            }

            assertThat(looked().contents).hasSize(10_000).containsEntry("policies/9999.yaml", "9999");
        }

        @Test
        void anEmptyDirectoryIsContent() {
            Mirror mirror = looked();

            assertThat(mirror.lastManifest().isComplete()).isTrue();
            assertThat(mirror.contents).isEmpty();
        }

        @Test
        void refusesPipesInsteadOfOpeningThem() throws Exception {
            Process mkfifo = new ProcessBuilder("mkfifo", tree.at("pipe.yaml").toString()).start();
            assertThat(mkfifo.waitFor()).isZero();
            tree.write("a.yaml", "a");

            Mirror mirror = looked();

            assertThat(mirror.contents).containsOnlyKeys("policies/a.yaml");
            assertThat(mirror.refused).containsOnlyKeys("policies/pipe.yaml");
            assertThat(mirror.refused.get("policies/pipe.yaml")).contains("pipe");
        }
    }

    @Nested
    class SeveralRoots {
        @Test
        void eachHasItsOwnLocations() {
            tree.write("a.yaml", "1");
            new Tree(directory).write("more/a.yaml", "2");
            config = FilesystemConfig.of(directory.resolve("more"), Path.of("policies"))
                    .withBase(directory);

            assertThat(looked().contents).isEqualTo(Map.of("policies/a.yaml", "1", directory + "/more/a.yaml", "2"));
        }

        @Test
        void aFileIsOneWhateverItsName() {
            new Tree(directory).write("special_test.conf", "1");
            config = FilesystemConfig.of(Path.of("special_test.conf")).withBase(directory);

            assertThat(looked().contents).isEqualTo(Map.of("special_test.conf", "1"));
        }

        @Test
        void whatIsBelowTwoOfThemIsListedOnce() {
            tree.write("deep/a.yaml", "1");
            tree.write("b.yaml", "2");
            config = FilesystemConfig.of(
                            Path.of("policies/b.yaml"), Path.of("policies/deep"), Path.of("policies"), Path.of("."))
                    .withBase(directory);

            assertThat(looked().contents).isEqualTo(Map.of("policies/deep/a.yaml", "1", "policies/b.yaml", "2"));
        }

        @Test
        void theWorkingDirectoryIsShownAsADot() {
            tree.write("a.yaml", "1");

            assertThat(open(FilesystemConfig.of(Path.of("")).withBase(tree.path()))
                            .look())
                    .hasValueSatisfying(
                            manifest -> assertThat(manifest.entries()).containsOnlyKeys("./a.yaml"));
        }
    }

    @Nested
    class Opening {
        @Test
        void failsIfARootIsMissingAndTellsWhichAndWhereFrom() {
            config = FilesystemConfig.of(Path.of("policies"), Path.of("absent/deep"))
                    .withBase(directory);

            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(FilesystemSourceTest.this::open)
                    .withMessageContaining("fs-test")
                    .withMessageContaining("absent/deep: ")
                    .withMessageContaining(directory + "/absent does not exist")
                    .withMessageContaining(directory + "/absent/deep")
                    .withMessageContaining("configuration file");
        }

        @Test
        void failsIfARootIsNeitherFileNorDirectory() {
            config = FilesystemConfig.of(Path.of("/dev/null"));

            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(FilesystemSourceTest.this::open)
                    .withMessageContaining("/dev/null");
        }

        @Test
        void failsIfARootMustNotBeReachedAndTellsWhoIsMissingWhat() {
            files.unstampable.put(tree.path(), new AccessDeniedException("policies"));

            assertThatExceptionOfType(AuthenticationFailedException.class)
                    .isThrownBy(FilesystemSourceTest.this::open)
                    .withMessageContaining("'" + System.getProperty("user.name") + "'")
                    .withMessageContaining("permission");
        }

        @Test
        void canBeRepeatedAfterItFailed() {
            Mirror mirror = new Mirror(FilesystemConfig.of(tree.at("later")), files);
            opened.add(mirror);
            assertThatThrownBy(mirror::open).isInstanceOf(NotFoundException.class);
            tree.write("later/a.yaml", "a");

            mirror.open().look();

            assertThat(mirror.contents).hasSize(1);
        }

        @Test
        void comesBeforeAllElse() {
            Mirror mirror = new Mirror(config, files);
            opened.add(mirror);

            assertThatThrownBy(mirror::look).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class LookingAgain {
        @Test
        void isAnsweredWithNothingIfNothingChanged() {
            tree.writeOld("a.yaml", "a");
            Mirror mirror = aged();
            mirror.look();

            assertThat(mirror.look()).isEmpty();
            assertThat(mirror.read).containsExactly("policies/a.yaml");
        }

        @Test
        void isAnsweredInFullIfAskedForEverything() {
            tree.writeOld("a.yaml", "a");
            Mirror mirror = looked();

            assertThat(mirror.source.manifest(Revision.NONE)).hasValueSatisfying(manifest -> {
                assertThat(manifest.isComplete()).isTrue();
                assertThat(manifest.entries()).containsOnlyKeys("policies/a.yaml");
            });
        }

        @Test
        void findsWhatWasAddedChangedAndRemoved() {
            tree.write("kept.yaml", "kept");
            tree.write("changed.yaml", "old");
            tree.write("removed.yaml", "removed");
            Mirror mirror = looked();
            tree.write("changed.yaml", "new");
            tree.write("deep/added.yaml", "added");
            tree.delete("removed.yaml");

            mirror.look();

            assertThat(mirror.contents)
                    .isEqualTo(Map.of(
                            "policies/kept.yaml", "kept",
                            "policies/changed.yaml", "new",
                            "policies/deep/added.yaml", "added"));
        }

        @Test
        void readsOnceMoreWhatWasFreshEvenIfItLooksTheSame() throws IOException {
            Instant time = Instant.now();
            Path file = tree.write("a.yaml", "one");
            Tree.setModified(file, time);
            Mirror mirror = looked();
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap("two".getBytes(StandardCharsets.UTF_8)));
            }
            Tree.setModified(file, time);

            mirror.look();

            assertThat(mirror.contents).containsEntry("policies/a.yaml", "two");
        }

        @Test
        void stopsReadingWhatIsNotFreshAnyMore() {
            tree.write("a.yaml", "a");
            Mirror mirror = aged();
            mirror.look();
            int reads = mirror.read.size();

            mirror.look();
            mirror.look();

            assertThat(mirror.read).hasSize(reads);
        }

        /** Opens on a clock that is an hour ahead, so that no file is fresh. */
        private Mirror aged() {
            Mirror mirror =
                    new Mirror(config, files, context(() -> Instant.now().plusSeconds(3600), (future, limit) -> false));
            opened.add(mirror);
            return mirror.open();
        }

        @Test
        void takesTheWholeWayIfTheLastAnswerWasNotTakenIn() {
            tree.write("a.yaml", "a");
            Mirror mirror = open();
            Manifest lost = mirror.source.manifest(Revision.NONE).orElseThrow();
            Manifest again = mirror.source.manifest(Revision.NONE).orElseThrow();

            assertThat(again.isComplete()).isTrue();
            assertThat(again.revision()).isNotEqualTo(lost.revision());
        }
    }

    @Nested
    class NothingIsGoneWithoutEvidence {
        @Test
        void aRootThatIsMissingIsAnErrorAndHealsByItself() {
            tree.write("a.yaml", "a");
            Mirror mirror = looked();
            new Tree(directory).move("policies", "away");

            assertThatThrownBy(mirror::look).isInstanceOf(NotFoundException.class);
            new Tree(directory).move("away", "policies");

            mirror.look();
            assertThat(mirror.contents).containsOnlyKeys("policies/a.yaml");
        }

        @Test
        void aRootThatWasExchangedForAnEmptyOneIsAnError() {
            tree.write("a.yaml", "a");
            Mirror mirror = looked();
            new Tree(directory).move("policies", "away");
            tree.directory("");

            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(mirror::look)
                    .withMessageContaining("exchanged")
                    .withMessageContaining("mount");
            assertThatThrownBy(mirror::look).isInstanceOf(NotFoundException.class);
            tree.write("a.yaml", "new");

            mirror.look();
            assertThat(mirror.contents).isEqualTo(Map.of("policies/a.yaml", "new"));
        }

        @Test
        void aRootThatWasEmptiedIsEmpty() {
            tree.write("a.yaml", "a");
            Mirror mirror = looked();
            tree.delete("a.yaml");

            mirror.look();

            assertThat(mirror.contents).isEmpty();
        }

        @Test
        void aRootThatWasExchangedForAnotherIsReadAnew() {
            tree.writeOld("a.yaml", "old");
            Mirror mirror = looked();
            new Tree(directory).write("next/a.yaml", "new");
            new Tree(directory).move("policies", "away");
            new Tree(directory).move("next", "policies");

            mirror.look();

            assertThat(mirror.contents).isEqualTo(Map.of("policies/a.yaml", "new"));
        }

        @Test
        void aDirectoryThatCannotBeListedKeepsWhatWasInIt() {
            tree.write("a.yaml", "a");
            tree.write("locked/b.yaml", "b");
            tree.write("locked/deep/c.yaml", "c");
            Mirror mirror = looked();
            files.unlistable.put(tree.at("locked"), new AccessDeniedException("locked"));
            tree.write("d.yaml", "d");

            mirror.look();

            assertThat(mirror.contents)
                    .containsOnlyKeys(
                            "policies/a.yaml",
                            "policies/d.yaml",
                            "policies/locked/b.yaml",
                            "policies/locked/deep/c.yaml");
            assertThat(mirror.refused).containsOnlyKeys("policies/locked");
            assertThat(mirror.refused.get("policies/locked")).contains("not allowed", "permission");

            files.unlistable.clear();
            mirror.look();
            assertThat(mirror.refused).isEmpty();
        }

        @Test
        void aDirectoryThatCannotBeLookedAtKeepsWhatWasInIt() {
            tree.write("locked/b.yaml", "b");
            Mirror mirror = looked();
            files.unstampable.put(tree.at("locked"), new IOException("I/O error"));

            mirror.look();

            assertThat(mirror.contents).containsOnlyKeys("policies/locked/b.yaml");
            assertThat(mirror.refused.get("policies/locked")).contains("I/O error");
        }

        @Test
        void aFileThatCannotBeLookedAtIsRefused() {
            tree.write("a.yaml", "a");
            tree.write("readme.md", "nobody cares");
            files.unstampable.put(tree.at("a.yaml"), new FileSystemException("a.yaml", null, "Input/output error"));
            files.unstampable.put(tree.at("readme.md"), new IOException("I/O error"));

            assertThat(looked().refused).containsOnlyKeys("policies/a.yaml");
        }

        @Test
        void aRootThatCannotBeListedIsAnError() {
            tree.write("a.yaml", "a");
            Mirror mirror = looked();
            files.unlistable.put(tree.path(), new IOException("I/O error"));

            assertThatThrownBy(mirror::look).isInstanceOf(ConnectionFailedException.class);
        }

        @Test
        void aRootThatVanishesWhileItIsListedIsAnError() {
            tree.write("a.yaml", "a");
            Mirror mirror = looked();
            files.beforeListing = path -> new Tree(directory).move("policies", "away");

            assertThatThrownBy(mirror::look).isInstanceOf(NotFoundException.class);
        }

        @Test
        void aDirectoryThatIsRenamedDuringTheScanLosesNothing() {
            tree.write("m/a.yaml", "a");
            Mirror mirror = looked();
            boolean[] done = new boolean[1];
            files.beforeListing = path -> {
                if (path.equals(tree.at("m")) && !done[0]) {
                    done[0] = true;
                    tree.move("m", "b");
                }
            };

            mirror.look();

            assertThat(mirror.contents).isEqualTo(Map.of("policies/b/a.yaml", "a"));
        }

        @Test
        void whatOnlyTheSecondScanLacksIsKeptUntilTheNextLook() {
            tree.write("gone.yaml", "gone");
            tree.write("m/a.yaml", "a");
            Mirror mirror = looked();
            tree.delete("gone.yaml");
            int[] scans = new int[1];
            files.beforeListing = path -> {
                if (path.equals(tree.at("m")) && ++scans[0] == 2) {
                    tree.move("m", "b");
                }
            };

            mirror.look();

            assertThat(mirror.contents).doesNotContainKey("policies/gone.yaml").containsValue("a");
        }
    }

    @Nested
    class Reading {
        @Test
        void tellsIfAFileHasChangedSinceItWasListed() {
            tree.write("a.yaml", "one");
            tree.write("b.yaml", "b");
            Mirror mirror = open();
            Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
            tree.write("a.yaml", "longer");

            assertThat(mirror.takeIn(manifest)).isFalse();

            assertThat(mirror.moved).containsExactly("policies/a.yaml");
            assertThat(mirror.read).containsExactly("policies/b.yaml");
        }

        @Test
        void tellsIfAFileHasGoneSinceItWasListed() {
            tree.write("a.yaml", "one");
            tree.write("deep/b.yaml", "two");
            Mirror mirror = open();
            Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
            tree.delete("a.yaml");
            tree.delete("deep");

            assertThat(mirror.takeIn(manifest)).isFalse();

            assertThat(mirror.moved).containsExactly("policies/a.yaml", "policies/deep/b.yaml");
        }

        @Test
        void tellsIfAFileChangesWhileItIsRead() {
            tree.write("a.yaml", "one");
            boolean[] done = new boolean[1];
            files.afterReading = file -> {
                if (!done[0]) {
                    done[0] = true;
                    tree.write("a.yaml", "longer");
                }
            };

            Mirror mirror = looked();

            assertThat(mirror.moved).containsExactly("policies/a.yaml");
            assertThat(mirror.contents).containsEntry("policies/a.yaml", "longer");
        }

        @Test
        void tellsOfAFileThatWasNeverListed() {
            Mirror mirror = looked();

            mirror.source.read(mirror.lastManifest(), List.of(SourceEntry.of("policies/x.yaml", "1")), mirror);

            assertThat(mirror.moved).containsExactly("policies/x.yaml");
        }

        @Test
        void tellsOfEachFileThatCannotBeReadAndReadsTheOthers() {
            tree.write("a.yaml", "a");
            tree.write("b.yaml", "b");
            tree.write("c.yaml", "c");
            files.unreadable.put(tree.at("a.yaml"), new AccessDeniedException("a.yaml"));
            files.unreadable.put(tree.at("b.yaml"), new FileSystemException("b.yaml", null, "Input/output error"));

            Mirror mirror = looked();

            assertThat(mirror.read).containsExactly("policies/c.yaml");
            assertThat(mirror.failures.get("policies/a.yaml"))
                    .isInstanceOfSatisfying(AuthenticationFailedException.class, denied -> {
                        assertThat(denied.location()).contains("policies/a.yaml");
                        assertThat(denied.remedy())
                                .hasValueSatisfying(remedy -> assertThat(remedy).contains("permission"));
                    });
            assertThat(mirror.failures.get("policies/b.yaml"))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("Input/output error");
        }

        @Test
        void tellsOfAFileThatCannotEvenBeLookedAtAfterwards() {
            tree.write("a.yaml", "a");
            files.beforeReading = file -> files.unstampable.put(tree.at("a.yaml"), new IOException("I/O error"));

            assertThat(looked().failures).containsOnlyKeys("policies/a.yaml");
        }

        @Test
        void readsNoMoreThanOneByteTooMany() {
            tree.write("a.yaml", "x".repeat(Mirror.MAX_BYTES + 1000));
            tree.write("b.yaml", "x".repeat(Mirror.MAX_BYTES));

            Mirror mirror = looked();

            assertThat(mirror.contents.get("policies/a.yaml")).hasSize(Mirror.MAX_BYTES + 1);
            assertThat(mirror.contents.get("policies/b.yaml")).hasSize(Mirror.MAX_BYTES);
        }

        @Test
        void doesNotOpenWhatHasBecomeAPipe() {
            tree.write("a.yaml", "a");
            Mirror mirror = open();
            Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
            files.beforeReading = file -> {
                tree.delete("a.yaml");
                try {
                    assertThat(new ProcessBuilder("mkfifo", tree.at("a.yaml").toString())
                                    .start()
                                    .waitFor())
                            .isZero();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            };

            assertThat(mirror.takeIn(manifest)).isFalse();
        }

        @Test
        void endsWhenInterrupted() {
            tree.write("a.yaml", "a");
            Mirror mirror = open();
            Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> mirror.takeIn(manifest)).isInstanceOf(ConnectionFailedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }

        @Test
        void endsWhenInterruptedInTheMidstOfIt() {
            tree.write("a.yaml", "a");
            Mirror mirror = open();
            Manifest manifest = mirror.source.manifest(Revision.NONE).orElseThrow();
            files.beforeReading = file -> Thread.currentThread().interrupt();

            assertThatThrownBy(() -> mirror.takeIn(manifest))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }

        @Test
        void aLookEndsWhenInterrupted() {
            Mirror mirror = open();
            Thread.currentThread().interrupt();

            assertThatThrownBy(mirror::look).isInstanceOf(ConnectionFailedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Nested
    class FilesBeingWritten {
        private Mirror slow() {
            return open(config.withDebounce(Duration.ofMillis(500), Duration.ofSeconds(1)));
        }

        @Test
        void areWaitedForOnce() {
            tree.write("a.yaml", "a");
            Mirror mirror = slow();

            mirror.look();

            assertThat(mirror.contents).containsEntry("policies/a.yaml", "a");
            assertThat(mirror.moved).isEmpty();
        }

        @Test
        void stayAsTheyWereOrAbsentIfTheyDoNotComeToRest() {
            tree.writeOld("known.yaml", "old");
            Mirror mirror = new Mirror(unhurried(), files, restless(tree));
            opened.add(mirror);
            mirror.open().look();
            assertThat(mirror.contents).containsOnlyKeys("policies/known.yaml");
            tree.write("known.yaml", "half");
            tree.write("new.yaml", "half");

            mirror.look();

            assertThat(mirror.contents).isEqualTo(Map.of("policies/known.yaml", "old"));
        }

        @Test
        void areLookedAtAgainWhenTheyMayHaveComeToRest() {
            Mirror mirror = new Mirror(unhurried().withoutWatch(), files, restless(tree));
            opened.add(mirror);
            mirror.open().follow().look();
            tree.write("new.yaml", "half");
            mirror.look();
            assertThat(mirror.contents).isEmpty();

            Mirror.await(() -> mirror.hints.get() > 0);
        }

        /** However long this thread stands still between a writing and a look, the file counts as being written. */
        private FilesystemConfig unhurried() {
            return config.withDebounce(Duration.ofSeconds(5), Duration.ofSeconds(10));
        }

        /** A context in which somebody writes to {@code new.yaml} and {@code known.yaml} whenever a source waits. */
        private StorageContext restless(Tree written) {
            return context(Instant::now, (future, limit) -> {
                for (String name : List.of("new.yaml", "known.yaml")) {
                    if (Files.exists(written.at(name))) {
                        written.write(name, "still half " + Instant.now());
                    }
                }
                return false;
            });
        }

        @Test
        void endTheLookIfItIsInterruptedMeanwhile() {
            tree.write("a.yaml", "a");
            FilesystemConfig patient = config.withDebounce(Duration.ofMinutes(1), Duration.ofMinutes(2));
            Mirror mirror = new Mirror(patient, files, context(Instant::now, (future, limit) -> {
                throw new InterruptedException();
            }));
            opened.add(mirror);
            Tree.setModified(tree.at("a.yaml"), Instant.now());

            assertThatThrownBy(() -> mirror.open().look()).isInstanceOf(ConnectionFailedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
