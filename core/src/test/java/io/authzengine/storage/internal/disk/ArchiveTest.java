package io.authzengine.storage.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {
    private static final Parallel PARALLEL = new Parallel(Runnable::run);
    private static final PolicySnapshot NOTHING = Sets.snapshot(0, PolicySet.EMPTY);

    private static Archive archive(DiskDirectory directory) {
        return archive(directory, PolicyParser.READING);
    }

    private static Archive archive(DiskDirectory directory, String parser) {
        return new Archive(directory, "store", parser, PARALLEL, 5);
    }

    private static List<PolicySnapshot> last(List<PolicySnapshot> sets, int end, int most) {
        return sets.subList(Math.max(0, end - most), end);
    }

    private static Kept kept(List<PolicySnapshot> sets) {
        return new Kept(sets, Decisions.NONE);
    }

    private static RecordingDirectory written(List<PolicySnapshot> sets) throws IOException {
        RecordingDirectory directory = new RecordingDirectory();
        Archive archive = archive(directory);
        archive.open();
        for (int end = 1; end <= sets.size(); end++) {
            archive.write(kept(last(sets, end, 100)), null);
        }
        return directory;
    }

    private static List<PolicySnapshot> walk(int count, long seed) {
        return Sets.walk(NOTHING, count, 8, new SplittableRandom(seed));
    }

    private static void assertSame(PolicySnapshot found, PolicySnapshot expected) {
        assertThat(found.version()).isEqualTo(expected.version());
        assertThat(found.digest()).isEqualTo(expected.digest());
        assertThat(found.all()).isEqualTo(expected.all());
        assertThat(found.quarantined()).isEqualTo(expected.quarantined());
    }

    @Nested
    class WhatWasWritten {
        @Test
        void isReadAgainWithNumbersCommentsCausesAndDigests() throws IOException {
            List<PolicySnapshot> sets = walk(12, 1);

            Archive.Found found = archive(written(sets)).open();

            assertThat(found.damage()).isEmpty();
            assertThat(found.versions()).hasSizeGreaterThanOrEqualTo(sets.size());
            for (int i = 0; i < sets.size(); i++) {
                assertSame(found.versions().get(i), sets.get(i));
            }
        }

        @Test
        void isGoneOnFromByTheNextProcess() throws IOException {
            List<PolicySnapshot> sets = walk(9, 2);
            RecordingDirectory directory = written(sets.subList(0, 6));
            Archive next = archive(directory);
            next.open();

            next.write(kept(sets), null);

            List<PolicySnapshot> found = archive(directory).open().versions();
            assertSame(found.get(found.size() - 1), sets.get(8));
        }

        @Test
        void doesNotRepeatWhatADirectoryHas() throws IOException {
            PolicySet many = PolicySet.of(java.util.stream.IntStream.range(0, 200)
                    .mapToObj(name -> Sets.policy(name, 1))
                    .toList());
            Policy changed = Sets.policy(7, 2);
            PolicySet one = many.with(Map.of(changed.id(), java.util.Optional.of(changed)));

            RecordingDirectory directory = written(List.of(Sets.snapshot(1, many), Sets.snapshot(2, one)));

            List<byte[]> files = List.copyOf(directory.files().values());
            assertThat(files).hasSize(2);
            assertThat(files.get(1).length).isLessThan(files.get(0).length / 30);
        }

        @Test
        void isForgottenOnlyOnceAFullFileIsOnTheDisk() throws IOException {
            List<PolicySnapshot> sets = walk(40, 3);
            RecordingDirectory directory = new RecordingDirectory();
            Archive archive = archive(directory);
            archive.open();
            for (int end = 1; end <= sets.size(); end++) {
                archive.write(kept(last(sets, end, 2)), null);
                assertThat(directory.files()).hasSizeLessThanOrEqualTo(6);
                assertThat(archive(directory).open().versions())
                        .extracting(set -> set.version().number())
                        .contains((long) end, Math.max(1L, end - 1));
            }
        }

        @Test
        void holdsEachKindOfPolicyWithAllThatItSays() throws IOException {
            List<Policy> policies = new ArrayList<>();
            EveryKind.DOCUMENTS.forEach((location, text) -> policies.addAll(Sets.parse(location, text)));
            PolicySnapshot set = Sets.snapshot(1, PolicySet.of(policies));

            PolicySnapshot found =
                    archive(written(List.of(set))).open().versions().get(0);

            assertSame(found, set);
            assertThat(policies.stream()
                            .map(policy -> policy.content().getClass())
                            .distinct())
                    .hasSameSizeAs(PolicyContent.class.getPermittedSubclasses());
        }

        @Test
        void holdsWhatAPolicyWasMergedFrom() throws IOException {
            Policy one = Sets.policy(1, 1);
            Policy merged =
                    new Policy(one.metadata(), one.content(), one.raw(), List.of(Sets.policy(1, 2), Sets.policy(1, 3)));
            PolicySnapshot set = Sets.snapshot(1, PolicySet.of(List.of(merged)));

            assertSame(archive(written(List.of(set))).open().versions().get(0), set);
        }

        @Test
        void isParsedAgainIfAnotherParserMadeIt() throws IOException {
            List<Policy> policies = new ArrayList<>();
            EveryKind.DOCUMENTS.forEach((location, text) -> policies.addAll(Sets.parse(location, text)));
            PolicySnapshot set = Sets.snapshot(1, PolicySet.of(policies));
            RecordingDirectory directory = new RecordingDirectory();
            Archive before = archive(directory, "another parser");
            before.open();
            before.write(kept(List.of(set)), null);

            Archive after = archive(directory);
            assertSame(after.open().versions().get(0), set);
            after.write(kept(List.of(set)), null);

            assertThat(directory.files().keySet()).hasSize(1).allMatch(name -> name.startsWith("000000000002"));
        }

        @Test
        void includesWhatIsQuarantinedAndWhy() throws IOException {
            Policy policy = Sets.policy(1, 1);
            io.authzengine.storage.error.Finding why = io.authzengine.storage.error.Finding.error(
                            io.authzengine.storage.error.ErrorCode.PARSE_ERROR,
                            new io.authzengine.storage.error.Place("p2.yaml", 3, 4),
                            "it is broken")
                    .fix("mend it")
                    .about(Sets.policy(2, 1).id());
            PolicySnapshot set = new PolicySnapshot(
                    NOTHING.version(),
                    PolicySet.of(List.of(policy)),
                    Map.of(Sets.policy(2, 1).id(), List.of(why)),
                    List.of(why));

            PolicySnapshot read =
                    archive(written(List.of(set))).open().versions().get(0);
            assertSame(read, set);
            assertThat(read.leftOut()).containsExactly(why);
            assertThat(read.isWhole()).isFalse();
        }
    }

    @Nested
    class WhatWasDecided {
        private final Decisions pinned = new Decisions(
                7,
                List.of(new Decisions.Aside(() -> "a digest", java.util.Set.of("broken.yaml"))),
                List.of(new Decisions.Standing("PINNED", java.time.Instant.EPOCH, new Note("freeze", "carol"))));

        @Test
        void isReadAgainAlsoIfNoVersionCameWithIt() throws IOException {
            List<PolicySnapshot> sets = walk(2, 1);
            RecordingDirectory directory = written(sets);
            Archive archive = archive(directory);
            archive.open();

            archive.write(new Kept(sets, pinned), null);

            Decisions found = archive(directory).open().kept().decisions();
            assertThat(found.number()).isEqualTo(7);
            assertThat(found.standing()).isEqualTo(pinned.standing());
            assertThat(found.aside()).singleElement().satisfies(aside -> {
                assertThat(aside.digest().get()).isEqualTo("a digest");
                assertThat(aside.broken()).containsExactly("broken.yaml");
            });
        }

        @Test
        void isNotWrittenTwice() throws IOException {
            List<PolicySnapshot> sets = walk(2, 1);
            RecordingDirectory directory = written(sets);
            Archive archive = archive(directory);
            archive.open();
            archive.write(new Kept(sets, pinned), null);
            int files = directory.files().size();

            archive.write(new Kept(sets, pinned), null);

            assertThat(directory.files()).hasSize(files);
        }
    }

    @Nested
    class DocumentsBesideTheSets {
        @Test
        void areRememberedByTokenUntilTheyChangeOrGo() throws IOException {
            RecordingDirectory directory = new RecordingDirectory();
            Archive archive = archive(directory);
            archive.open();
            Documents documents = new Documents();
            Policy one = Sets.policy(1, 1);
            Policy two = Sets.policy(2, 1);
            documents.keep("d", "r", Map.of("p1.yaml", document("t1", one), "p2.yaml", document("t2", two)), Set.of());
            PolicySnapshot set = Sets.snapshot(1, PolicySet.of(List.of(one)));
            archive.write(kept(List.of(set)), documents);
            documents.keep("d", "r", Map.of("p1.yaml", document("t3", one)), Set.of("p2.yaml"));
            archive.write(kept(List.of(set)), documents);

            Documents found = new Documents();
            found.restore(archive(directory).open().documents());

            assertThat(found.find("d", "r", "p1.yaml", "t3").orElseThrow().policies())
                    .containsExactly(one);
            assertThat(found.find("d", "r", "p1.yaml", "t1")).isEmpty();
            assertThat(found.find("d", "other limits", "p1.yaml", "t3")).isEmpty();
            assertThat(found.find("another", "r", "p1.yaml", "t3")).isEmpty();
            assertThat(found.find("d", "r", "p2.yaml", "t2")).isEmpty();
        }

        private DocumentCache.Document document(String token, Policy policy) {
            return new DocumentCache.Document(token, List.of(policy), List.of());
        }
    }

    @Nested
    class ADirectoryThatWasChanged {
        @Test
        void isRefusedWhicheverByteItIs() throws IOException {
            List<PolicySnapshot> sets = walk(3, 4);
            Map<String, byte[]> files = written(sets).files();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                for (int at = 0; at < file.getValue().length; at++) {
                    byte[] flipped = file.getValue().clone();
                    flipped[at] ^= (byte) (1 << (at % 8));
                    assertRefused(with(files, file.getKey(), flipped), file.getKey() + " with byte " + at + " changed");
                }
            }
        }

        @Test
        void isRefusedWhereverAFileIsCut() throws IOException {
            Map<String, byte[]> files = written(walk(3, 5)).files();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                for (int length = 0; length < file.getValue().length; length++) {
                    assertRefused(
                            with(files, file.getKey(), Arrays.copyOf(file.getValue(), length)),
                            file.getKey() + " cut to " + length);
                }
            }
        }

        @Test
        void isRefusedIfAFileInTheMiddleIsMissing() throws IOException {
            Map<String, byte[]> files = written(walk(4, 6)).files();
            for (String missing : List.copyOf(files.keySet()).subList(0, files.size() - 1)) {
                RecordingDirectory directory = new RecordingDirectory();
                files.forEach((name, bytes) -> {
                    if (!name.equals(missing)) {
                        directory.set(name, bytes);
                    }
                });
                assertRefused(directory, "without " + missing);
            }
        }

        @Test
        void isNamedAndSetAsideAndItsNumbersAreNotGivenAgain() throws IOException {
            List<PolicySnapshot> sets = walk(3, 7);
            Map<String, byte[]> files = written(sets).files();
            String second = List.copyOf(files.keySet()).get(1);
            byte[] changed = Objects.requireNonNull(files.get(second)).clone();
            changed[changed.length / 2] ^= 1;
            RecordingDirectory directory = with(files, second, changed);
            Archive archive = archive(directory);

            Archive.Found found = archive.open();

            assertThat(found.versions()).isEmpty();
            assertThat(found.damage().orElseThrow())
                    .contains(second, "checksum", "set aside as *.damaged", "restore it from a backup");
            assertThat(directory.files().keySet()).allMatch(name -> name.endsWith(".damaged"));
            assertThat(archive.highest()).isEqualTo(3);
            archive.write(kept(List.of(Sets.snapshot(4, sets.get(2).policies()))), null);
            assertThat(archive(directory).open().versions())
                    .extracting(set -> set.version().number())
                    .containsExactly(4L);
        }

        @Test
        void isRefusedIfItBelongsToAnotherStore() throws IOException {
            RecordingDirectory directory = written(walk(1, 8));

            Archive.Found found = new Archive(directory, "another", PolicyParser.READING, PARALLEL, 5).open();

            assertThat(found.versions()).isEmpty();
            assertThat(found.damage().orElseThrow()).contains("belongs to store, not to another");
        }

        @Test
        void isRefusedIfANewerLibraryWroteIt() throws IOException {
            Map<String, byte[]> files = written(walk(1, 9)).files();
            String name = files.keySet().iterator().next();
            byte[] newer = Objects.requireNonNull(files.get(name)).clone();
            newer[7]++;

            assertThat(archive(with(files, name, newer)).open().damage().orElseThrow())
                    .contains("has format 3, this library reads 2");
        }

        private RecordingDirectory with(Map<String, byte[]> files, String changed, byte[] bytes) {
            RecordingDirectory directory = new RecordingDirectory();
            files.forEach(directory::set);
            directory.set(changed, bytes);
            return directory;
        }

        private void assertRefused(RecordingDirectory directory, String what) throws IOException {
            Archive.Found found = archive(directory).open();
            assertThat(found.damage()).as(what).isPresent();
            assertThat(found.versions()).as(what).isEmpty();
            assertThat(found.documents().get()).as(what).isEmpty();
        }
    }

    @Nested
    class ACrash {
        private int states;

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5, 6})
        void leavesAValidSetNotOlderThanTheLastAcknowledgedAtEachMomentOfEachWrite(long seed) throws IOException {
            crashEverywhere(seed, false);
            assertThat(states).isGreaterThan(800);
        }

        @Test
        void wouldBeNoticedHereIfNothingWereBroughtToTheDisk() {
            assertThatThrownBy(() -> crashEverywhere(1, true)).isInstanceOf(AssertionError.class);
        }

        private void crashEverywhere(long seed, boolean forgetful) throws IOException {
            List<PolicySnapshot> sets = walk(25, seed);
            SplittableRandom random = new SplittableRandom(seed);
            long[] acknowledged = new long[1];
            RecordingDirectory[] watched = new RecordingDirectory[1];
            watched[0] = new RecordingDirectory(() -> {
                for (int i = 0; i < 8; i++) {
                    states++;
                    check(watched[0].crashed(random), sets, acknowledged[0], "seed " + seed + ", state " + states);
                }
            });
            if (forgetful) {
                watched[0].forget();
            }
            Archive archive = archive(watched[0]);
            archive.open();
            for (int end = 1; end <= sets.size(); end += 1 + random.nextInt(2)) {
                archive.write(kept(last(sets, end, 2 + (int) (seed % 3))), null);
                acknowledged[0] = end;
            }
        }

        private void check(RecordingDirectory left, List<PolicySnapshot> sets, long acknowledged, String state) {
            try {
                Archive archive = archive(left);
                Archive.Found found = archive.open();
                assertThat(found.damage()).as(state).isEmpty();
                assertThat(left.list()).as(state).noneMatch(name -> name.endsWith(SegmentName.UNFINISHED));
                long newest = 0;
                for (PolicySnapshot set : found.versions()) {
                    newest = set.version().number();
                    assertThat(set.digest())
                            .as(state)
                            .isEqualTo(sets.get((int) newest - 1).digest());
                }
                assertThat(newest).as(state).isGreaterThanOrEqualTo(acknowledged);
                if (newest < sets.size()) {
                    archive.write(kept(sets.subList(0, (int) newest + 1)), null);
                    List<PolicySnapshot> after = archive(left).open().versions();
                    assertThat(after.get(after.size() - 1).version().number())
                            .as(state)
                            .isEqualTo(newest + 1);
                }
            } catch (IOException e) {
                fail(state, e);
            }
        }
    }

    @Nested
    class ADiskThatFails {
        @Test
        void costsNothingThatWasAcknowledgedWhicheverOperationItIs() throws IOException {
            List<PolicySnapshot> sets = walk(14, 11);
            int failures = 0;
            for (int at = 1; ; at++) {
                int failing = at;
                RecordingDirectory directory = new RecordingDirectory();
                directory.failAt(operation -> operation == failing);
                Archive archive = archive(directory);
                archive.open();
                long acknowledged = 0;
                for (int end = 1; end <= sets.size(); end++) {
                    try {
                        archive.write(kept(last(sets, end, 3)), null);
                        acknowledged = end;
                    } catch (IOException full) {
                        failures++;
                        List<PolicySnapshot> found = archive(directory).open().versions();
                        assertThat(
                                        found.isEmpty()
                                                ? 0
                                                : found.get(found.size() - 1)
                                                        .version()
                                                        .number())
                                .as("after operation " + at)
                                .isGreaterThanOrEqualTo(acknowledged);
                    }
                }
                List<PolicySnapshot> found = archive(directory).open().versions();
                PolicySnapshot newest = found.get(found.size() - 1);
                assertThat(newest.version().number()).isGreaterThanOrEqualTo(acknowledged);
                assertSame(newest, sets.get((int) newest.version().number() - 1));
                if (directory.operations() < at) {
                    break;
                }
            }
            assertThat(failures).isGreaterThan(50);
        }
    }
}
