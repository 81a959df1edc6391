package io.authzengine.storage.driver.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.git.remote.GitCommand;
import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.testkit.RememberedDocuments;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitDriverTest {
    private static @Nullable GitHttpServer server;

    @TempDir
    Path directory;

    private @Nullable Origin made;

    @BeforeAll
    static void listen(@TempDir Path temporary) throws IOException {
        server =
                GitHttpServer.start(Origin.create(temporary.resolve("none.git")).repository());
    }

    @AfterAll
    static void hangUp() {
        server().close();
    }

    @BeforeEach
    void make() {
        made = Origin.create(directory.resolve("origin.git"));
        server().serve(origin().repository());
    }

    @AfterEach
    void close() {
        origin().close();
    }

    private static GitHttpServer server() {
        return Objects.requireNonNull(server);
    }

    private Origin origin() {
        return Objects.requireNonNull(made);
    }

    private static GitConfig config() {
        return GitConfig.of(server().url());
    }

    private static GitConfig.Limits limits(Duration timeout, int depth, long size) {
        return new GitConfig.Limits(Duration.ofSeconds(60), timeout, depth, size);
    }

    private ObjectId album() {
        return origin().with("album.yaml", SamplePolicies.resource("album")).commit("album");
    }

    private ObjectId albumAndBook() {
        origin().with("book.yaml", SamplePolicies.resource("book"));
        return album();
    }

    @Nested
    class AWarmStart {
        @Test
        void readsNothingThatAnEarlierProcessHasRead() {
            albumAndBook();
            RememberedDocuments documents = new RememberedDocuments();
            Follower.after(documents, config()).close();
            assertThat(documents.recalled()).isEmpty();
            try (Follower later = Follower.after(documents, config())) {
                assertThat(documents.recalled()).containsExactlyInAnyOrder("album.yaml", "book.yaml");
                assertThat(later.locations()).containsExactly("album.yaml", "book.yaml");
            }
        }

        @Test
        void readsWhatHasChanged() {
            albumAndBook();
            RememberedDocuments documents = new RememberedDocuments();
            Follower.after(documents, config()).close();
            origin().with("album.yaml", SamplePolicies.resource("album", "default", "edit"))
                    .commit("edit");
            try (Follower later = Follower.after(documents, config())) {
                assertThat(documents.recalled()).containsExactly("book.yaml");
                assertThat(later.driver().getAllPolicies().get(0).raw().toString())
                        .contains("edit");
            }
        }
    }

    @Nested
    class WhatIsLoaded {
        @Test
        void hasTheCommitItsAuthorAndItsTime() {
            ObjectId tip = album();
            try (Follower follower = Follower.of(config())) {
                PolicyMetadata album = follower.driver().listPolicies().get(0);
                assertThat(album.provenance().revision()).isEqualTo(tip.name());
                assertThat(album.provenance().author()).isEqualTo("Ada <ada@example.com>");
                assertThat(album.provenance().location()).isEqualTo("album.yaml");
                assertThat(album.lastModified()).contains(java.time.Instant.parse("2026-01-01T00:01:00Z"));
                assertThat(follower.load().revisions()).containsValue(tip.name());
            }
        }

        @Test
        void isBelowTheDirectoryAlone() {
            origin().with("policies/a/album.yaml", SamplePolicies.resource("album"))
                    .with("other/book.yaml", SamplePolicies.resource("book"))
                    .with("policies/.hidden.yaml", "no policy")
                    .commit("both");
            try (Follower follower = Follower.of(config().withDirectory("/policies/"))) {
                assertThat(follower.locations()).containsExactly("policies/a/album.yaml");
                origin().with("other/car.yaml", SamplePolicies.resource("car")).commit("elsewhere");
                long sequence = follower.load().sequence();
                assertThat(follower.poll()).isFalse();
                assertThat(follower.load().sequence()).isEqualTo(sequence);
            }
        }

        @Test
        void isWhatDiffersBetweenTwoTreesWhateverLiesBetween() {
            origin().with("a/album.yaml", SamplePolicies.resource("album"))
                    .with("a/book.yaml", SamplePolicies.resource("book"))
                    .with("car.yaml", SamplePolicies.resource("car"))
                    .commit("three");
            try (Follower follower = Follower.of(config())) {
                origin().with("car.yaml", SamplePolicies.broken()).commit("broken");
                origin().without("a/album.yaml").without("a/book.yaml").commit("gone");
                origin().with("a.yaml", SamplePolicies.resource("album"))
                        .with("car.yaml", SamplePolicies.resource("car", "default", "drive"))
                        .with("b/d/e.yaml", SamplePolicies.resource("e"))
                        .commit("moved and mended");
                assertThat(follower.poll()).isTrue();
                assertThat(follower.load().complete()).isTrue();
                assertThat(follower.locations()).containsExactly("a.yaml", "b/d/e.yaml", "car.yaml");
                origin().without("a.yaml")
                        .with("a.yaml/album.yaml", SamplePolicies.resource("album"))
                        .without("b/d/e.yaml")
                        .commit("a file becomes a directory");
                follower.poll();
                assertThat(follower.locations()).containsExactly("a.yaml/album.yaml", "car.yaml");
            }
        }

        @Test
        void canBeATagOrACommit() throws IOException {
            ObjectId first = album();
            origin().tag("v1", first);
            albumAndBook();
            try (Follower tagged = Follower.of(config().withBranch("v1"));
                    Follower pinned = Follower.of(config().withBranch(first.name()));
                    Follower full = Follower.of(config().withBranch("refs/heads/main"))) {
                assertThat(tagged.names()).containsExactly("album");
                assertThat(pinned.names()).containsExactly("album");
                assertThat(full.names()).containsExactly("album", "book");
                int requests = server().requests();
                assertThat(pinned.poll()).isFalse();
                assertThat(server().requests()).isEqualTo(requests);
            }
        }

        @Test
        void canHaveNamesThatDifferInCaseAlone() {
            origin().with("album.yaml", SamplePolicies.resource("album"))
                    .with("Album.yaml", SamplePolicies.resource("Album"))
                    .commit("both");
            try (Follower follower = Follower.of(config())) {
                assertThat(follower.locations()).containsExactly("Album.yaml", "album.yaml");
            }
        }

        @Test
        void comesFromADirectoryOfThisMachineToo() throws Exception {
            Path work = Files.createDirectory(directory.resolve("work"));
            GitCommand.git(work, "init", "-q", "-b", "main");
            Files.writeString(work.resolve("album.yaml"), SamplePolicies.resource("album"));
            GitCommand.git(work, "add", ".");
            GitCommand.git(work, "commit", "-q", "-m", "first");
            try (Follower follower = Follower.of(GitConfig.of("file://" + work))) {
                assertThat(follower.names()).containsExactly("album");
            }
        }
    }

    @Nested
    class Refused {
        private List<String> refusedPlaces(Follower follower) {
            return follower.load().errors().stream()
                    .map(error ->
                            error.source() + ": " + error.findings().get(0).message())
                    .toList();
        }

        @Test
        void areLinksAndSubmodules() {
            origin().with("album.yaml", SamplePolicies.resource("album"))
                    .withLink("link.yaml", "/etc/passwd")
                    .withLink("directory", "../elsewhere")
                    .with("notes.txt", "text")
                    .withLink("readme", "notes.txt")
                    .withSubmodule("vendor")
                    .commit("links");
            try (Follower follower = Follower.of(config())) {
                assertThat(follower.names()).containsExactly("album");
                assertThat(refusedPlaces(follower))
                        .satisfiesExactly(
                                place -> assertThat(place).startsWith("directory: this is a link"),
                                place -> assertThat(place).startsWith("link.yaml: this is a link"),
                                place -> assertThat(place).startsWith("vendor: this is a submodule"));
                origin().without("link.yaml")
                        .without("directory")
                        .without("vendor")
                        .commit("mended");
                follower.poll();
                assertThat(follower.load().complete()).isTrue();
            }
        }

        @Test
        void areNamesThatLeadOutOfTheTree() throws IOException {
            try (ObjectInserter inserter = origin().repository().newObjectInserter()) {
                ObjectId blob = inserter.insert(
                        Constants.OBJ_BLOB,
                        SamplePolicies.resource("escaped").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                TreeFormatter inner = new TreeFormatter();
                inner.append("escaped.yaml", FileMode.REGULAR_FILE, blob);
                ObjectId innerId = inserter.insert(inner);
                TreeFormatter outer = new TreeFormatter();
                outer.append("..", FileMode.TREE, innerId);
                outer.append(".GIT", FileMode.TREE, innerId);
                outer.append("album.yaml", FileMode.REGULAR_FILE, blob);
                ObjectId tree = inserter.insert(outer);
                inserter.flush();
                origin().commitTree(tree);
            }
            try (Follower follower = Follower.of(config())) {
                assertThat(follower.locations()).containsExactly("album.yaml");
                assertThat(refusedPlaces(follower))
                        .hasSize(2)
                        .allSatisfy(place -> assertThat(place).contains("cannot be that of a file"));
            }
        }

        @Test
        void arePointersOfLfsAndHugeFiles() {
            origin().with("lfs.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
                    .with("huge.yaml", new byte[3 * 1024 * 1024])
                    .with("album.yaml", SamplePolicies.resource("album"))
                    .commit("no policies");
            try (Follower follower = Follower.of(config())) {
                assertThat(follower.names()).containsExactly("album");
                assertThat(refusedPlaces(follower))
                        .satisfiesExactly(
                                place -> assertThat(place)
                                        .startsWith("huge.yaml")
                                        .contains("more than 1048576 bytes"),
                                place ->
                                        assertThat(place).startsWith("lfs.yaml").contains("LFS"));
            }
        }

        @Test
        void isARepositoryThatIsTooLarge() {
            byte[] noise = new byte[3 * 1024 * 1024];
            new Random(1).nextBytes(noise);
            album();
            origin().with("noise.bin", noise).commit("large");
            try (Follower follower =
                    new Follower(config().withLimits(limits(Duration.ofSeconds(60), 1, 1024 * 1024)))) {
                assertThat(follower.refusal())
                        .isInstanceOf(ValidationException.class)
                        .hasMessageContaining("maxRepositorySize");
                origin().without("noise.bin").commit("small");
                follower.driver().init();
                assertThat(follower.names()).containsExactly("album");
            }
        }
    }

    @Nested
    class AHistory {
        @Test
        void thatIsRewrittenIsFollowedToItsTip() throws IOException {
            for (int depth : new int[] {0, 1, 3}) {
                origin().withoutAll();
                ObjectId first = albumAndBook();
                List<String> causes = new CopyOnWriteArrayList<>();
                try (Follower follower =
                        Follower.of(config().withLimits(limits(Duration.ofSeconds(60), depth, 1 << 30)))) {
                    follower.driver().watch(changes -> causes.add(changes.cause()));
                    origin().without("book.yaml").commit("without book");
                    follower.poll();
                    origin().with("car.yaml", SamplePolicies.resource("car")).rewrite("all anew");
                    assertThat(follower.poll()).isTrue();
                    follower.await("the rewriting to be told", () -> causes.size() == 2);
                    assertThat(causes).containsExactly("manual", depth == 0 ? "rewritten" : "manual");
                    assertThat(follower.names()).containsExactly("album", "car");
                    origin().move(first);
                    assertThat(follower.poll()).isTrue();
                    assertThat(follower.names()).containsExactly("album", "book");
                }
            }
        }

        @Test
        void whoseBranchIsDeletedLeavesTheLastGoodAndNamesTheOthers() throws IOException {
            album();
            try (Follower follower = Follower.of(config())) {
                origin().on("release");
                origin().rewrite("moved");
                origin().delete("main");
                assertThat(follower.failure())
                        .isInstanceOf(NotFoundException.class)
                        .hasMessageContaining("no branch or tag main")
                        .hasMessageContaining("release");
                assertThat(follower.names()).containsExactly("album");
                assertThat(follower.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
                origin().on("main");
                albumAndBook();
                assertThat(follower.look()).isTrue();
                assertThat(follower.names()).containsExactly("album", "book");
            }
        }

        @Test
        void thatHasNotBegunIsAnErrorAndOneWithoutDocumentsIsNot() {
            try (Follower follower = new Follower(config())) {
                assertThat(follower.refusal())
                        .isInstanceOf(NotFoundException.class)
                        .hasMessageContaining("the repository is empty");
                origin().with("policies/.gitkeep", "").commit("nothing yet");
                follower.driver().init();
                assertThat(follower.names()).isEmpty();
            }
        }

        @Test
        void thatLosesTheDirectoryLeavesTheLastGood() {
            origin().with("policies/album.yaml", SamplePolicies.resource("album"))
                    .commit("first");
            try (Follower follower = Follower.of(config().withDirectory("policies"))) {
                origin().withoutAll().with("policies", "a file").commit("lost");
                assertThat(follower.failure())
                        .isInstanceOf(NotFoundException.class)
                        .hasMessageContaining("has no directory policies: that is a file");
                assertThat(follower.names()).containsExactly("album");
            }
        }
    }

    @Nested
    class ALocalRepository {
        /** Bytes of a pack before its first object. */
        private static final int HEADER = 12;
        /** Bytes of a pack after its last object. */
        private static final int CHECK_SUM = 20;

        private static final int HUGE_COMMENT = 10_000;

        private Path store() {
            return directory.resolve("store");
        }

        private GitConfig kept() {
            return config().withLocalPath(store());
        }

        private List<Path> packs() throws IOException {
            try (Stream<Path> files = Files.list(store().resolve("policies.git/objects/pack"))) {
                return files.filter(file -> file.toString().endsWith(".pack")).toList();
            }
        }

        @Test
        void isUsedAgainAfterARestart() {
            albumAndBook();
            Follower.of(kept()).close();
            long before = server().sent();
            try (Follower follower = Follower.of(kept())) {
                assertThat(follower.names()).containsExactly("album", "book");
                assertThat(server().sent() - before).isLessThan(600);
            }
        }

        /** Damages all of each pack but its first {@code sound} bytes and its check sum, and lets JGit forget what it knows of them. */
        private void damage(ToIntFunction<byte[]> sound) throws IOException {
            for (Path pack : packs()) {
                byte[] bytes = Files.readAllBytes(pack);
                for (int i = sound.applyAsInt(bytes); i < bytes.length - CHECK_SUM; i++) {
                    bytes[i] ^= 0x55;
                }
                assertThat(pack.toFile().setWritable(true)).isTrue();
                Files.write(pack, bytes);
            }
            new WindowCacheConfig().install();
        }

        @Test
        void isMadeAnewWhenItIsDamaged() throws IOException {
            albumAndBook();
            Follower.of(kept()).close();
            damage(bytes -> HEADER);
            try (Follower follower = Follower.of(kept())) {
                assertThat(follower.names()).containsExactly("album", "book");
                damage(bytes -> HEADER);
                origin().with("car.yaml", SamplePolicies.resource("car")).commit("more");
                assertThat(follower.look()).isTrue();
                assertThat(follower.names()).containsExactly("album", "book", "car");
            }
            Files.writeString(store().resolve("policies.git/config"), "no [ config");
            try (Follower follower = Follower.of(kept())) {
                assertThat(follower.names()).hasSize(3);
            }
        }

        /** What leads to the document is sound: it comes first in a pack. */
        @Test
        void isMadeAnewWhenADocumentInItIsDamaged() throws IOException {
            byte[] noise = new byte[HUGE_COMMENT];
            new Random(1).nextBytes(noise);
            String comment = "# " + HexFormat.of().formatHex(noise) + "\n";
            origin().with("album.yaml", comment + SamplePolicies.resource("album"))
                    .commit("first");
            Follower.of(kept()).close();
            damage(bytes -> bytes.length / 2);
            long before = server().sent();
            try (Follower follower = Follower.of(kept())) {
                assertThat(follower.names()).containsExactly("album");
                assertThat(server().sent() - before).isGreaterThan(HUGE_COMMENT);
            }
        }

        @Test
        void isFreedOfWhatACrashLeft() throws IOException {
            album();
            Follower.of(kept()).close();
            Path repository = store().resolve("policies.git");
            Files.writeString(repository.resolve("shallow.lock"), "");
            Files.writeString(repository.resolve("config.lock"), "");
            Files.writeString(repository.resolve("refs/policies/tip.lock"), "");
            Files.writeString(repository.resolve("objects/incoming_1.pack"), "half");
            albumAndBook();
            try (Follower follower = Follower.of(kept())) {
                assertThat(follower.names()).containsExactly("album", "book");
                assertThat(repository.resolve("objects/incoming_1.pack")).doesNotExist();
            }
        }

        @Test
        void belongsToOneDriver() {
            album();
            try (Follower first = Follower.of(kept());
                    Follower second = new Follower(kept())) {
                assertThat(second.refusal())
                        .isInstanceOf(ConnectionFailedException.class)
                        .hasMessageContaining("another process or driver uses this directory");
                first.driver().close();
                second.driver().init();
                assertThat(second.names()).containsExactly("album");
            }
        }

        @Test
        void holdsNoCredentials() throws IOException {
            album();
            server().require("x-access-token", "secret-of-the-test");
            try (Follower follower = Follower.of(kept().withAuth(GitAuth.token(GitSecret.of("secret-of-the-test"))))) {
                assertThat(follower.names()).containsExactly("album");
            }
            try (Stream<Path> files = Files.walk(store())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                            .doesNotContain("secret-of-the-test");
                }
            }
        }

        @Test
        void isRemovedIfItIsTemporary() throws IOException {
            album();
            List<Path> others = temporary();
            Follower follower = Follower.of(config());
            List<Path> made = new ArrayList<>(temporary());
            made.removeAll(others);
            follower.close();
            assertThat(made).isNotEmpty();
            assertThat(temporary()).doesNotContainAnyElementsOf(made);
        }

        private List<Path> temporary() throws IOException {
            try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                return files.filter(file -> file.getFileName().toString().startsWith("authz-storage-git-"))
                        .toList();
            }
        }
    }

    @Nested
    class Credentials {
        @Test
        void thatAreRefusedAreToldAndLeaveTheLastGood() {
            album();
            server().require("ada", "right");
            GitConfig right = config().withAuth(new GitAuth.Basic("ada", GitSecret.of("right")));
            try (Follower follower = Follower.of(right);
                    Follower wrong = new Follower(config().withAuth(new GitAuth.Basic("ada", GitSecret.of("wrong"))));
                    Follower none = new Follower(config())) {
                assertThat(wrong.refusal())
                        .isInstanceOf(AuthenticationFailedException.class)
                        .hasMessageContaining("HTTP 401")
                        .hasMessageNotContaining("wrong");
                assertThat(none.refusal()).isInstanceOf(AuthenticationFailedException.class);
                server().require("ada", "other");
                assertThat(follower.failure()).isInstanceOf(AuthenticationFailedException.class);
                assertThat(follower.names()).containsExactly("album");
            }
        }

        @Test
        void areReadAnewForEachConnection() throws IOException {
            album();
            Path token = Files.writeString(directory.resolve("token"), "first\n");
            server().require(GitAuth.TOKEN_USER, "first");
            try (Follower follower = Follower.of(config().withAuth(GitAuth.token(GitSecret.in(token))))) {
                server().require(GitAuth.TOKEN_USER, "second");
                Files.writeString(token, "second\n");
                albumAndBook();
                assertThat(follower.poll()).isTrue();
            }
        }

        @Test
        void doNotFollowARedirectToAnotherServer() throws IOException {
            album();
            try (GitHttpServer other = GitHttpServer.start(origin().repository())) {
                String base = other.url().replace("/org/policies.git", "");
                server().redirectTo(base);
                try (Follower follower =
                        Follower.of(config().withAuth(GitAuth.token(GitSecret.of("secret-of-the-test"))))) {
                    assertThat(follower.names()).containsExactly("album");
                    assertThat(other.lastAuthorization()).isEmpty();
                }
            }
        }
    }

    @Nested
    class AServer {
        @Test
        void thatIsGoneIsFollowedAgainWhenItIsBack() throws IOException {
            album();
            try (Follower follower = Follower.of(config())) {
                server().down();
                assertThat(follower.failure()).isInstanceOf(ConnectionFailedException.class);
                assertThat(follower.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
                server().up();
                albumAndBook();
                assertThat(follower.look()).isTrue();
            }
        }

        @Test
        void thatBreaksOffInTheMiddleChangesNothing() {
            byte[] noise = new byte[100_000];
            new Random(2).nextBytes(noise);
            album();
            try (Follower follower = Follower.of(config().withLimits(limits(Duration.ofSeconds(2), 1, 1 << 30)))) {
                origin().with("noise.bin", noise);
                albumAndBook();
                for (long bytes : new long[] {10, 250, 60_000}) {
                    server().cutAfter(bytes);
                    assertThat(follower.failure().code()).isIn(ErrorCode.CONNECTION_FAILED, ErrorCode.TIMEOUT);
                    assertThat(follower.names()).containsExactly("album");
                }
                server().cutAfter(Long.MAX_VALUE);
                assertThat(follower.look()).isTrue();
                assertThat(follower.names()).containsExactly("album", "book");
            }
        }

        @Test
        void thatDoesNotAnswerIsGivenUp() {
            album();
            GitConfig impatient = config().withLimits(limits(Duration.ofMillis(400), 1, 1 << 30));
            try (Follower follower = new Follower(impatient)) {
                server().silent(true);
                assertThat(follower.refusal().code()).isIn(ErrorCode.TIMEOUT, ErrorCode.CONNECTION_FAILED);
                server().silent(false);
            }
        }

        @Test
        void isAskedOnceIfThereIsNothingNew() {
            albumAndBook();
            try (Follower follower = Follower.of(config())) {
                int requests = server().requests();
                long sent = server().sent();
                assertThat(follower.poll()).isFalse();
                assertThat(server().requests()).isEqualTo(requests + 1);
                assertThat(server().sent() - sent).isLessThan(100);
            }
        }

        @Test
        void thatHasNoSuchRepositorySaysSo() {
            album();
            try (Follower follower = new Follower(GitConfig.of(server().url().replace("policies", "nothing")))) {
                assertThat(follower.refusal())
                        .isInstanceOf(NotFoundException.class)
                        .hasMessageContaining("no such repository");
            }
        }
    }
}
