package io.authzengine.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.SamplePolicy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChangePublisherTest {
    private static final PolicyId ALBUM = PolicyId.ofResource("album", "default", "");

    private final Simulation sim = Simulation.seeded(1);
    private final Queue<Runnable> deliveries = new ArrayDeque<>();
    private final StorageContext context = new StorageContext(
            sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), new LaterExecutor(deliveries), sim::await);
    private final ChangePublisher publisher = new ChangePublisher(context);
    private LoadResult current = LoadResult.none("test");
    private final Told told = new Told();

    /** Keeps its tasks until the test runs them: a listener that falls behind. */
    private static final class LaterExecutor extends AbstractExecutorService {
        private final Queue<Runnable> tasks;

        LaterExecutor(Queue<Runnable> tasks) {
            this.tasks = tasks;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }

    /** Adds up what it is told and notes each call. */
    private static final class Told implements PolicyChangeListener {
        final List<PolicyChangeSet> changes = new ArrayList<>();
        final List<Long> looks = new ArrayList<>();
        final List<StorageException> failures = new ArrayList<>();
        PolicySet sum = PolicySet.EMPTY;
        volatile long last; // Written last, so that who reads it sees all the rest.

        @Override
        public void onChange(PolicyChangeSet change) {
            changes.add(change);
            for (PolicyChangeEvent event : change.events()) {
                assertThat(event.previousPolicy()).isEqualTo(sum.find(event.policyId()));
                sum = sum.with(Map.of(event.policyId(), event.policy()));
            }
        }

        @Override
        public void onLook(LoadResult result) {
            looks.add(result.sequence());
            last = result.sequence();
        }

        @Override
        public void onFailure(StorageException failure) {
            failures.add(failure);
        }
    }

    private void look(Optional<Policy> album) {
        PolicySet policies = current.policies().with(Map.of(ALBUM, album));
        LoadResult before = current;
        current = new LoadResult(
                "test",
                before.sequence() + 1,
                before.looks() + 1,
                policies,
                List.of(),
                List.of(),
                Map.of(),
                Instant.EPOCH);
        publisher.looked(
                current,
                PolicyChangeSet.between(
                        before.policies(), policies, "test", current.sequence(), "manual", Instant.EPOCH));
    }

    private void lookAtAlbum(int text) {
        look(Optional.of(SamplePolicy.of(ALBUM, "text " + text)));
    }

    private void deliver() {
        while (!deliveries.isEmpty()) {
            deliveries.remove().run();
        }
    }

    @Test
    void eachChangeIsToldOnceAndInOrder() {
        publisher.subscribe(told, () -> current);
        lookAtAlbum(1);
        lookAtAlbum(2);
        look(Optional.empty());
        deliver();
        assertThat(told.changes).extracting(PolicyChangeSet::sequence).containsExactly(1L, 2L, 3L);
        assertThat(told.looks).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aListenerThatFellBehindGetsOneChangeSetThatMakesUpForAll() {
        publisher.subscribe(told, () -> current);
        for (int i = 1; i <= ChangePublisher.CAPACITY + 5; i++) {
            lookAtAlbum(i);
        }
        deliver();
        assertThat(told.changes).singleElement().satisfies(change -> {
            assertThat(change.cause()).isEqualTo("resync");
            assertThat(change.sequence()).isEqualTo(ChangePublisher.CAPACITY + 5L);
        });
        lookAtAlbum(0);
        deliver();
        assertThat(told.changes).hasSize(2);
        assertThat(told.sum.sameAs(current.policies())).isTrue();
    }

    @Test
    void whatComesWhileItIsMadeUpForIsNotToldTwiceAndNeverBackwards() {
        List<Runnable> meanwhile = new ArrayList<>();
        StorageContext racing = new StorageContext(
                () -> {
                    // Asked for the time of a resync: looks end just now, and are part of it or come after it.
                    List<Runnable> due = List.copyOf(meanwhile);
                    meanwhile.clear();
                    due.forEach(Runnable::run);
                    return Instant.EPOCH;
                },
                sim::nanoTime,
                sim.random(),
                sim.scheduler(),
                context.workers(),
                sim::await);
        ChangePublisher raced = new ChangePublisher(racing);
        raced.subscribe(told, () -> current);
        for (int i = 1; i <= ChangePublisher.CAPACITY + 5; i++) {
            lookInto(raced, i);
        }
        meanwhile.add(() -> lookInto(raced, 1000));
        meanwhile.add(() -> lookInto(raced, 1001));
        deliver();
        assertThat(told.sum.sameAs(current.policies())).isTrue();
        assertThat(told.looks).isSorted();
        assertThat(told.changes).extracting(PolicyChangeSet::sequence).doesNotHaveDuplicates();
    }

    private void lookInto(ChangePublisher into, int text) {
        PolicySet policies =
                current.policies().with(Map.of(ALBUM, Optional.of(SamplePolicy.of(ALBUM, "text " + text))));
        LoadResult before = current;
        current = new LoadResult(
                "test",
                before.sequence() + 1,
                before.looks() + 1,
                policies,
                List.of(),
                List.of(),
                Map.of(),
                Instant.EPOCH);
        into.looked(
                current,
                PolicyChangeSet.between(
                        before.policies(), policies, "test", current.sequence(), "manual", Instant.EPOCH));
    }

    @Test
    void aLookThatEndsWhileSomebodySubscribesIsNotLost() {
        boolean[] asked = {false};
        publisher.subscribe(told, () -> {
            LoadResult before = current;
            if (!asked[0]) {
                asked[0] = true;
                lookAtAlbum(1); // Told to those who are there, which the new listener is not yet.
            }
            return before;
        });
        lookAtAlbum(2);
        deliver();
        assertThat(told.sum.sameAs(current.policies())).isTrue();
    }

    @Test
    void aLookThatWasThereBeforeIsNotTold() {
        lookAtAlbum(1);
        publisher.subscribe(told, () -> current);
        deliver();
        assertThat(told.changes).isEmpty();
    }

    @Test
    void aFailureIsToldAlsoToOneWhoFellBehind() {
        publisher.subscribe(told, () -> current);
        for (int i = 1; i <= ChangePublisher.CAPACITY + 5; i++) {
            lookAtAlbum(i);
        }
        publisher.failed(new ConnectionFailedException(Problem.in("test", "nobody answers")));
        deliver();
        assertThat(told.failures).hasSize(1);
    }

    @Test
    void whoHasLeftIsNotToldEvenOfWhatWaits() {
        Subscription subscription = publisher.subscribe(told, () -> current);
        lookAtAlbum(1);
        sim.scheduler().execute(this::deliver); // So that close() need not wait for its whole limit.
        subscription.close();
        lookAtAlbum(2);
        deliver();
        assertThat(told.looks).isEmpty();
    }

    @Test
    void afterCloseNobodyIsTold() {
        publisher.subscribe(told, () -> current);
        publisher.close();
        publisher.close();
        lookAtAlbum(1);
        deliver();
        assertThat(told.looks).isEmpty();
    }

    @Test
    void listenersThatFallBehindAndCatchUpOnThreadsOfTheirOwnAreToldEverythingOnceAndForwards() {
        try (StorageContext real = StorageContext.create("publisher")) {
            ChangePublisher busy = new ChangePublisher(real);
            List<Told> listeners = List.of(new Told(), new Told(), new Told());
            listeners.forEach(listener -> busy.subscribe(listener, () -> current));
            for (int i = 0; i < 20_000; i++) {
                lookInto(busy, i);
            }
            long last = current.sequence();
            for (Told listener : listeners) {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (listener.last != last && System.nanoTime() - deadline < 0) {
                    Thread.onSpinWait();
                }
                assertThat(listener.sum.sameAs(current.policies())).isTrue();
                assertThat(listener.looks).isSorted();
                assertThat(listener.changes)
                        .extracting(PolicyChangeSet::sequence)
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
        }
    }
}
