package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.source.SyncSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backend in memory, with revisions and hints, that fails, loses hints and takes its time when it is told to. Thread-safe. Also an
 * example of how a {@link PolicySource} is written: all but the failures is {@link #manifest} and {@link #read}.
 */
public final class InMemorySource implements PolicySource {
    /** What becomes of the hints of changes. */
    public enum Hints {
        /** One for each change. */
        SENT(1),
        /** None arrives. */
        LOST(0),
        /** Two for each change. */
        DOUBLED(2);

        private final int times;

        Hints(int times) {
            this.times = times;
        }
    }

    /** What the backend holds at a revision. */
    private record State(long number, Map<String, String> documents) {
        Revision revision() {
            return new Revision("r" + number);
        }
    }

    private final Object lock = new Object();
    // All below are guarded by the lock.
    private final Map<Revision, State> history = new HashMap<>();
    private State state = new State(0, Map.of());
    private final Set<String> unreadable = new HashSet<>();
    private Hints hints = Hints.SENT;
    private boolean away;
    private boolean deltas;
    private int failuresLeft;
    private Function<String, StorageException> failure = InMemorySource::unreachable;
    private Duration delay = Duration.ZERO;
    private Duration age = Duration.ZERO;
    private @Nullable SourceContext context;
    private @Nullable HintListener listener;

    public InMemorySource() {
        history.put(state.revision(), state);
    }

    /** Returns a driver over this source, of type {@code memory}. */
    public StorageDriver driver(String id, SyncSettings settings, StorageContext storage) {
        return new SourceDriver(id, StorageDriver.MEMORY, this, settings, storage);
    }

    /** Puts {@code document} at {@code location}. */
    public InMemorySource put(String location, String document) {
        return change(documents -> documents.put(location, document));
    }

    /** Removes what is at {@code location}. */
    public InMemorySource remove(String location) {
        return change(documents -> documents.remove(location));
    }

    /** Makes several changes as one: no manifest shows a part of them. {@code changes} is handed the documents by location. */
    public InMemorySource change(Consumer<Map<String, String>> changes) {
        HintListener told;
        int times;
        synchronized (lock) {
            Map<String, String> documents = new TreeMap<>(state.documents());
            changes.accept(documents);
            state = new State(state.number() + 1, Map.copyOf(documents));
            history.put(state.revision(), state);
            told = listener;
            times = away ? 0 : hints.times;
        }
        for (int i = 0; i < times && told != null; i++) {
            told.lookNow();
        }
        return this;
    }

    /** Sends a hint although nothing need have changed. */
    public void hint() {
        HintListener told;
        synchronized (lock) {
            told = listener;
        }
        if (told != null) {
            told.lookNow();
        }
    }

    /** Sets what becomes of the hints of changes from now on; {@link Hints#SENT} at first. */
    public void hints(Hints fate) {
        synchronized (lock) {
            hints = fate;
        }
    }

    /** Answers with what changed since the revision asked for, where that is known; with all there is otherwise. */
    public InMemorySource withDeltas() {
        synchronized (lock) {
            deltas = true;
        }
        return this;
    }

    /** Makes each call fail with SD-001 until {@link #comeBack}. */
    public void goAway() {
        synchronized (lock) {
            away = true;
        }
    }

    /** Ends {@link #goAway} and what is left of {@link #failNext}. */
    public void comeBack() {
        synchronized (lock) {
            away = false;
            failuresLeft = 0;
        }
    }

    /**
     * Makes the next calls fail.
     *
     * @param calls how many
     * @param with what they throw, given the driver's id
     */
    public void failNext(int calls, Function<String, StorageException> with) {
        synchronized (lock) {
            failuresLeft = calls;
            failure = with;
        }
    }

    /** Makes the document at {@code location} unreadable, or readable again. */
    public void unreadable(String location, boolean now) {
        synchronized (lock) {
            if (now) {
                unreadable.add(location);
            } else {
                unreadable.remove(location);
            }
        }
    }

    /** Makes each call take {@code time}, on the clock of the driver's context. */
    public void delay(Duration time) {
        synchronized (lock) {
            delay = time;
        }
    }

    /** Makes each answer one that is {@code time} old already, as that of a cache may be. */
    public void answersAged(Duration time) {
        synchronized (lock) {
            age = time;
        }
    }

    @Override
    public void open(SourceContext opened) {
        synchronized (lock) {
            context = opened;
        }
        answer();
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        State now = answer();
        if (now.revision().equals(last)) {
            return Optional.empty();
        }
        State before;
        synchronized (lock) {
            before = deltas ? history.get(last) : null;
        }
        return Optional.of(before == null ? complete(now) : delta(before, now));
    }

    private static Manifest complete(State now) {
        return Manifest.complete(
                now.revision(),
                now.documents().keySet().stream().map(at -> entry(now, at)).toList());
    }

    private static Manifest delta(State before, State now) {
        List<SourceEntry> changed = now.documents().entrySet().stream()
                .filter(document ->
                        !document.getValue().equals(before.documents().get(document.getKey())))
                .map(document -> entry(now, document.getKey()))
                .toList();
        Set<String> gone = new HashSet<>(before.documents().keySet());
        gone.removeAll(now.documents().keySet());
        return Manifest.delta(before.revision(), now.revision(), changed, gone);
    }

    private static SourceEntry entry(State at, String location) {
        return SourceEntry.of(
                location,
                Integer.toHexString(String.valueOf(at.documents().get(location)).hashCode()));
    }

    @Override
    public Duration age() {
        synchronized (lock) {
            return age;
        }
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        answer();
        State then;
        Set<String> refused;
        synchronized (lock) {
            then = Optional.ofNullable(history.get(at.revision())).orElse(state);
            refused = Set.copyOf(unreadable);
        }
        for (SourceEntry entry : wanted) {
            String document = then.documents().get(entry.location());
            if (document == null) {
                into.moved(entry);
            } else if (refused.contains(entry.location())) {
                into.failed(entry, unreachable(driverId()));
            } else {
                into.accept(entry, document.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void onHint(HintListener lookNow) {
        synchronized (lock) {
            listener = lookNow;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            listener = null;
        }
    }

    /** Takes its time, then fails if it is to. */
    private State answer() {
        SourceContext opened;
        Duration time;
        synchronized (lock) {
            opened = context;
            time = delay;
        }
        if (opened != null && !time.isZero()) {
            wait(opened, time);
        }
        synchronized (lock) {
            if (away) {
                throw unreachable(driverId());
            }
            if (failuresLeft > 0) {
                failuresLeft--;
                throw failure.apply(driverId());
            }
            return state;
        }
    }

    private static void wait(SourceContext opened, Duration time) {
        try {
            opened.context().waiting().await(new CompletableFuture<>(), time);
        } catch (InterruptedException e) {
            throw new ConnectionFailedException(Problem.in(opened.driverId(), "interrupted while waiting"), e);
        }
    }

    private String driverId() {
        synchronized (lock) {
            return context == null ? "memory" : context.driverId();
        }
    }

    private static StorageException unreachable(String driverId) {
        return new ConnectionFailedException(
                Problem.in(driverId, "the memory is out of reach").at("memory").remedy("call comeBack()"));
    }
}
