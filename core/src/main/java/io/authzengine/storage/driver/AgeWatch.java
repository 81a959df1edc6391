package io.authzengine.storage.driver;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the age of the evidence for a set, and tells when it passes what is allowed. That it is fresh again is not told: whoever brings
 * the evidence knows it. Ages are measured on the ticker, so that a wall clock that is set does not matter. Thread-safe. For those who
 * write a {@link StorageDriver} from scratch.
 */
public final class AgeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgeWatch.class);

    private final StorageContext context;
    private final Staleness limits;
    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();

    private final Object lock = new Object();
    // All five guarded by the lock.
    private @Nullable Long freshAt;
    private Freshness told = Freshness.FRESH;
    private @Nullable Future<?> timer;
    private long dueAt;
    private boolean closed;

    /**
     * @param context whose ticker counts and whose scheduler wakes
     * @param limits the ages
     */
    public AgeWatch(StorageContext context, Staleness limits) {
        this.context = Objects.requireNonNull(context, "context");
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /**
     * Calls {@code listener} from now on, each time {@link #freshness} has grown worse; as {@link StorageDriver#onAged} says.
     *
     * @return ends it
     */
    public Subscription onAged(Runnable listener) {
        Listener added = new Listener(Objects.requireNonNull(listener, "listener"));
        listeners.add(added);
        return () -> listeners.remove(added);
    }

    /** Who is told; each is one of its own, so that who subscribed twice can end one. */
    private static final class Listener {
        private final Runnable listener;

        Listener(Runnable listener) {
            this.listener = listener;
        }

        void tell() {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("A listener threw when it was told of an age; the others are told all the same", e);
            }
        }
    }

    /** A look came back: the age is nothing. The first call begins the watch. */
    public void fresh() {
        fresh(Duration.ZERO);
    }

    /** A look came back with what was {@code already} so old: that is the age, also if it was less before. */
    public void fresh(Duration already) {
        synchronized (lock) {
            freshAt = context.ticker().getAsLong() - already.toNanos();
        }
        review();
    }

    /** There is evidence of an earlier process, {@code age} old, which counts as long as there is none of this one. */
    public void agedAlready(Duration age) {
        synchronized (lock) {
            if (freshAt == null) {
                freshAt = context.ticker().getAsLong() - age.toNanos();
            }
        }
        review();
    }

    /** Tells if it has grown worse since the last time, and sees to it that the next time is not missed. */
    private void review() {
        boolean news;
        synchronized (lock) {
            Freshness now = freshness();
            news = now != told && now.worst(told) == now && !closed;
            told = now;
            schedule();
        }
        if (news) {
            listeners.forEach(Listener::tell);
        }
    }

    /**
     * One timer at a time: a look that comes back does not put it off, as it finds out itself that it came too early. One that brought
     * something old may need an earlier one.
     */
    private void schedule() {
        Optional<Duration> left = age().flatMap(age -> limits.next(age).map(next -> next.minus(age)));
        if (left.isEmpty() || closed) {
            return;
        }
        long due = context.ticker().getAsLong() + left.get().toNanos();
        if (timer != null && !timer.isDone()) {
            if (due - dueAt >= 0) {
                return;
            }
            timer.cancel(false);
        }
        dueAt = due;
        try {
            timer = context.scheduler().schedule(this::wake, left.get().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            closed = true; // The context is closed, and with it everything that could be told.
        }
    }

    private void wake() {
        synchronized (lock) {
            timer = null;
        }
        review();
    }

    /** Returns how old the evidence is; empty if there was none yet. */
    public Optional<Duration> age() {
        synchronized (lock) {
            return freshAt == null
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(context.ticker().getAsLong() - freshAt));
        }
    }

    /** Returns what that age means; {@link Freshness#FRESH} if there was no evidence yet, as there is then nothing to be old. */
    public Freshness freshness() {
        return age().map(limits::of).orElse(Freshness.FRESH);
    }

    /** Ends the watch; nothing is told any more. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }
}
