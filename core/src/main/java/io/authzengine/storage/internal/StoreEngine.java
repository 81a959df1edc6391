package io.authzengine.storage.internal;

import io.authzengine.storage.ChangePlan;
import io.authzengine.storage.EventBus;
import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.PolicyTransaction;
import io.authzengine.storage.StoreCounters;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.StoreOperation;
import io.authzengine.storage.StoreOperation.Kind;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.driver.LoadProgress;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.internal.disk.Persistence;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store: takes what the driver has through the gates and serves it. {@link #reconcile} is the flow; whatever wakes it, timer, hint or
 * caller, it is the same, and nobody else writes {@link #current}.
 */
final class StoreEngine implements PolicyStore {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
    private static final Duration WRITER_LIMIT = Duration.ofSeconds(30);
    private static final Duration MIN_CHECK_INTERVAL = Duration.ofMillis(250);

    private final StorageDriver driver;
    private final StoreSettings settings;
    private final StorageContext context;
    private final boolean ownsContext;
    private final Candidates candidates;
    private final VersionLog versions;
    private final StoreHistory history;
    private final HandChanges byHand;
    private final SourceDecisions decisions; // Used under the writer lock.
    private final StoreEvents events;
    private final StoreOperations operations;
    private final AuditTrail audit;
    private final StoreJournal journal;
    private final Persistence persistence;
    private final AtomicBoolean checking = new AtomicBoolean();

    /** Held while a candidate is judged and swapped in: there is one writer. Readers never take it. */
    private final ReentrantLock writer = new ReentrantLock();

    private volatile PolicySnapshot current = PolicySnapshot.NONE; // Written under the writer lock, in swap() alone.

    private final AtomicReference<@Nullable Subscription> watching = new AtomicReference<>();
    private volatile boolean initialised;
    private volatile boolean closed;

    StoreEngine(
            StorageDriver driver,
            StoreSettings settings,
            GateChain gates,
            AuditTrail audit,
            StorageContext context,
            boolean ownsContext,
            Persistence persistence) {
        this.driver = driver;
        this.settings = settings;
        this.context = context;
        this.ownsContext = ownsContext;
        this.persistence = persistence;
        this.candidates = new Candidates(settings.onInvalid(), gates);
        this.versions = new VersionLog(settings.maxVersions(), settings.maxVersionAge(), context.ticker());
        this.decisions = new SourceDecisions(settings.maxVersions(), driver.id());
        this.events = new StoreEvents(context, driver.id(), versions, this::presentState);
        this.operations = new StoreOperations(context);
        this.audit = audit;
        this.journal = new StoreJournal(
                driver, context, settings, events, operations, this::counters, () -> current, persistence);
        this.byHand = new HandChanges(this, candidates, decisions, events, operations, journal);
        this.history = new StoreHistory(versions, byHand, driver.id());
        events.attach(event -> audit.accept(event, versions));
    }

    /**
     * Brings what is served to what the driver has, or says why not. Judges again what it refused before, as time or others may have
     * changed the verdict.
     */
    void reconcile(String cause) {
        if (!initialised) {
            return;
        }
        writer.lock();
        try {
            long begun = operations.begin();
            // Asked for under the lock, so that of two that come at once the later cannot be overtaken by the earlier.
            LoadResult loaded = driver.load();
            journal.saw(loaded);
            if (!loaded.isLoaded()) {
                return;
            }
            if (decisions.standAgainst(loaded)) {
                journal.setAside();
                return;
            }
            Candidates.Judged judged = candidates.judge(current, loaded);
            boolean mayShrink = journal.mayShrink(judged, loaded);
            if (!judged.verdict().passes() || !mayShrink) {
                journal.refused(judged);
                operations.failed(Kind.VALIDATION, begun);
                operations.failed(Kind.RELOAD, begun);
                return;
            }
            boolean differs = current.version().isNone() || differs(judged.candidate());
            if (differs) {
                operations.ended(Kind.VALIDATION, judged.heldBack().isEmpty(), begun);
                serve(judged.candidate(), Occasion.source(cause, loaded));
            }
            decisions.followed();
            journal.departs(decisions.departures());
            journal.accepted(judged);
            if (differs) {
                operations.ended(Kind.RELOAD, true, begun);
            }
        } finally {
            writer.unlock();
            events.flush();
        }
    }

    private StoreEvent presentState() {
        return journal.presentState();
    }

    static boolean differs(Candidate candidate) {
        return !candidate.changed().isEmpty()
                || !candidate.quarantined().equals(candidate.current().quarantined());
    }

    /** Serves a candidate that may be served, and tells of it. Under the writer lock. */
    PolicyChangeSet serve(Candidate candidate, Occasion occasion) {
        PolicySnapshot next = stage(candidate, occasion);
        swap(next);
        PolicyChangeSet changes = candidate.changes(driver.id(), next.version());
        tell(next, changes);
        return changes;
    }

    private void tell(PolicySnapshot next, PolicyChangeSet changes) {
        events.updated(new StoreEvent.Updated(next.version().createdAt(), next.version(), changes), next);
    }

    private PolicySnapshot stage(Candidate candidate, Occasion occasion) {
        PolicyVersion version = new PolicyVersion(
                Math.max(current.version().number(), persistence.highest()) + 1,
                occasion.revisions(),
                context.clock().instant(),
                occasion.cause(),
                occasion.note(),
                versions.sameAs(candidate.policies(), candidate.changed()),
                occasion.rolledBackTo());
        return new PolicySnapshot(version, candidate.policies(), candidate.quarantined());
    }

    private void swap(PolicySnapshot next) {
        current = next;
        versions.add(next);
        persistence.wake();
    }

    /** Takes up, once, what an earlier process left on the disk; in degraded mode its set is served until the backend answers. */
    private void resume() {
        Persistence.Restored restored = persistence.open(driver.id(), versions::all);
        versions.restore(restored.history());
        if (settings.initMode() == InitMode.DEGRADED) {
            restored.copy().ifPresent(this::serveCopy);
        }
    }

    /** Serves the offline copy under the version it had, if the gates let it pass: it is a candidate like any other. */
    private void serveCopy(PolicySnapshot copy) {
        writer.lock();
        try {
            Candidates.Judged judged = candidates.judge(current, copy.policies(), copy.quarantined());
            if (judged.verdict().passes()) {
                swap(copy);
                tell(copy, judged.candidate().changes(driver.id(), copy.version()));
                journal.freshness().fresh(); // When it was last compared is not known, so its age counts from here.
            } else {
                journal.refused(judged);
            }
        } finally {
            writer.unlock();
            events.flush();
        }
    }

    @Override
    public PolicyTransaction beginTransaction() {
        requireOpen();
        String id = HexFormat.of().toHexDigits(context.random().nextLong());
        return new StagedTransaction(byHand, id, current);
    }

    @Override
    public PolicyVersion update(Map<PolicyId, Optional<Policy>> changes, Note note) {
        return byHand.update(Map.copyOf(changes), Objects.requireNonNull(note, "note"));
    }

    @Override
    public ChangePlan plan(Map<PolicyId, Optional<Policy>> changes) {
        return byHand.plan(Map.copyOf(changes));
    }

    @Override
    public ChangePlan planSource() {
        return byHand.planSource(() -> {
            LoadResult loaded = initialised ? driver.load() : null;
            if (loaded == null || !loaded.isLoaded()) {
                throw new IllegalStateException("nothing has been loaded from " + driver.id() + " yet");
            }
            return loaded;
        });
    }

    /** Does what somebody asked for, as the one writer. Waits for another for a time, and can be interrupted then. */
    <T> T writing(Supplier<T> work) {
        requireOpen();
        if (writer.isHeldByCurrentThread()) {
            throw new IllegalStateException("a gate cannot change the store it judges for");
        }
        try {
            if (!writer.tryLock(WRITER_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StorageTimeoutException(
                        Problem.in(driver.id(), "another change has been judged for more than " + WRITER_LIMIT)
                                .remedy("look for a gate that hangs; nothing was changed"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedFailureException(
                    Problem.in(driver.id(), "the change was given up: its thread was interrupted"), e);
        }
        try {
            return work.get();
        } finally {
            writer.unlock();
            events.flush();
        }
    }

    @Override
    public PolicySnapshot current() {
        return journal.freshness().shown(current);
    }

    /** Returns what is served, whether or not it is blocked for its age. */
    PolicySnapshot served() {
        return current;
    }

    @Override
    public StoreCounters counters() {
        return new StoreCounters(
                operations.tally(Kind.RELOAD),
                operations.tally(Kind.VALIDATION),
                operations.tally(Kind.ROLLBACK),
                events.dropped(),
                audit.failures(),
                audit.deliveries());
    }

    @Override
    public void start(StartOptions options) {
        requireOpen();
        if (watching.get() != null) {
            return;
        }
        resume();
        audit.start();
        initialise();
        driver.start(options);
        Subscription subscription = driver.watch(new DriverListener());
        if (!watching.compareAndSet(null, subscription)) {
            subscription.close(); // Another caller was quicker.
            return;
        }
        reconcile("init");
        List<Finding> refusal = journal.refusal();
        if (current.version().isNone() && settings.initMode() == InitMode.FAIL_FAST && !refusal.isEmpty()) {
            stop(STOP_LIMIT);
            throw new ValidationException(Problem.in(driver.id(), Refusals.describe(refusal))
                    .remedy("mend it and start again; nothing is served until then"));
        }
    }

    /** Lets the driver load; in degraded mode a failure is written down, and the loop goes on trying. */
    private void initialise() {
        try {
            if (initialised) {
                driver.checkNow(CheckMode.IF_CHANGED); // Started again: what was refused then may have been mended.
            } else {
                driver.init();
                initialised = true;
            }
        } catch (StorageException e) {
            journal.failed(e);
            boolean goOn = settings.initMode() == InitMode.DEGRADED && e.code() != ErrorCode.AUTHENTICATION_FAILED;
            if (!goOn) {
                throw e;
            }
        }
    }

    @Override
    public boolean stop(Duration limit) {
        boolean over = driver.stop(limit);
        Subscription ended = watching.getAndSet(null);
        if (ended != null) {
            ended.close();
        }
        return events.drain(STOP_LIMIT) && over;
    }

    @Override
    public boolean checkAndReload(CheckMode mode) {
        requireOpen();
        resume();
        long before = current.version().number();
        boolean loaded = initialised;
        try {
            if (loaded) {
                driver.checkNow(mode);
            } else {
                driver.init();
                initialised = true;
            }
        } catch (StorageException e) {
            if (watching.get() == null) {
                journal.failed(e); // Otherwise the driver tells its listener.
            }
            throw e;
        } finally {
            if (initialised) {
                reconcile("manual"); // Also after a failure: a driver made of drivers may have taken in what others
                // brought.
            }
            events.flush();
        }
        return current.version().number() != before;
    }

    @Override
    public boolean checkAndReload(Duration maxAge) {
        Duration limit = maxAge.compareTo(MIN_CHECK_INTERVAL) < 0 ? MIN_CHECK_INTERVAL : maxAge;
        if (journal.age().filter(age -> age.compareTo(limit) < 0).isPresent() || !checking.compareAndSet(false, true)) {
            return false;
        }
        try {
            return checkAndReload(CheckMode.IF_CHANGED);
        } finally {
            checking.set(false);
        }
    }

    @Override
    public boolean confirm() {
        requireOpen();
        long before = current.version().number();
        journal.confirm();
        reconcile("confirmed");
        return current.version().number() != before;
    }

    @Override
    public Subscription subscribe(Consumer<? super StoreEvent> subscriber) {
        requireOpen();
        return events.subscribe(StoreEvent.class, subscriber);
    }

    @Override
    public EventBus events() {
        return events;
    }

    @Override
    public Subscription onOperation(Consumer<? super StoreOperation> listener) {
        return operations.listen(listener);
    }

    @Override
    public Explanation explain(PolicyId id) {
        requireOpen();
        return driver.explain(id);
    }

    @Override
    public PolicyHistory history() {
        return history;
    }

    String driverId() {
        return driver.id();
    }

    Instant now() {
        return context.clock().instant();
    }

    @Override
    public StoreStatus status() {
        return journal.status();
    }

    @Override
    public Optional<LoadProgress> progress() {
        return driver.progress();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        stop(STOP_LIMIT);
        closed = true;
        driver.close();
        journal.freshness().close();
        persistence.close();
        events.close();
        audit.close();
        if (ownsContext) {
            context.close();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    /** What the driver finds wakes the flow; what it found is not used, as the flow takes what the driver has by then. */
    private final class DriverListener implements PolicyChangeListener {
        private String cause = "init"; // Only the delivering thread uses it.

        @Override
        public void onChange(PolicyChangeSet changes) {
            cause = changes.cause();
        }

        @Override
        public void onLook(LoadResult result) {
            initialised = true;
            if (!closed) {
                reconcile(cause);
            }
        }

        @Override
        public void onFailure(StorageException failure) {
            journal.failed(failure);
            events.flush();
        }

        @Override
        public void onAged() {
            journal.freshness().review();
            events.flush();
        }
    }
}
