package io.authzengine.storage.benchmarks.measure;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/** What is on the heap, and what is put there. */
public final class Memory {
    private static final int COLLECTIONS = 5;
    private static final long SHORTEST_PAUSE_NANOS = 10_000_000;

    private Memory() {}

    /** Returns how many bytes of heap are in use once what is not has been collected. */
    public static long retained() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
            used = Math.min(used, used());
        }
        return used;
    }

    private static long used() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What was in use when the last collection ended: what the work has put there since does not count. */
    private static long usedAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    /**
     * Returns how many bytes were reachable at most while {@code work} was under way, by collecting again and again, so that what
     * the collector leaves for later does not count. The work takes at least twice as long as it would.
     */
    public static long peak(Callable<?> work) throws Exception {
        AtomicLong peak = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        Thread collector = new Thread(
                () -> {
                    while (!over.get()) {
                        long begin = System.nanoTime();
                        System.gc();
                        peak.accumulateAndGet(usedAfterCollection(), Math::max);
                        // As long as that took, the work gets on.
                        LockSupport.parkNanos(Math.max(SHORTEST_PAUSE_NANOS, System.nanoTime() - begin));
                    }
                },
                "benchmark-collector");
        collector.setDaemon(true);
        collector.start();
        try {
            work.call();
        } finally {
            over.set(true);
            collector.join();
        }
        return peak.get();
    }

    /** Returns how many bytes the threads that are alive now and that {@code of} names by id have ever put on the heap. */
    public static long allocated(LongPredicate of) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long thread : threads.getAllThreadIds()) {
            if (of.test(thread)) {
                sum += Math.max(0, threads.getThreadAllocatedBytes(thread));
            }
        }
        return sum;
    }
}
