package io.authzengine.storage.faults;

import io.authzengine.storage.driver.Mailbox;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.decision.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Lets events through to one receiver, each as the policy says: late, not at all, several times, or after later ones. Those that are
 * merely late keep their order. Thread-safe; the receiver is called by one thread at a time as long as whoever sends is one.
 */
final class EventGate implements AutoCloseable {
    private final CallGate gate;
    private final StorageContext context;
    private final Mailbox<Runnable> late;
    private final Object lock = new Object();
    // Both guarded by the lock.
    private final ArrayDeque<Runnable> heldBack = new ArrayDeque<>();
    private long lastDue = Long.MIN_VALUE;

    EventGate(CallGate gate) {
        this.gate = gate;
        this.context = gate.context();
        this.late = new Mailbox<>(context, Integer.MAX_VALUE, Runnable::run, () -> () -> {});
    }

    /** Lets an event through: {@code delivery} hands it to the receiver. */
    void pass(String operation, Runnable delivery) {
        Optional<ActivePolicy> active = gate.active();
        Verdict verdict = gate.decideEvent(active, operation);
        if (!verdict.outcome().goesOn()) {
            return;
        }
        int window = active.flatMap(held -> held.policy().packetReorder())
                .map(reorder -> reorder.window())
                .orElse(0);
        if (verdict.heldBack().isPresent()) {
            holdBack(delivery, verdict.heldBack().get(), window);
            return;
        }
        for (int i = 0; i <= verdict.copies(); i++) {
            deliver(delivery, verdict.delay());
        }
        released(0).forEach(held -> deliver(held, verdict.delay()));
    }

    private void holdBack(Runnable delivery, Duration limit, int window) {
        synchronized (lock) {
            heldBack.add(delivery);
        }
        released(window).forEach(held -> deliver(held, Duration.ZERO));
        if (!limit.isZero()) {
            context.scheduler().schedule(() -> releaseLate(delivery), limit.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void releaseLate(Runnable delivery) {
        boolean waiting;
        synchronized (lock) {
            waiting = heldBack.remove(delivery);
        }
        if (waiting) {
            late.send(delivery);
        }
    }

    /** Returns those that are released so that {@code left} stay, oldest first. */
    private List<Runnable> released(int left) {
        List<Runnable> released = new ArrayList<>();
        synchronized (lock) {
            while (heldBack.size() > left) {
                released.add(heldBack.remove());
            }
        }
        return released;
    }

    private void deliver(Runnable delivery, Duration delay) {
        long now = context.ticker().getAsLong();
        long due;
        synchronized (lock) {
            due = Math.max(lastDue, now + delay.toNanos());
            lastDue = due;
        }
        if (due <= now) {
            delivery.run();
        } else {
            context.scheduler().schedule(() -> late.send(delivery), due - now, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        late.close();
    }
}
