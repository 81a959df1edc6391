package io.authzengine.storage.driver;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * All that the library takes from outside: time, random numbers and threads. Handed in, so that a test can run everything on a
 * clock that stands still until it is moved.
 *
 * <p>Whoever makes a context closes it; drivers and stores never close one they were given.
 *
 * @param clock the wall clock, for what people read
 * @param ticker monotonic nanoseconds, for all intervals; a wall clock that jumps never disturbs them
 * @param random for jitter
 * @param scheduler runs short tasks at a given time; never blocked
 * @param workers runs work that may block
 * @param waiting how a caller waits for work
 * @param documents what documents said in an earlier process
 */
public record StorageContext(
        InstantSource clock,
        LongSupplier ticker,
        RandomGenerator random,
        ScheduledExecutorService scheduler,
        ExecutorService workers,
        Waiting waiting,
        DocumentCache documents)
        implements AutoCloseable {
    private static final Duration IDLE_WORKER_LIFE = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** How a caller waits for work that runs elsewhere. */
    @FunctionalInterface
    public interface Waiting {
        /**
         * Waits until {@code future} is done or {@code limit} has passed.
         *
         * @return whether it is done, in whatever way
         * @throws InterruptedException if interrupted while waiting; the work goes on
         */
        boolean await(CompletableFuture<?> future, Duration limit) throws InterruptedException;
    }

    public StorageContext {
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(ticker, "ticker");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(workers, "workers");
        Objects.requireNonNull(waiting, "waiting");
        Objects.requireNonNull(documents, "documents");
    }

    /** Makes a context that remembers no documents. */
    public StorageContext(
            InstantSource clock,
            LongSupplier ticker,
            RandomGenerator random,
            ScheduledExecutorService scheduler,
            ExecutorService workers,
            Waiting waiting) {
        this(clock, ticker, random, scheduler, workers, waiting, DocumentCache.NONE);
    }

    /** Returns this context with {@code cache} for the documents. */
    public StorageContext withDocuments(DocumentCache cache) {
        return new StorageContext(clock, ticker, random, scheduler, workers, waiting, cache);
    }

    /**
     * Returns a context on the system's clock with daemon threads of its own, named after {@code name}. Threads are started when
     * needed and end when idle; {@link #close} ends them all.
     */
    public static StorageContext create(String name) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, daemons(name + "-timer"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setKeepAliveTime(IDLE_WORKER_LIFE.toSeconds(), TimeUnit.SECONDS);
        scheduler.allowCoreThreadTimeOut(true);
        // Unbounded in threads, as a look may wait long for its backend and must not keep another driver's from
        // starting;
        // there is at most one look a driver and one delivery a listener, so their number is known.
        ExecutorService workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_WORKER_LIFE.toSeconds(),
                TimeUnit.SECONDS,
                new java.util.concurrent.SynchronousQueue<>(),
                daemons(name + "-worker"));
        return new StorageContext(
                InstantSource.system(),
                System::nanoTime,
                new SynchronizedRandom(),
                scheduler,
                workers,
                StorageContext::awaitInRealTime);
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static boolean awaitInRealTime(CompletableFuture<?> future, Duration limit) throws InterruptedException {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | java.util.concurrent.CancellationException e) {
            return true; // Done; the caller reads the outcome from the future itself.
        }
    }

    /** Several drivers draw from one context, and the generators of the JDK that can be seeded are not thread-safe. */
    private static final class SynchronizedRandom implements RandomGenerator {
        private final SplittableRandom random = new SplittableRandom();

        @Override
        public synchronized long nextLong() {
            return random.nextLong();
        }
    }

    /** Ends all threads of this context, waiting a few seconds at most for work that is under way. */
    @Override
    public void close() {
        scheduler.shutdownNow();
        workers.shutdownNow();
        try {
            if (!scheduler.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)
                    || !workers.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                org.slf4j.LoggerFactory.getLogger(StorageContext.class)
                        .warn("a task ignores its interruption and still runs after close()");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
