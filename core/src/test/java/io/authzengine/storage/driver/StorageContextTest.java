package io.authzengine.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StorageContextTest {
    private static final long PATIENCE_SECONDS = 60;

    private static List<Thread> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .toList();
    }

    @Test
    void itsThreadsAreNamedAndDaemonsAndGoneAfterClose() throws Exception {
        try (StorageContext context = StorageContext.create("context-test")) {
            CompletableFuture<Thread> worker = new CompletableFuture<>();
            CompletableFuture<Thread> timer = new CompletableFuture<>();
            context.workers().execute(() -> worker.complete(Thread.currentThread()));
            context.scheduler().execute(() -> timer.complete(Thread.currentThread()));
            assertThat(worker.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getName()).isEqualTo("context-test-worker-1");
            assertThat(timer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getName()).isEqualTo("context-test-timer-1");
            assertThat(worker.get().isDaemon() && timer.get().isDaemon()).isTrue();
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        while (!threads("context-test").isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(threads("context-test")).isEmpty();
    }

    @Test
    void waitingEndsWithTheWorkHoweverItEnds() throws Exception {
        try (StorageContext context = StorageContext.create("context-test")) {
            StorageContext.Waiting waiting = context.waiting();
            Duration limit = Duration.ofSeconds(PATIENCE_SECONDS);
            CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
            cancelled.cancel(false);
            assertThat(waiting.await(CompletableFuture.completedFuture(1), limit))
                    .isTrue();
            assertThat(waiting.await(CompletableFuture.failedFuture(new IllegalStateException()), limit))
                    .isTrue();
            assertThat(waiting.await(cancelled, limit)).isTrue();
            assertThat(waiting.await(new CompletableFuture<>(), Duration.ofMillis(1)))
                    .isFalse();
        }
    }

    @Test
    void itsRandomNumbersLieWhereTheyShould() {
        try (StorageContext context = StorageContext.create("context-test")) {
            for (int i = 0; i < 1000; i++) {
                assertThat(context.random().nextDouble()).isBetween(0.0, 1.0);
            }
        }
    }
}
