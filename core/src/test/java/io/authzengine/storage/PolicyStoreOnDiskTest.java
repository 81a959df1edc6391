package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.gate.PolicyGate;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyStoreOnDiskTest {
    private static final PolicyId A = PolicyId.ofResource("a", "default", "");
    private static final Duration POLL = Duration.ofSeconds(60);
    private final ConnectionFailedException down =
            new ConnectionFailedException(Problem.in("fake", "connection refused"));

    @TempDir
    private Path directory;

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final FakeBackend backend = new FakeBackend();
    private final List<PolicyStore> stores = new ArrayList<>();

    private StoreSettings.Disk cache() {
        return new StoreSettings.Disk(Optional.of(directory.resolve("cache")), Optional.empty());
    }

    private StoreSettings.Disk history() {
        return new StoreSettings.Disk(Optional.empty(), Optional.of(directory.resolve("history")));
    }

    private PolicyStore store(InitMode mode, StoreSettings.Disk disk, PolicyGate... gates) {
        PolicyStoreBuilder builder = new PolicyStoreBuilder(backend::driver)
                .settings(StoreSettings.DEFAULT.withInitMode(mode).withDisk(disk))
                .context(context);
        Stream.of(gates).forEach(builder::gate);
        PolicyStore store = builder.build();
        stores.add(store);
        return store;
    }

    private PolicyStore started(InitMode mode, StoreSettings.Disk disk, PolicyGate... gates) {
        PolicyStore store = store(mode, disk, gates);
        store.start();
        return store;
    }

    /** Leaves three versions on the disk, the last of which says "three". */
    private PolicySnapshot leave(StoreSettings.Disk disk) {
        PolicyStore store = started(InitMode.FAIL_FAST, disk);
        for (String mark : List.of("two", "three")) {
            backend.put("a.yaml", Documents.resource("a", mark));
            sim.advance(POLL);
        }
        PolicySnapshot last = store.current();
        store.close();
        return last;
    }

    private String description(PolicyStore store) {
        return store.current()
                .find(A)
                .map(policy -> policy.content().header().description())
                .orElse("");
    }

    private static Durability durability(PolicyStore store) {
        return store.status().durability().orElseThrow();
    }

    private List<Path> files(String of) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(of))) {
            return files.sorted().toList();
        }
    }

    @AfterEach
    void close() {
        stores.forEach(PolicyStore::close);
    }

    @Nested
    class TheOfflineCopy {
        @Test
        void isServedUnderItsOwnVersionWhileTheBackendIsNotThere() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            PolicySnapshot left = leave(cache());
            backend.failWith(down);

            PolicyStore store = started(InitMode.DEGRADED, cache());

            assertThat(store.current().version()).isEqualTo(left.version());
            assertThat(store.current().digest()).isEqualTo(left.digest());
            assertThat(description(store)).isEqualTo("three");
            assertThat(store.status().isReady()).isTrue();
        }

        @Test
        void isNamedInStatusAndHealthWithItsAge() {
            leave(cache());
            backend.failWith(down);
            sim.advance(Duration.ofHours(2));

            PolicyStore store = started(InitMode.DEGRADED, cache());

            assertThat(durability(store).isServedFromDisk()).isTrue();
            assertThat(durability(store).servedFrom().orElseThrow())
                    .isBetween(Duration.ofHours(2), Duration.ofHours(3));
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(store.status().health().message()).contains("offline copy", "2 h old", "connection refused");
        }

        @Test
        void isReplacedOnceTheBackendAnswersAndNumbersGoOn() {
            PolicySnapshot left = leave(cache());
            backend.failWith(down);
            PolicyStore store = started(InitMode.DEGRADED, cache());
            backend.failWith(null);
            backend.put("a.yaml", Documents.resource("a", "four"));

            sim.advance(POLL);
            sim.advance(POLL);

            assertThat(description(store)).isEqualTo("four");
            assertThat(store.current().version().number())
                    .isEqualTo(left.version().number() + 1);
            assertThat(durability(store).isServedFromDisk()).isFalse();
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void isNoNewVersionIfTheBackendStillHoldsIt() {
            PolicySnapshot left = leave(cache());

            PolicyStore store = started(InitMode.DEGRADED, cache());

            assertThat(store.current().version()).isEqualTo(left.version());
            assertThat(durability(store).isServedFromDisk()).isFalse();
        }

        @Test
        void isNotServedByAStoreThatIsToldToFail() {
            leave(cache());
            backend.failWith(down);
            PolicyStore store = store(InitMode.FAIL_FAST, cache());

            assertThatThrownBy(store::start).isSameAs(down);
            assertThat(store.current().version().isNone()).isTrue();
        }

        @Test
        void isNotServedToOneWhoseCredentialsAreRefused() {
            leave(cache());
            backend.failWith(new AuthenticationFailedException(Problem.in("fake", "refused")));
            PolicyStore store = store(InitMode.DEGRADED, cache());

            assertThatThrownBy(store::start).isInstanceOf(AuthenticationFailedException.class);
        }

        @Test
        void isACandidateLikeAnyOtherAndMustPassTheGates() {
            leave(cache());
            backend.failWith(down);

            PolicyStore store = started(InitMode.DEGRADED, cache(), new RefusingGate());

            assertThat(store.current().version().isNone()).isTrue();
            assertThat(store.status().held().orElseThrow().findings())
                    .extracting(Finding::message)
                    .containsExactly("not today");
        }

        @Test
        void isNotServedIfAnybodyChangedItAlthoughItIsAllThereIs() throws IOException {
            leave(cache());
            backend.failWith(down);
            Path file = files("cache").get(0);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);

            PolicyStore store = started(InitMode.DEGRADED, cache());

            assertThat(store.current().version().isNone()).isTrue();
            assertThat(durability(store).problem().orElseThrow()).contains("checksum", "set aside", "backup");
            assertThat(store.status().health().details().errors()).anyMatch(error -> error.contains("set aside"));
            backend.failWith(null);
            sim.advance(POLL);
            sim.advance(POLL);
            assertThat(store.current().version().number()).isEqualTo(4);
            assertThat(durability(store).version()).isEqualTo(4);
        }

        @Test
        void isForItsOwnerOnly() throws IOException {
            leave(cache());

            assertThat(permissions(directory.resolve("cache"))).isEqualTo("rwx------");
            assertThat(files("cache"))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }

        private String permissions(Path path) throws IOException {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        }

        @Test
        void isAcknowledgedInTheStatusOnceItIsOnTheDisk() {
            PolicyStore store = started(InitMode.FAIL_FAST, cache());

            assertThat(durability(store).version()).isEqualTo(1);
            assertThat(durability(store).writtenAt()).isPresent();
            assertThat(durability(store).problem()).isEmpty();
        }

        @Test
        void keepsTwoGenerations() {
            leave(cache());

            PolicyStore store = started(InitMode.DEGRADED, cache());

            assertThat(store.history().versions())
                    .extracting(PolicyVersion::number)
                    .endsWith(2L, 3L);
            assertThat(store.history().previous()).isPresent();
        }
    }

    @Nested
    class AWarmStart {
        @Test
        void readsOnlyWhatChangedWhateverTheMode() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            backend.put("c.yaml", Documents.resource("c", "one"));
            started(InitMode.FAIL_FAST, cache()).close();
            backend.put("b.yaml", Documents.resource("b", "two"));
            backend.remove("c.yaml");
            backend.countReads();

            PolicyStore store = started(InitMode.FAIL_FAST, cache());

            assertThat(backend.reads()).containsExactly("b.yaml");
            assertThat(store.current().size()).isEqualTo(2);
            assertThat(store.current().version().number()).isEqualTo(2);
            assertThat(store.current()
                            .find(PolicyId.ofResource("b", "default", ""))
                            .orElseThrow()
                            .raw()
                            .toString())
                    .contains("two");
        }

        @Test
        void readsEverythingIfTokensDoNotOutliveAProcess() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            started(InitMode.FAIL_FAST, cache()).close();
            backend.forgetTokens();
            backend.countReads();

            started(InitMode.FAIL_FAST, cache());

            assertThat(backend.reads()).containsExactly("a.yaml");
        }

        @Test
        void doesNotTakeAnythingFromACopyThatWasChanged() throws IOException {
            backend.put("a.yaml", Documents.resource("a", "one"));
            started(InitMode.FAIL_FAST, cache()).close();
            Path file = files("cache").get(0);
            Files.writeString(
                    file,
                    Files.readString(file, StandardCharsets.ISO_8859_1).replace("one", "two"),
                    StandardCharsets.ISO_8859_1);
            backend.countReads();

            PolicyStore store = started(InitMode.FAIL_FAST, cache());

            assertThat(backend.reads()).containsExactly("a.yaml");
            assertThat(description(store)).isEqualTo("one");
        }

        @Test
        void readsABrokenDocumentAgain() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            backend.put("b.yaml", Documents.resource("b", "one"));
            PolicyStore store = started(InitMode.FAIL_FAST, cache());
            backend.put("b.yaml", "not: [a policy");
            sim.advance(POLL);
            store.close();
            backend.countReads();

            assertThatThrownBy(() -> started(InitMode.FAIL_FAST, cache())).isInstanceOf(ValidationException.class);

            assertThat(backend.reads()).containsExactly("b.yaml");
        }
    }

    @Nested
    class ThePersistentHistory {
        @Test
        void isThereAgainWithNumbersCausesAndDigests() {
            PolicyStore before = started(InitMode.FAIL_FAST, history());
            for (int i = 0; i < 5; i++) {
                backend.put("a.yaml", Documents.resource("a", "mark " + i));
                sim.advance(POLL);
            }
            List<PolicyVersion> versions = before.history().versions();
            List<String> digests = digests(before, versions);
            before.close();

            PolicyStore after = started(InitMode.DEGRADED, history());

            assertThat(after.history().versions()).isEqualTo(versions);
            assertThat(digests(after, versions)).isEqualTo(digests);
        }

        private List<String> digests(PolicyStore store, List<PolicyVersion> versions) {
            return versions.stream()
                    .map(version ->
                            store.history().find(version.number()).orElseThrow().digest())
                    .toList();
        }

        @Test
        void isGoneOnWithByAStartThatServesNothingOfIt() {
            leave(history());

            PolicyStore store = started(InitMode.FAIL_FAST, history());

            assertThat(store.history().versions())
                    .extracting(PolicyVersion::number)
                    .containsExactly(1L, 2L, 3L, 4L);
        }

        @Test
        void isKeptByCount() {
            StoreSettings three = StoreSettings.DEFAULT.withMaxVersions(3).withDisk(history());
            PolicyStore store = new PolicyStoreBuilder(backend::driver)
                    .settings(three)
                    .context(context)
                    .build();
            stores.add(store);
            store.start();
            for (int i = 0; i < 9; i++) {
                backend.put("a.yaml", Documents.resource("a", "mark " + i));
                sim.advance(POLL);
            }
            store.close();

            PolicyStore after = new PolicyStoreBuilder(backend::driver)
                    .settings(three.withInitMode(InitMode.DEGRADED))
                    .context(context)
                    .build();
            stores.add(after);
            after.start();

            assertThat(after.history().versions())
                    .extracting(PolicyVersion::number)
                    .containsExactly(8L, 9L, 10L);
        }

        @Test
        void namesTheFileThatWasChangedAndTakesNothingFromIt() throws IOException {
            leave(history());
            Path file = files("history").get(1);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);

            PolicyStore store = started(InitMode.FAIL_FAST, history());

            assertThat(durability(store).problem().orElseThrow())
                    .contains(String.valueOf(file.getFileName()), "was changed after it was written");
            assertThat(store.history().versions())
                    .extracting(PolicyVersion::number)
                    .containsExactly(4L);
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);
        }

        @Test
        void losesAFileThatWasNeverFinishedAndNothingElse() throws IOException {
            leave(history());
            Path torn = directory.resolve("history/000000000009-v9.part.tmp");
            Files.writeString(torn, "half a fi");

            PolicyStore store = started(InitMode.DEGRADED, history());

            assertThat(torn).doesNotExist();
            assertThat(store.history().versions()).hasSize(3);
            assertThat(durability(store).problem()).isEmpty();
        }
    }

    @Nested
    class ADirectoryThatCannotBeUsed {
        @Test
        void isRefusedToASecondStoreWithAClearWord() {
            backend.put("a.yaml", Documents.resource("a", "one"));
            PolicyStore first = started(InitMode.FAIL_FAST, cache());
            PolicyStore second = store(InitMode.DEGRADED, cache());

            assertThatThrownBy(second::start)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("in use by another store of this process")
                    .hasMessageContaining(directory.resolve("cache").toString())
                    .hasMessageContaining("a cacheDir and a historyDir of its own");
            assertThat(description(first)).isEqualTo("one");
            first.close();
            started(InitMode.FAIL_FAST, cache());
        }

        @Test
        void costsNothingThatIsServedAndIsUsedOnceItCanBe() throws IOException {
            Path cache = Files.writeString(directory.resolve("cache"), "a file in the way");
            backend.put("a.yaml", Documents.resource("a", "one"));

            PolicyStore store = started(InitMode.FAIL_FAST, cache());

            assertThat(description(store)).isEqualTo("one");
            assertThat(durability(store).version()).isZero();
            assertThat(durability(store).problem().orElseThrow())
                    .contains("cacheDir " + cache, "this process can read and write", "tried again by itself");
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.DEGRADED);

            Files.delete(cache);
            sim.advance(Duration.ofMinutes(2));

            assertThat(durability(store).version()).isEqualTo(1);
            assertThat(durability(store).problem()).isEmpty();
            assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void isNotAskedForTwice() {
            Path both = directory.resolve("both");
            assertThatThrownBy(() -> new StoreSettings.Disk(Optional.of(both), Optional.of(both)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two directories");
        }

        @Test
        void isNoMatterOnceTheClockIsSetBack() {
            leave(cache());
            backend.failWith(down);
            sim.shiftWallClock(Duration.ofDays(-3650));

            PolicyStore store = started(InitMode.DEGRADED, cache());

            assertThat(description(store)).isEqualTo("three");
            assertThat(durability(store).servedFrom()).contains(Duration.ZERO);
        }
    }

    private static final class RefusingGate implements PolicyGate {
        @Override
        public String name() {
            return "refusing";
        }

        @Override
        public List<Finding> review(Candidate candidate) {
            return List.of(Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("a.yaml"), "not today"));
        }
    }
}
