package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Real time and real threads that can be disturbed: a wall clock that is set, threads that come late or not at all. Thread-safe. */
final class ContractWorld {
    private final StorageContext context;
    private volatile Duration shift = Duration.ZERO;
    private volatile Duration lateness = Duration.ZERO;
    private volatile boolean refusing;

    ContractWorld() {
        StorageContext real = StorageContext.create("contract");
        context = new StorageContext(
                () -> real.clock().instant().plus(shift),
                real.ticker(),
                real.random(),
                real.scheduler(),
                new Workers(real.workers()),
                real.waiting(),
                real.documents());
    }

    StorageContext context() {
        return context;
    }

    /** Sets the wall clock so much off the real one. */
    void setClock(Duration off) {
        shift = off;
    }

    /** Lets work begin so much later than it could. */
    void delayThreads(Duration time) {
        lateness = time;
    }

    /** Has no thread for anybody, or has them again. */
    void refuseThreads(boolean now) {
        refusing = now;
    }

    private final class Workers extends AbstractExecutorService {
        private final ExecutorService workers;

        Workers(ExecutorService workers) {
            this.workers = workers;
        }

        @Override
        public void execute(Runnable task) {
            if (refusing) {
                throw new RejectedExecutionException("the contract has no thread to spare at present");
            }
            workers.execute(() -> {
                LockSupport.parkNanos(lateness.toNanos());
                task.run();
            });
        }

        @Override
        public void shutdown() {
            workers.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return workers.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return workers.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return workers.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return workers.awaitTermination(timeout, unit);
        }
    }
}
