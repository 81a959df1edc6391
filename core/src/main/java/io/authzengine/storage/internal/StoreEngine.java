package io.authzengine.storage.internal;

import io.authzengine.storage.ChangePlan;
import io.authzengine.storage.EventBus;
import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.PolicyTransaction;
import io.authzengine.storage.ReloadTimes.Outcome;
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
import io.authzengine.storage.internal.disk.Kept;
import io.authzengine.storage.internal.disk.Persistence;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import io.authzengine.storage.timing.Phase;
import io.authzengine.storage.timing.PhaseTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
    /** So long a start waits for the backend when something is served already. */
    private static final Duration FIRST_LOOK_LIMIT = Duration.ofSeconds(2);

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
    private final ReloadClock reloads;
    private final AtomicBoolean checking = new AtomicBoolean();

    /** Held while a candidate is judged and swapped in: there is one writer. Readers never take it. */
    private final ReentrantLock writer = new ReentrantLock();

    private volatile PolicySnapshot current = PolicySnapshot.NONE; // Written under the writer lock, in swap() alone.

    /** What an earlier process left and this one may have to serve. Guarded by the writer lock. */
    private Optional<PolicySnapshot> left = Optional.empty();

    private final Object resuming = new Object();

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
        this.reloads = new ReloadClock(driver, context, persistence);
        this.journal = new StoreJournal(
                driver, context, settings, events, operations, this::counters, () -> current, persistence, reloads);
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
        PhaseTimer timer = reloads.begin();
        writer.lock();
        try {
            long begun = operations.begin();
            // Asked for under the lock, so that of two that come at once the later cannot be overtaken by the earlier.
            LoadResult loaded = driver.load();
            journal.saw(loaded);
            if (!loaded.isLoaded()) {
                return;
            }
            takeUp();
            if (decisions.standAgainst(loaded)) {
                if (left.isEmpty()) {
                    journal.setAside();
                }
                return;
            }
            Candidates.Judged judged = timer.time(
                    Phase.Kind.GATES, made -> loaded.policies().size(), () -> candidates.judge(current, loaded));
            boolean mayShrink = journal.mayShrink(judged, loaded);
            if (!judged.verdict().passes() || !mayShrink) {
                journal.refused(judged);
                operations.failed(Kind.VALIDATION, begun);
                operations.failed(Kind.RELOAD, begun);
                reloads.ended(timer, cause, Outcome.REFUSED, current.version().number());
                return;
            }
            boolean differs = current.version().isNone() || differs(judged.candidate());
            if (differs) {
                operations.ended(Kind.VALIDATION, judged.heldBack().isEmpty(), begun);
                timer.run(Phase.Kind.SWAP, () -> serve(judged.candidate(), Occasion.source(cause, loaded)));
            }
            decisions.followed();
            journal.departs(decisions.departures());
            journal.accepted(judged);
            if (differs) {
                operations.ended(Kind.RELOAD, true, begun);
            }
            reloads.ended(
                    timer,
                    cause,
                    differs ? Outcome.SERVED : Outcome.UNCHANGED,
                    current.version().number());
        } finally {
            timer.run(Phase.Kind.TELL, this::done);
        }
    }

    /** Lets go of the writer lock. What was changed while it was held gets to the disk as one, and is told. */
    private void done() {
        if (persistence.isConfigured()) {
            persistence.keep(new Kept(versions.all(), decisions.kept()));
        }
        writer.unlock();
        events.flush();
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
        left = Optional.empty();
    }

    /**
     * Goes on, once, from what an earlier process left on the disk. In degraded mode its set is served until the backend answers; where
     * somebody had decided against the source, it is served in every mode, though not before the source was seen in the others.
     */
    private void resume() {
        synchronized (resuming) { // Whoever comes second waits until all is there.
            persistence.open(driver.id()).ifPresent(this::resume);
        }
    }

    private void resume(Persistence.Restored restored) {
        writer.lock();
        try {
            versions.restore(restored.history());
            decisions.restore(restored.decisions());
            journal.departs(decisions.departures());
            boolean atOnce = settings.initMode() == InitMode.DEGRADED;
            left = restored.copy().filter(copy -> atOnce || decisions.stand());
            if (atOnce) {
                left.ifPresent(copy -> journal.freshness().agedAlready(age(copy, restored.agreedAt())));
                takeUp();
            }
        } finally {
            done();
        }
    }

    /** A clock that was set back makes nothing younger than this process knows, but it may hide the time between the two. */
    private Duration age(PolicySnapshot copy, Optional<Instant> agreedAt) {
        Duration age = Duration.between(agreedAt.orElse(copy.version().createdAt()), now());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** Serves what is left under the version it had, if the gates let it pass: it is a candidate like any other. */
    private void takeUp() {
        if (left.isEmpty()) {
            return;
        }
        PolicySnapshot copy = left.get();
        Candidates.Judged judged = candidates.judge(current, copy.policies(), copy.quarantined());
        if (judged.verdict().passes()) {
            swap(copy);
            tell(copy, judged.candidate().changes(driver.id(), copy.version()));
        } else {
            journal.refused(judged);
            left = left.filter(undecided -> decisions.stand()); // Otherwise the source decides.
        }
    }

    @Override
    public PolicyTransaction beginTransaction() {
        requireOpen();
        resume();
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
        resume(); // Changes by hand come after what an earlier process left, also before the start.
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
            done();
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
        if (!initialised
                && settings.initMode() == InitMode.DEGRADED
                && !current.version().isNone()) {
            startServing(options);
            return;
        }
        initialise();
        driver.start(options);
        if (!follow(new DriverListener())) {
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

    private boolean follow(DriverListener listener) {
        Subscription subscription = driver.watch(listener);
        boolean first = watching.compareAndSet(null, subscription);
        if (!first) {
            subscription.close(); // Another caller was quicker.
        }
        return first;
    }

    /** Something is served already, so nobody has to wait for the backend, but for a moment: most often it answers within that. */
    private void startServing(StartOptions options) {
        DriverListener listener = new DriverListener();
        if (!follow(listener)) {
            return;
        }
        driver.start(options);
        try {
            context.waiting().await(listener.firstLook, FIRST_LOOK_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The look goes on without this caller.
        }
        Optional<StorageException> refused = listener.firstLook
                .getNow(Optional.empty())
                .filter(failure -> failure.code() == ErrorCode.AUTHENTICATION_FAILED);
        if (refused.isPresent()) {
            stop(STOP_LIMIT);
            throw refused.get();
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

        /** How the first look ended, once what it brought is served or refused. */
        final CompletableFuture<Optional<StorageException>> firstLook = new CompletableFuture<>();

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
            firstLook.complete(Optional.empty());
        }

        @Override
        public void onFailure(StorageException failure) {
            journal.failed(failure);
            events.flush();
            firstLook.complete(Optional.of(failure));
        }

        @Override
        public void onAged() {
            journal.freshness().review();
            events.flush();
        }
    }
}
