package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EventBusTest {
    private static final Duration POLL = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final FakeBackend backend = new FakeBackend();
    private final PolicyStore store = PolicyStore.builder(backend.driver(context))
            .settings(StoreSettings.DEFAULT.withMaxVersions(5))
            .context(context)
            .build();
    private final List<StoreEvent> seen = new ArrayList<>();

    @AfterEach
    void close() {
        store.close();
    }

    private void update(String mark) {
        backend.put("a.yaml", Documents.resource("a", mark));
        backend.hint();
    }

    private static List<String> names(List<? extends StoreEvent> events) {
        return events.stream().map(StoreEvent::name).toList();
    }

    private static long number(StoreEvent event) {
        return event.version().number();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("waited for longer than " + PATIENCE)
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Nested
    class Kinds {
        @Test
        void anUpdateIsFollowedByTheVersionItMade() {
            store.subscribe(seen::add);
            store.start();

            assertThat(names(seen)).containsExactly("policy.updated", "version.created");
            assertThat(seen).allMatch(event -> number(event) == 1);
        }

        @Test
        void aReturnToAnEarlierVersionIsToldAfterTheUpdateItMade() {
            store.start();
            update("one");
            store.subscribe(seen::add);
            store.history().rollback(1, Note.of("back"));

            assertThat(names(seen)).containsExactly("policy.updated", "version.created", "policy.rolled_back");
        }

        @Test
        void aRefusalIsToldWithTheFindingsAndWhatWouldHaveChanged() {
            store.start();
            store.events().subscribe(StoreEvent.Rejected.class, seen::add);
            backend.put("a.yaml", Documents.importing("a", "nowhere", "owner"));
            backend.hint();

            StoreEvent.Rejected rejected = (StoreEvent.Rejected) seen.get(0);
            assertThat(rejected.name()).isEqualTo("policy.validation_failed");
            assertThat(rejected.findings()).isNotEmpty();
            assertThat(rejected.changes().events())
                    .extracting(PolicyChangeEvent::type)
                    .containsExactly(PolicyChangeEvent.Type.ADDED);
        }

        @Test
        void aFailedLookAndTheRecoveryAreTold() {
            store.start();
            store.subscribe(seen::add);
            backend.failWith(new ConnectionFailedException(Problem.in("fake", "gone")));
            sim.advance(POLL);
            backend.failWith(null);
            sim.advance(POLL);

            assertThat(names(seen)).containsExactly("reload.failed", "store.recovered");
        }

        @Test
        void oneWhoSubscribesToOneKindIsToldOfNoOther() {
            store.events().subscribe(StoreEvent.VersionCreated.class, seen::add);
            store.start();
            update("one");
            backend.put("a.yaml", "nonsense");
            backend.hint();

            assertThat(names(seen)).containsExactly("version.created", "version.created");
        }

        @Test
        void severalSubscribersOfOneKindAreAllTold() {
            List<StoreEvent> others = new ArrayList<>();
            store.events().subscribe(StoreEvent.Updated.class, seen::add);
            store.events().subscribe(StoreEvent.Updated.class, others::add);
            store.start();

            assertThat(seen).hasSize(1).isEqualTo(others);
        }
    }

    @Nested
    class Subscriptions {
        @Test
        void areCountedByKindAndEndedByKindOrAltogether() {
            EventBus bus = store.events();
            store.subscribe(seen::add);
            bus.subscribe(StoreEvent.Updated.class, seen::add);
            bus.subscribe(StoreEvent.Updated.class, seen::add);
            assertThat(bus.subscribers(StoreEvent.Updated.class)).isEqualTo(2);
            assertThat(bus.subscribers(StoreEvent.class)).isEqualTo(1);

            bus.unsubscribe(StoreEvent.Updated.class);
            assertThat(bus.subscribers(StoreEvent.Updated.class)).isZero();
            assertThat(bus.subscribers(StoreEvent.class)).isEqualTo(1);

            bus.unsubscribeAll();
            store.start();
            assertThat(bus.subscribers(StoreEvent.class)).isZero();
            assertThat(seen).isEmpty();
        }

        @Test
        void endIdempotently() {
            Subscription subscription = store.subscribe(seen::add);
            subscription.close();
            subscription.close();
            store.start();

            assertThat(seen).isEmpty();
        }

        @Test
        void areRefusedByAClosedStore() {
            store.close();

            assertThatThrownBy(() -> store.subscribe(seen::add)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> store.events().subscribe(StoreEvent.class, seen::add))
                    .isInstanceOf(IllegalStateException.class);
        }

        @Test
        void haveRoomForAtLeastOneEvent() {
            assertThatThrownBy(() -> SubscribeOptions.DEFAULT.withCapacity(0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SubscribeOptions.DEFAULT.after(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(SubscribeOptions.DEFAULT.capacity()).isEqualTo(100);
        }
    }

    @Nested
    class Synchronously {
        @Test
        void aSubscriberIsCalledBeforeTheChangingCallReturnsAndWithoutALock() {
            Thread here = Thread.currentThread();
            store.events().subscribe(StoreEvent.Updated.class, SubscribeOptions.SYNCHRONOUS, event -> {
                assertThat(Thread.currentThread()).isSameAs(here);
                assertThat(number(event)).isEqualTo(store.current().version().number());
                seen.add(event);
            });
            backend.put("a.yaml", Documents.resource("a", "one"));

            store.checkAndReload();

            assertThat(seen).hasSize(1);
        }

        @Test
        void oneThatChangesTheStoreWithinItsCallIsToldOfThatNext() {
            store.events().subscribe(StoreEvent.Updated.class, SubscribeOptions.SYNCHRONOUS, event -> {
                seen.add(event);
                if (seen.size() == 1) {
                    backend.put("b.yaml", Documents.resource("b", "one"));
                    store.checkAndReload();
                    assertThat(seen).as("told one at a time").hasSize(1);
                }
            });
            store.checkAndReload();

            assertThat(seen).extracting(EventBusTest::number).containsExactly(1L, 2L);
        }

        @Test
        void oneThatThrowsHurtsNobody() {
            store.events().subscribe(StoreEvent.class, SubscribeOptions.SYNCHRONOUS, event -> {
                throw new StackOverflowError();
            });
            store.events().subscribe(StoreEvent.Updated.class, SubscribeOptions.SYNCHRONOUS, seen::add);

            store.checkAndReload();

            assertThat(seen).hasSize(1);
        }

        @Test
        void aFailedLookIsToldBeforeTheCallThrows() {
            store.events().subscribe(StoreEvent.ReloadFailed.class, SubscribeOptions.SYNCHRONOUS, seen::add);
            backend.failWith(new ConnectionFailedException(Problem.in("fake", "gone")));

            assertThatThrownBy(store::checkAndReload).isInstanceOf(ConnectionFailedException.class);
            assertThat(seen).hasSize(1);
        }
    }

    @Nested
    class Replaying {
        @Test
        void tellsTheRememberedVersionsStepByStepAndThenGoesOn() {
            store.start();
            update("two");
            update("three");

            store.events().subscribe(StoreEvent.Updated.class, SubscribeOptions.DEFAULT.after(1), seen::add);
            update("four");

            assertThat(seen).extracting(EventBusTest::number).containsExactly(2L, 3L, 4L);
            assertThat(seen)
                    .extracting(event ->
                            ((StoreEvent.Updated) event).changes().events().size())
                    .containsOnly(1);
            assertThat(((StoreEvent.Updated) seen.get(0)).changes().cause()).isEqualTo("hint");
        }

        @Test
        void fromTheBeginningTellsEverythingIfAllIsRemembered() {
            store.start();
            update("two");

            store.events().subscribe(StoreEvent.class, SubscribeOptions.SYNCHRONOUS.after(0), seen::add);

            assertThat(names(seen))
                    .containsExactly("policy.updated", "version.created", "policy.updated", "version.created");
        }

        @Test
        void fromTheVersionBeingServedTellsNothingYet() {
            store.start();
            store.events().subscribe(StoreEvent.class, SubscribeOptions.DEFAULT.after(1), seen::add);

            assertThat(seen).isEmpty();
        }

        @Test
        void fromAVersionThatIsForgottenSaysResyncOnceAndGoesOn() {
            store.start();
            for (int i = 2; i <= 9; i++) {
                update("text " + i);
            }
            store.events().subscribe(StoreEvent.class, SubscribeOptions.DEFAULT.after(2), seen::add);
            update("ten");

            assertThat(names(seen)).containsExactly("resync", "policy.updated", "version.created");
            assertThat(((StoreEvent.Resync) seen.get(0)).missed()).isZero();
            assertThat(((StoreEvent.Updated) seen.get(1)).changes().cause()).isEqualTo("hint");
        }

        @Test
        void fromAVersionThatIsYetToComeSaysResync() {
            store.start();
            store.events().subscribe(StoreEvent.class, SubscribeOptions.DEFAULT.after(7), seen::add);

            assertThat(names(seen)).containsExactly("resync");
        }
    }

    @Nested
    class FallingBehind {
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final CountDownLatch stuck = new CountDownLatch(1);
        private final List<StoreEvent> told = new CopyOnWriteArrayList<>();

        private void slowly(StoreEvent event) {
            told.add(event);
            stuck.countDown();
            try {
                assertThat(goOn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private PolicyStore realStore(StorageContext threads) {
            return PolicyStore.builder(backend.driver(threads)).context(threads).build();
        }

        private void reload(PolicyStore real, String mark) {
            backend.put("a.yaml", Documents.resource("a", mark));
            real.checkAndReload();
        }

        @Test
        void dropsTheOldestCountsThemSaysResyncAndLeadsOnFromWhatWasSeen() throws InterruptedException {
            try (StorageContext threads = StorageContext.create("behind");
                    PolicyStore real = realStore(threads)) {
                real.events()
                        .subscribe(StoreEvent.Updated.class, SubscribeOptions.DEFAULT.withCapacity(3), this::slowly);
                real.checkAndReload();
                stuck.await();
                for (int i = 2; i <= 11; i++) {
                    reload(real, "text " + i);
                }
                assertThat(real.events().dropped()).isGreaterThanOrEqualTo(7);
                goOn.countDown();
                await(() -> told.size() == 4);

                assertThat(told).extracting(EventBusTest::number).containsExactly(1L, 9L, 10L, 11L);
                assertThat(told)
                        .extracting(
                                event -> ((StoreEvent.Updated) event).changes().cause())
                        .containsExactly("manual", "resync", "manual", "manual");
                assertThat(real.status().counters().eventsDropped())
                        .isEqualTo(real.events().dropped());
            }
        }

        @Test
        void saysHowManyItMissedAndHowThingsStand() throws InterruptedException {
            try (StorageContext threads = StorageContext.create("behind");
                    PolicyStore real = realStore(threads)) {
                real.events().subscribe(StoreEvent.class, SubscribeOptions.DEFAULT.withCapacity(2), this::slowly);
                real.checkAndReload();
                stuck.await();
                reload(real, "two");
                backend.put("a.yaml", "nonsense");
                real.checkAndReload();
                goOn.countDown();
                await(() -> names(told).contains("policy.validation_failed"));

                assertThat(names(told).subList(0, 2)).containsExactly("policy.updated", "resync");
                assertThat(((StoreEvent.Resync) told.get(1)).missed()).isEqualTo(2);
            }
        }

        @Test
        void neverMakesTheStoreOrAnotherSubscriberWait() throws InterruptedException {
            List<StoreEvent> others = new CopyOnWriteArrayList<>();
            try (StorageContext threads = StorageContext.create("blocked");
                    PolicyStore real = realStore(threads)) {
                real.subscribe(this::slowly);
                real.subscribe(others::add);
                real.checkAndReload();
                stuck.await();
                reload(real, "two");

                await(() -> others.size() == 4);
                assertThat(real.current().version().number()).isEqualTo(2);
                goOn.countDown();
            }
        }

        @Test
        void stopWaitsUntilAllThatWasPublishedIsTold() {
            try (StorageContext threads = StorageContext.create("drained")) {
                PolicyStore real = realStore(threads);
                real.events().subscribe(StoreEvent.Updated.class, told::add);
                for (int i = 1; i <= 50; i++) {
                    reload(real, "text " + i);
                }
                assertThat(real.stop(PATIENCE)).isTrue();
                assertThat(told).hasSize(50);
                assertThat(real.stop(PATIENCE)).as("again").isTrue();
                reload(real, "after the stop");
                real.close();
                real.close();
                assertThat(told).as("also what came after the stop").hasSize(51);
            }
        }

        @Test
        void closeDoesNotWaitForEverForOneThatIsStuck() throws InterruptedException {
            try (StorageContext threads = StorageContext.create("stuck")) {
                PolicyStore real = realStore(threads);
                real.subscribe(this::slowly);
                real.checkAndReload();
                stuck.await();
                real.close();
                assertThat(goOn.getCount()).as("it is stuck still").isEqualTo(1);
                goOn.countDown();
            }
        }

        @Test
        void closingTheStoreWithinACallDoesNotWaitForItself() {
            try (StorageContext threads = StorageContext.create("self")) {
                PolicyStore real = realStore(threads);
                real.subscribe(event -> {
                    real.close();
                    told.add(event);
                });
                real.checkAndReload();
                await(() -> !told.isEmpty());
            }
        }
    }

    @Nested
    class AsAFlow {
        private final List<String> signals = new ArrayList<>();
        private Flow.@Nullable Subscription flow;

        private final class Recording implements Flow.Subscriber<StoreEvent> {
            private final long atOnce;

            Recording(long atOnce) {
                this.atOnce = atOnce;
            }

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                flow = subscription;
                if (atOnce != 0) {
                    subscription.request(atOnce);
                }
                signals.add("subscribed");
            }

            @Override
            public void onNext(StoreEvent event) {
                signals.add(event.name() + " " + number(event));
            }

            @Override
            public void onError(Throwable error) {
                signals.add("error: " + error.getMessage());
            }

            @Override
            public void onComplete() {
                signals.add("complete");
            }
        }

        private Flow.Subscription flow() {
            return Objects.requireNonNull(flow, "onSubscribe was not called");
        }

        private void subscribe(long atOnce) {
            store.events().publisher(SubscribeOptions.DEFAULT).subscribe(new Recording(atOnce));
        }

        @Test
        void nothingIsToldThatWasNotRequested() {
            subscribe(0);
            store.start();
            assertThat(signals).containsExactly("subscribed");

            flow().request(1);
            assertThat(signals).containsExactly("subscribed", "policy.updated 1");
            flow().request(2);
            assertThat(signals).containsExactly("subscribed", "policy.updated 1", "version.created 1");
            update("two");
            assertThat(signals).hasSize(4).endsWith("policy.updated 2");
        }

        @Test
        void theSubscriberIsToldThatItIsOneBeforeAnythingElse() {
            store.start();
            store.events().publisher(SubscribeOptions.DEFAULT.after(0)).subscribe(new Recording(Long.MAX_VALUE));

            assertThat(signals).containsExactly("subscribed", "policy.updated 1", "version.created 1");
        }

        @Test
        void demandAddsUpWithoutOverflow() {
            subscribe(Long.MAX_VALUE);
            flow().request(Long.MAX_VALUE);
            store.start();

            assertThat(signals).hasSize(3);
        }

        @Test
        void requestingNothingIsAnErrorAndTheEnd() {
            subscribe(0);
            flow().request(0);
            flow().request(1);
            store.start();
            store.close();

            assertThat(signals).hasSize(2);
            assertThat(signals.get(1)).startsWith("error").contains("at least one");
        }

        @Test
        void afterCancelNothingIsTold() {
            subscribe(Long.MAX_VALUE);
            flow().cancel();
            flow().cancel();
            store.start();
            store.close();

            assertThat(signals).containsExactly("subscribed");
        }

        @Test
        void closingTheStoreCompletes() {
            subscribe(Long.MAX_VALUE);
            store.start();
            store.close();

            assertThat(signals).endsWith("version.created 1", "complete");
        }

        @Test
        void aClosedStoreAnswersWithAnError() {
            store.close();
            subscribe(1);

            assertThat(signals.get(0)).isEqualTo("subscribed");
            assertThat(signals.get(1)).startsWith("error");
        }

        @Test
        void oneThatThrowsIsToldNoMoreAndHurtsNobody() {
            store.events().publisher(SubscribeOptions.DEFAULT).subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(StoreEvent event) {
                    seen.add(event);
                    throw new IllegalStateException("subscriber trouble");
                }

                @Override
                public void onError(Throwable error) {
                    throw new IllegalStateException(error);
                }

                @Override
                public void onComplete() {
                    signals.add("complete");
                }
            });
            store.start();
            update("two");

            assertThat(seen).hasSize(1);
            assertThat(store.current().version().number()).isEqualTo(2);
        }

        @Test
        void nobodyIsNoSubscriber() {
            assertThatThrownBy(() ->
                            store.events().publisher(SubscribeOptions.DEFAULT).subscribe(null))
                    .isInstanceOf(NullPointerException.class);
        }

        @Test
        void eachRequestedEventIsToldOnceAndInOrderOnRealThreads() {
            try (StorageContext threads = StorageContext.create("flow");
                    PolicyStore real = PolicyStore.builder(backend.driver(threads))
                            .context(threads)
                            .build()) {
                List<Long> numbers = new CopyOnWriteArrayList<>();
                real.events()
                        .publisher(SubscribeOptions.DEFAULT.withCapacity(1000))
                        .subscribe(new Flow.Subscriber<>() {
                            private Flow.@Nullable Subscription own;

                            @Override
                            public void onSubscribe(Flow.Subscription subscription) {
                                own = subscription;
                                subscription.request(1);
                            }

                            @Override
                            public void onNext(StoreEvent event) {
                                if (event instanceof StoreEvent.Updated) {
                                    numbers.add(number(event));
                                }
                                Objects.requireNonNull(own, "told before onSubscribe")
                                        .request(1);
                            }

                            @Override
                            public void onError(Throwable error) {
                                numbers.add(-1L);
                            }

                            @Override
                            public void onComplete() {
                                numbers.add(0L);
                            }
                        });
                for (int i = 1; i <= 100; i++) {
                    backend.put("a.yaml", Documents.resource("a", "text " + i));
                    real.checkAndReload();
                }
                await(() -> numbers.size() == 100);
                assertThat(numbers).isSorted().doesNotHaveDuplicates().doesNotContain(-1L, 0L);
            }
        }
    }
}
