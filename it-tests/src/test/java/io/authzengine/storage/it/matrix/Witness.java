package io.authzengine.storage.it.matrix;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Reads what a store serves, all the time, as an application does, and notes whatever it should never see: a set that nobody approved as a
 * whole, or a version older than one it saw.
 */
final class Witness implements AutoCloseable {
    private static final long PAUSE_NANOS = 200_000;
    /** What the names of documents of a sibling are about, in their text. */
    static final String SIBLING = "resource: local";

    private final PolicyStore store;
    private final Set<Set<String>> approved = ConcurrentHashMap.newKeySet();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final AtomicLong reads = new AtomicLong();
    private volatile boolean over;

    Witness(PolicyStore store, Collection<Set<String>> approvedBefore) {
        this.store = store;
        approved.addAll(approvedBefore);
        thread = new Thread(this::watch, "witness");
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets {@code texts} be served from now on. */
    void approve(Collection<String> texts) {
        approved.add(Set.copyOf(texts));
    }

    Set<Set<String>> approved() {
        return Set.copyOf(approved);
    }

    private void watch() {
        long last = -1;
        while (!over) {
            PolicySnapshot now = store.current();
            long number = now.version().number();
            if (number < last) {
                complaints.add("version " + number + " was served after " + last);
            }
            if (number != last && !now.version().isNone() && !approved.contains(texts(now))) {
                complaints.add("version " + number + " is a set that the source never had: "
                        + now.all().stream().map(Policy::id).toList());
            }
            last = number;
            reads.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns what the documents say that are served, but for those of a sibling. */
    static Set<String> texts(PolicySnapshot snapshot) {
        return snapshot.all().stream()
                .map(policy -> policy.raw().toString())
                .filter(text -> !text.contains(SIBLING))
                .collect(Collectors.toUnmodifiableSet());
    }

    long reads() {
        return reads.get();
    }

    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
