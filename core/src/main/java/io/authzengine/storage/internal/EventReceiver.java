package io.authzengine.storage.internal;

import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.SubscribeOptions;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One subscriber: knows the version it was last told of, so that each change set it gets leads on from there. */
final class EventReceiver implements Subscription {
    private static final Duration COMPLETE_LIMIT = Duration.ofSeconds(1);

    private final StoreEvents bus;
    private final Class<? extends StoreEvent> type;
    private final SubscribeOptions options;
    private final boolean permanent;
    private final EventQueue queue;
    private volatile Runnable onComplete = () -> {};

    // Both set before it is first told of anything, then used while telling alone.
    private PolicySnapshot seen = PolicySnapshot.NONE;
    private long replayed;

    EventReceiver(
            StoreEvents bus,
            Class<? extends StoreEvent> type,
            SubscribeOptions options,
            long wanted,
            Consumer<StoreEvent> subscriber,
            boolean permanent) {
        this.bus = bus;
        this.type = type;
        this.options = options;
        this.permanent = permanent;
        this.queue = new EventQueue(bus.context(), options.capacity(), wanted, subscriber, this::makeUp);
    }

    /** Begins at {@code latest}, or with what the history remembers. Called while nothing is published. */
    void begin(PolicySnapshot latest) {
        seen = latest;
        if (options.after().isPresent()) {
            seen = PolicySnapshot.NONE;
            offer(() -> replay(options.after().getAsLong()));
        }
    }

    private List<StoreEvent> replay(long after) {
        PolicySnapshot latest = bus.latest();
        List<PolicySnapshot> versions = bus.history().versions().stream()
                .map(PolicyVersion::number)
                .filter(number -> number >= after)
                .sorted()
                .flatMap(number -> bus.history().find(number).stream())
                .toList();
        // The oldest are forgotten first: if this one is remembered, so are those after it.
        boolean fromTheFirst =
                after == 0 && (versions.isEmpty() || versions.get(0).version().number() == 1);
        Optional<PolicySnapshot> from = fromTheFirst
                ? Optional.of(PolicySnapshot.NONE)
                : versions.stream()
                        .filter(known -> known.version().number() == after)
                        .findFirst();
        List<StoreEvent> events = new ArrayList<>();
        if (from.isEmpty()) {
            seen = latest;
            replayed = latest.version().number();
            events.add(new StoreEvent.Resync(now(), latest.version(), 0));
            return wanted(events.stream());
        }
        seen = from.get();
        for (PolicySnapshot next : versions) {
            if (next.version().compareTo(seen.version()) > 0) {
                events.add(updateTo(next, next.version().cause()));
                events.add(new StoreEvent.VersionCreated(next.version().createdAt(), next.version()));
                seen = next;
                replayed = next.version().number();
            }
        }
        return wanted(events.stream());
    }

    /** Another set is being served. */
    void served(StoreEvent.Updated event, StoreEvent created, PolicySnapshot before, PolicySnapshot now) {
        if (wants(event)) {
            offer(() -> lead(event, before, now));
        }
        if (wants(created)) {
            offer(() -> created.version().number() > replayed ? List.of(created) : List.of());
        }
    }

    private List<StoreEvent> lead(StoreEvent.Updated event, PolicySnapshot before, PolicySnapshot now) {
        if (now.version().compareTo(seen.version()) <= 0) {
            return List.of(); // A replay has told of it.
        }
        boolean leadsOn = before.version().number() == seen.version().number();
        StoreEvent told = leadsOn ? event : updateTo(now, "resync");
        seen = now;
        return wanted(Stream.of(told));
    }

    /** Anything else happened. */
    void happened(StoreEvent event) {
        if (wants(event)) {
            offer(() -> List.of(event));
        }
    }

    private List<StoreEvent> makeUp(long missed) {
        return wanted(Stream.of(new StoreEvent.Resync(now(), bus.latest().version(), missed), bus.presentState()));
    }

    private StoreEvent updateTo(PolicySnapshot next, String cause) {
        PolicyVersion version = next.version();
        PolicyChangeSet changes = PolicyChangeSet.between(
                seen.policies(), next.policies(), bus.driverId(), version.number(), cause, version.createdAt());
        return new StoreEvent.Updated(version.createdAt(), version, changes);
    }

    private Instant now() {
        return bus.context().clock().instant();
    }

    private List<StoreEvent> wanted(Stream<StoreEvent> events) {
        return events.filter(this::wants).toList();
    }

    private boolean wants(StoreEvent event) {
        return type.isInstance(event);
    }

    private void offer(Supplier<List<StoreEvent>> events) {
        if (!queue.offer(events)) {
            bus.countDropped();
        }
    }

    /** Has a worker tell what waits, unless it is to be told synchronously. */
    void wake() {
        if (!options.synchronous()) {
            queue.wake();
        }
    }

    /** Tells what waits, if it is to be told synchronously. */
    void flush() {
        if (options.synchronous()) {
            queue.deliver();
        }
    }

    EventQueue queue() {
        return queue;
    }

    Class<? extends StoreEvent> type() {
        return type;
    }

    boolean isPermanent() {
        return permanent;
    }

    /** Sets what is told when the store is closed. */
    void onComplete(Runnable last) {
        onComplete = last;
    }

    boolean drain(Duration limit) {
        return queue.drain(limit);
    }

    /** The store is closed. */
    void complete() {
        queue.end(onComplete);
        queue.drain(COMPLETE_LIMIT);
    }

    /** Ends the subscription with {@code last}. */
    void endWith(Runnable last) {
        bus.remove(this);
        queue.end(last);
    }

    /** Ends the subscription without waiting for a call under way. */
    void cancel() {
        endWith(() -> {});
    }

    @Override
    public void close() {
        bus.remove(this);
        queue.close();
    }
}
