package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link StorageDriver}, as tests that every driver passes. Extend it in a class of your own and give it a harness of
 * five methods: {@link #open}, {@link #put}, {@link #remove}, {@link #breakDown} and {@link #heal}. What a backend cannot do is
 * said by overriding one of the other methods; all of them begin with the strictest answer.
 *
 * <p>Runs in real time, as real backends do, and waits for conditions, never for a time.
 */
public abstract class StorageDriverContract {
    private static final String ALBUM = "album.yaml";
    private static final String BOOK = "book.yaml";
    private static final PolicyId ALBUM_ID = SamplePolicies.resourceId("album");
    private static final PolicyId BOOK_ID = SamplePolicies.resourceId("book");

    private Set<Thread> threadsBefore = Set.of();
    private @Nullable ContractRun current;

    /** Makes a driver over a backend of its own that is there and holds nothing. Called once for each test. */
    protected abstract StorageDriver open(StorageContext context) throws Exception;

    /** Puts documents into the backend, by name such as {@code album.yaml}; as one change where the backend knows such a thing. */
    protected abstract void put(Map<String, String> documents) throws Exception;

    /** Removes the documents of these names from the backend; as one change where the backend knows such a thing. */
    protected abstract void remove(Set<String> names) throws Exception;

    /** Makes the backend unreachable, or makes it disappear, without touching what it holds. */
    protected abstract void breakDown() throws Exception;

    /** Undoes {@link #breakDown}. */
    protected abstract void heal() throws Exception;

    /** Returns whether one {@link #put} of several documents must arrive as one change set. */
    protected boolean changesAreOneUnit() {
        return true;
    }

    /** Returns whether a document may stand at any name, so that two can define the same policy. */
    protected boolean namesAreFree() {
        return true;
    }

    /** Returns the ids that policies may name as the driver that read them; those of its children if it is made of drivers. */
    protected Set<String> origins(StorageDriver driver) {
        return Set.of(driver.id());
    }

    /** Returns what must never be shown: the credentials the driver was given. */
    protected List<String> secrets() {
        return List.of();
    }

    /** Returns whether {@code thread} outlives the driver by right: one of a backend that runs in this process, or of all clients of a library. */
    protected boolean mayOutlive(Thread thread) {
        return false;
    }

    /** Returns how long to wait for what must happen sooner or later. */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    @BeforeEach
    final void begin() throws Exception {
        threadsBefore = Thread.getAllStackTraces().keySet();
        StorageContext context = StorageContext.create("contract");
        current = new ContractRun(open(context), context, patience());
    }

    @AfterEach
    final void end() throws Exception {
        run().close();
        heal();
        run().await(
                        "all threads of the driver and its context to end",
                        () -> threadsLeft().isEmpty());
    }

    private List<Thread> threadsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread) && !mayOutlive(thread))
                .filter(thread -> thread.getThreadGroup() != null
                        && !"system".equals(thread.getThreadGroup().getName()))
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool"))
                // Of the HTTP client of Java 17, which cannot be closed: ends when it is garbage.
                .filter(thread -> !thread.getName().startsWith("HttpClient-"))
                .toList();
    }

    private ContractRun run() {
        return Objects.requireNonNull(current, "begin() comes first");
    }

    private StorageDriver driver() {
        return run().driver();
    }

    private void putOne(String name, String document) throws Exception {
        put(Map.of(name, document));
    }

    private ContractRun withAlbumAndBook() throws Exception {
        put(Map.of(ALBUM, SamplePolicies.resource("album"), BOOK, SamplePolicies.resource("book")));
        driver().watch(run());
        driver().init();
        run().awaitLook("album and book to be loaded", () -> run().texts().size() == 2);
        return run();
    }

    private ContractRun withBrokenAlbum() throws Exception {
        withAlbumAndBook();
        putOne(ALBUM, SamplePolicies.broken());
        run().awaitLook(
                        "the broken document to be found",
                        () -> !driver().load().complete());
        return run();
    }

    /** {@code init} connects and loads, or fails with a reason and can be repeated. */
    @Nested
    class Init {
        /** A second {@code init} does nothing. */
        @Test
        void isIdempotent() throws Exception {
            withAlbumAndBook();
            long sequence = driver().load().sequence();
            driver().init();
            assertThat(driver().load().sequence()).as(run().name()).isEqualTo(sequence);
        }

        /** A backend that holds nothing is content, not an error. */
        @Test
        void ofAnEmptyBackendLoadsAnEmptySet() {
            driver().init();
            assertThat(driver().load().isLoaded()).as(run().name()).isTrue();
            assertThat(driver().getAllPolicies()).as(run().name()).isEmpty();
        }

        /** A backend that cannot be reached is never read as an empty one; the error is typed and names the driver. */
        @Test
        void failsWithATypedErrorIfTheBackendIsBroken() throws Exception {
            breakDown();
            assertThatThrownBy(driver()::init)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(driver().id());
            assertThat(driver().healthCheck().status()).as(run().name()).isEqualTo(HealthStatus.Status.UNHEALTHY);
        }

        /** A failed {@code init} leaves nothing behind that keeps it from being repeated. */
        @Test
        void canBeRepeatedAfterItHasFailed() throws Exception {
            putOne(ALBUM, SamplePolicies.resource("album"));
            breakDown();
            assertThatThrownBy(driver()::init).isInstanceOf(StorageException.class);
            heal();
            driver().init();
            run().awaitLook("album to be loaded", () -> run().texts().containsKey(ALBUM_ID));
        }

        /** Before {@code init} there is nothing to hand out, and the driver says so. */
        @Test
        void comesBeforeLoad() {
            assertThatThrownBy(driver()::load).as(run().name()).isInstanceOf(IllegalStateException.class);
        }
    }

    /** What is handed out is the whole set, as one cut, in a stable order, with its origin. */
    @Nested
    class Load {
        /** All read operations agree, and are ordered by id. */
        @Test
        void isWholeAndInAStableOrder() throws Exception {
            withAlbumAndBook();
            assertThat(driver().listPolicies())
                    .as(run().name())
                    .extracting(PolicyMetadata::id)
                    .containsExactly(ALBUM_ID, BOOK_ID);
            assertThat(driver().getAllPolicies())
                    .as(run().name())
                    .extracting(Policy::id)
                    .containsExactly(ALBUM_ID, BOOK_ID);
            assertThat(driver().load().complete()).as(run().name()).isTrue();
            assertThat(driver().load().driverId()).isEqualTo(driver().id());
        }

        /** A policy is found by its id with the exact text of its document; an unknown id is empty, not an error. */
        @Test
        void findsByIdAndKeepsTheText() throws Exception {
            withAlbumAndBook();
            assertThat(driver().getPolicy(ALBUM_ID)
                            .orElseThrow()
                            .raw()
                            .toString()
                            .strip())
                    .as(run().name())
                    .isEqualTo(SamplePolicies.resource("album").strip());
            assertThat(driver().getPolicy(SamplePolicies.resourceId("nobody")))
                    .as(run().name())
                    .isEmpty();
        }

        /** Each policy says which driver read it and where it stands. */
        @Test
        void tellsTheOrigin() throws Exception {
            withAlbumAndBook();
            assertThat(driver().listPolicies()).as(run().name()).allSatisfy(policy -> {
                assertThat(policy.provenance().driverId()).isIn(origins(driver()));
                assertThat(policy.source()).contains(policy.name()).doesNotContain(secretsOrNone());
                assertThat(policy.contentHash()).hasSize(64);
            });
        }
    }

    /** A look finds what changed, all of it, and tells it in order. */
    @Nested
    class Changes {
        /** Additions, modifications and deletions are found by {@code checkNow} and told with what was before. */
        @Test
        void areFoundAndTold() throws Exception {
            withAlbumAndBook();
            putOne("car.yaml", SamplePolicies.resource("car"));
            run().awaitLook("car to be added", () -> run().texts().size() == 3);
            putOne(ALBUM, SamplePolicies.resource("album", "default", "edit"));
            run().awaitLook("album to be modified", () -> run().text(ALBUM_ID).contains("edit"));
            remove(Set.of(BOOK));
            run().awaitLook("book to be deleted", () -> !run().texts().containsKey(BOOK_ID));
            run().awaitTold();
            assertThat(run().events())
                    .as(run().name())
                    .containsSubsequence(
                            "ADDED " + SamplePolicies.resourceId("car"), "MODIFIED " + ALBUM_ID, "DELETED " + BOOK_ID);
        }

        /** What is one change in the backend is one change set: nobody ever sees a part of it. */
        @Test
        void ofOneTransactionAreOneChangeSet() throws Exception {
            withAlbumAndBook();
            put(Map.of(
                    ALBUM,
                    SamplePolicies.resource("album", "default", "edit"),
                    BOOK,
                    SamplePolicies.resource("book", "default", "edit"),
                    "car.yaml",
                    SamplePolicies.resource("car")));
            run().awaitLook(
                            "car to be added",
                            () -> run().texts().size() == 3
                                    && run().text(ALBUM_ID).contains("edit"));
            run().awaitLook("book to be modified", () -> run().text(BOOK_ID).contains("edit"));
            run().awaitTold();
            if (changesAreOneUnit()) {
                PolicyChangeSet last = run().changes().get(run().changes().size() - 1);
                assertThat(last.ids())
                        .as(run().name())
                        .containsExactlyInAnyOrder(ALBUM_ID, BOOK_ID, SamplePolicies.resourceId("car"));
            }
        }

        /** Checks that change nothing tell nothing. */
        @Test
        void areNotMadeUp() throws Exception {
            withAlbumAndBook();
            run().awaitTold();
            int told = run().changes().size();
            assertThat(driver().checkNow(CheckMode.FORCE)).as(run().name()).isFalse();
            assertThat(driver().checkNow(CheckMode.IF_CHANGED)).as(run().name()).isFalse();
            assertThat(run().changes()).as(run().name()).hasSize(told);
        }

        /** However signals and checks fall together with changes, what was told adds up to what there is, and that to the backend. */
        @Test
        void areNeverLostWhateverHintsAndChecksDo() throws Exception {
            withAlbumAndBook();
            CompletableFuture<Void> checks = CompletableFuture.runAsync(run()::checkOften);
            for (int i = 0; i < 50; i++) {
                putOne(ALBUM, SamplePolicies.resource("album", "default", "edit" + i));
                putOne("n" + i % 5 + ".yaml", SamplePolicies.resource("n" + i % 5, "default", "edit" + i));
                if (i % 7 == 6) {
                    remove(Set.of("n" + i % 5 + ".yaml"));
                }
            }
            run().stopChecking();
            checks.get(patience().toSeconds(), TimeUnit.SECONDS);
            Map<PolicyId, String> expected = ContractRun.expectedAfterFifty();
            run().awaitLook("all changes to arrive", () -> run().texts().equals(expected));
            run().awaitTold();
        }

        /** Following finds changes by itself, by hints or by polling, without anybody checking. */
        @Test
        void areFoundWithoutACheckWhileFollowing() throws Exception {
            driver().watch(run());
            driver().init();
            driver().stop(patience());
            driver().start(StartOptions.DEFAULT.withInterval(Duration.ofMillis(100)));
            putOne(ALBUM, SamplePolicies.resource("album"));
            run().await("album to be found", () -> run().texts().containsKey(ALBUM_ID));
        }
    }

    /** One broken document hurts nobody else, and nothing that was right is lost by it. */
    @Nested
    class BrokenDocuments {
        /** The last good of the document stays, all others are there, and the set says it is not complete. */
        @Test
        void keepTheirLastGood() throws Exception {
            withBrokenAlbum();
            assertThat(run().text(ALBUM_ID)).as(run().name()).contains("view");
            putOne(BOOK, SamplePolicies.resource("book", "default", "edit"));
            run().awaitLook("book to be modified", () -> run().text(BOOK_ID).contains("edit"));
            assertThat(run().text(ALBUM_ID)).as(run().name()).contains("view");
            assertThat(driver().load().complete()).as(run().name()).isFalse();
        }

        /** The finding says where, by line and column, and which policy is concerned. */
        @Test
        void areNamedWithLineAndColumn() throws Exception {
            withBrokenAlbum();
            LoadError error = driver().load().errors().get(0);
            assertThat(error.source()).as(run().name()).contains("album");
            assertThat(error.affected()).as(run().name()).contains(ALBUM_ID);
            assertThat(error.findings()).as(run().name()).allSatisfy(finding -> {
                assertThat(finding.place().line()).isPositive();
                assertThat(finding.place().column()).isPositive();
            });
        }

        /** The repair alone heals; nobody has to restart or to force anything. */
        @Test
        void healByTheirRepair() throws Exception {
            withBrokenAlbum();
            putOne(ALBUM, SamplePolicies.resource("album", "default", "edit"));
            run().awaitLook("the repair to be taken", () -> driver().load().complete());
            assertThat(run().text(ALBUM_ID)).as(run().name()).contains("edit");
        }

        /** Two documents of one id are both named; neither wins, and what was there before stays. */
        @Test
        void ofOneIdDoNotDecideByTheirOrder() throws Exception {
            if (!namesAreFree()) {
                return;
            }
            withAlbumAndBook();
            putOne("a-second-album.yaml", SamplePolicies.resource("album", "default", "edit"));
            run().awaitLook(
                            "the contradiction to be found",
                            () -> !driver().load().complete());
            assertThat(run().text(ALBUM_ID)).as(run().name()).contains("view");
            assertThat(driver().load().errors())
                    .as(run().name())
                    .hasSize(2)
                    .allSatisfy(error -> assertThat(error.affected()).contains(ALBUM_ID));
            remove(Set.of(ALBUM));
            run().awaitLook(
                            "the contradiction to be gone",
                            () -> driver().load().complete());
            assertThat(run().text(ALBUM_ID)).as(run().name()).contains("edit");
        }
    }

    /** A backend that fails takes nothing away. */
    @Nested
    class ABrokenBackend {
        /** The check fails with a typed error and no secret; what was loaded stays, and nobody is told of a deletion. */
        @Test
        void leavesTheLastGood() throws Exception {
            withAlbumAndBook();
            LoadResult before = driver().load();
            breakDown();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> driver().checkNow(CheckMode.FORCE))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining(driver().id())
                        .satisfies(failure ->
                                assertThat(String.valueOf(failure.getMessage())).doesNotContain(secretsOrNone()));
            }
            assertThat(driver().load().policies().sameAs(before.policies()))
                    .as(run().name())
                    .isTrue();
            run().awaitTold();
            assertThat(run().events()).as(run().name()).noneMatch(event -> event.startsWith("DELETED"));
        }

        /** Once it answers again, what changed meanwhile is found, and only what is really gone is deleted. */
        @Test
        void isFollowedAgainOnceItAnswers() throws Exception {
            withAlbumAndBook();
            breakDown();
            assertThatThrownBy(() -> driver().checkNow(CheckMode.FORCE)).isInstanceOf(StorageException.class);
            heal();
            driver().checkNow(CheckMode.FORCE);
            remove(Set.of(BOOK));
            run().awaitLook("book to be deleted", () -> !run().texts().containsKey(BOOK_ID));
            run().awaitTold();
            assertThat(run().events())
                    .as(run().name())
                    .containsOnlyOnce("DELETED " + BOOK_ID)
                    .doesNotContain("DELETED " + ALBUM_ID);
        }
    }

    /** Listeners are told in order, each on its own. */
    @Nested
    class Listeners {
        /** One that throws, whatever it throws, hurts nobody else. */
        @Test
        void thatThrowHurtNobody() throws Exception {
            driver().watch(changes -> {
                throw new StackOverflowError("thrown by a listener of the contract");
            });
            withAlbumAndBook();
            putOne(ALBUM, SamplePolicies.resource("album", "default", "edit"));
            run().awaitLook("album to be modified", () -> run().text(ALBUM_ID).contains("edit"));
            run().awaitTold();
        }

        /** One that blocks keeps neither the driver nor the others waiting. */
        @Test
        void thatBlockKeepNobodyWaiting() throws Exception {
            CountDownLatch done = new CountDownLatch(1);
            driver().watch(changes -> ContractRun.waitFor(done));
            try {
                withAlbumAndBook();
                putOne(ALBUM, SamplePolicies.resource("album", "default", "edit"));
                run().awaitLook(
                                "album to be modified",
                                () -> run().text(ALBUM_ID).contains("edit"));
                run().awaitTold();
            } finally {
                done.countDown();
            }
        }

        /** One that has left is not called any more; the others are. */
        @Test
        void thatHaveLeftAreNotCalled() throws Exception {
            List<PolicyChangeSet> told = new ArrayList<>();
            Subscription subscription = driver().watch(told::add);
            subscription.close();
            subscription.close();
            withAlbumAndBook();
            run().awaitTold();
            assertThat(told).as(run().name()).isEmpty();
        }
    }

    /** Closing ends everything, at any moment. */
    @Nested
    class Close {
        /** It may be called twice, and by itself. */
        @Test
        void isIdempotent() {
            driver().close();
            assertThatCode(driver()::close).doesNotThrowAnyException();
        }

        /** What is called on a closed driver is misuse and says so; {@code id}, {@code type} and health still answer. */
        @Test
        void leavesNothingToBeCalled() throws Exception {
            withAlbumAndBook();
            driver().close();
            PolicyChangeListener listener = changes -> {};
            assertThatThrownBy(() -> driver().watch(listener))
                    .as(run().name())
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(driver()::init).as(run().name()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(driver()::load).as(run().name()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> driver().checkNow(CheckMode.FORCE))
                    .as(run().name())
                    .isInstanceOf(IllegalStateException.class);
            assertThat(driver().healthCheck().status()).as(run().name()).isEqualTo(HealthStatus.Status.UNHEALTHY);
        }

        /** A load under way ends, well or not, and nobody is told of anything afterwards. */
        @Test
        void endsALoadUnderWay() throws Exception {
            for (int i = 0; i < 200; i++) {
                putOne("n" + i + ".yaml", SamplePolicies.resource("n" + i));
            }
            driver().watch(run());
            CompletableFuture<Void> load = CompletableFuture.runAsync(driver()::init);
            run().await(
                            "the load to be under way",
                            () -> load.isDone() || driver().progress().isPresent());
            driver().close();
            int told = run().changes().size();
            load.handle((nothing, failure) -> true).get(patience().toSeconds(), TimeUnit.SECONDS);
            assertThat(run().changes()).as(run().name()).hasSize(told);
        }
    }

    /** Health is a verdict with its reason, in each state. */
    @Nested
    class Health {
        /** Nothing loaded is unhealthy, all well is healthy, a part missing is degraded. */
        @Test
        void followsTheState() throws Exception {
            assertThat(driver().healthCheck().status()).as(run().name()).isEqualTo(HealthStatus.Status.UNHEALTHY);
            withAlbumAndBook();
            run().await("health to be good", () -> driver().healthCheck().status() == HealthStatus.Status.HEALTHY);
            assertThat(driver().healthCheck().details().policiesLoaded()).isEqualTo(2);
            assertThat(driver().healthCheck().details().connected()).isTrue();
            assertThat(driver().healthCheck().details().lastSync()).isPresent();
            putOne(ALBUM, SamplePolicies.broken());
            run().awaitLook(
                            "the broken document to be found",
                            () -> !driver().load().complete());
            assertThat(driver().healthCheck().status()).as(run().name()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(driver().healthCheck().message()).as(run().name()).contains("album");
        }

        /** A backend that does not answer is degraded while the last good is there, and says why, without secrets. */
        @Test
        void isDegradedWhileTheBackendIsBroken() throws Exception {
            withAlbumAndBook();
            breakDown();
            assertThatThrownBy(() -> driver().checkNow(CheckMode.FORCE)).isInstanceOf(StorageException.class);
            HealthStatus health = driver().healthCheck();
            assertThat(health.status()).as(run().name()).isEqualTo(HealthStatus.Status.DEGRADED);
            assertThat(health.details().connected()).as(run().name()).isFalse();
            assertThat(health.details().policiesLoaded()).isEqualTo(2);
            assertThat(health.toString()).contains("SD-0").doesNotContain(secretsOrNone());
            heal();
            driver().checkNow(CheckMode.FORCE);
            run().await("health to be good", () -> driver().healthCheck().status() == HealthStatus.Status.HEALTHY);
        }
    }

    /** The names of a driver are the same all its life and tell no secret. */
    @Test
    void idAndTypeAreStableAndFreeOfSecrets() throws Exception {
        String id = driver().id();
        String type = driver().type();
        withAlbumAndBook();
        driver().close();
        assertThat(driver().id()).isEqualTo(id).isNotBlank().doesNotContain(secretsOrNone());
        assertThat(driver().type()).isEqualTo(type).isNotBlank();
    }

    /** Deletions are told only of what the backend has really lost: the events of the run, seen from the outside. */
    @Test
    void whatWasToldAddsUpToWhatThereIs() throws Exception {
        withAlbumAndBook();
        remove(Set.of(ALBUM));
        run().awaitLook("album to be deleted", () -> run().texts().size() == 1);
        run().awaitTold();
        assertThat(run().changes().stream().mapToLong(change -> change.count(PolicyChangeEvent.Type.DELETED)))
                .as(run().name())
                .containsOnlyOnce(1L);
    }

    private CharSequence[] secretsOrNone() {
        return secrets().isEmpty() ? new CharSequence[] {"\0"} : secrets().toArray(CharSequence[]::new);
    }
}
