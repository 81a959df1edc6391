package io.authzengine.storage.internal;

import io.authzengine.storage.ReloadTimes.Outcome;
import io.authzengine.storage.StoreCounters;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.StoreOperation.Kind;
import io.authzengine.storage.config.InitMode;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.internal.disk.Kept;
import io.authzengine.storage.internal.disk.Persistence;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import io.authzengine.storage.timing.Phase;
import io.authzengine.storage.timing.PhaseTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Takes what the driver has through the gates and serves it. {@link #reconcile} is the flow; whatever wakes it, timer, hint or caller, it
 * is the same, and nobody else writes {@link #current}.
 */
final class StoreEngine {
    private static final Duration WRITER_LIMIT = Duration.ofSeconds(30);

    private final StorageDriver driver;
    private final StoreSettings settings;
    private final StorageContext context;
    private final Candidates candidates;
    private final VersionLog versions;
    private final HandChanges byHand;
    private final SourceDecisions decisions; // Used under the writer lock.
    private final StoreEvents events;
    private final StoreOperations operations;
    private final AuditTrail audit;
    private final StoreJournal journal;
    private final Persistence persistence;
    private final ReloadClock reloads;

    /** Held while a candidate is judged and swapped in: there is one writer. Readers never take it. */
    private final ReentrantLock writer = new ReentrantLock();

    private volatile PolicySnapshot current = PolicySnapshot.NONE; // Written under the writer lock, in swap() alone.

    /** What an earlier process left and this one may have to serve. Guarded by the writer lock. */
    private Optional<PolicySnapshot> left = Optional.empty();

    private final Object resuming = new Object();

    private volatile boolean initialised;
    private volatile boolean closed;

    StoreEngine(
            StorageDriver driver,
            StoreSettings settings,
            GateChain gates,
            AuditTrail audit,
            StorageContext context,
            Persistence persistence) {
        this.driver = driver;
        this.settings = settings;
        this.context = context;
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
        events.attach(event -> audit.accept(event, versions));
    }

    /** Reconciles, with nobody confirming anything. */
    void reconcile(String cause) {
        reconcile(cause, Optional.empty());
    }

    /**
     * Brings what is served to what the driver has, or says why not. Judges again what it refused before, as time or others may have
     * changed the verdict.
     *
     * @param approved the digest of the set that may be served whatever it has lost
     */
    void reconcile(String cause, Optional<String> approved) {
        if (!initialised) {
            return;
        }
        PhaseTimer timer = reloads.begin();
        writer.lock();
        try {
            long begun = operations.begin();
            // Asked for under the lock, so that of two that come at once the later cannot be overtaken by the earlier.
            journal.freshness().asking();
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
            Candidates.Judged judged =
                    timer.time(Phase.Kind.GATES, made -> loaded.policies().size(), () -> judge(loaded));
            boolean mayShrink = journal.mayShrink(judged, loaded, approved);
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

    /** Judges what the source has. Under the writer lock. */
    Candidates.Judged judge(LoadResult loaded) {
        return candidates.judge(current, versions.last().orElse(current), loaded);
    }

    /** Lets go of the writer lock. What was changed while it was held gets to the disk as one, and is told. */
    private void done() {
        if (persistence.isConfigured()) {
            persistence.keep(new Kept(versions.all(), decisions.kept()));
        }
        writer.unlock();
        events.flush();
    }

    /** The driver has loaded: from now on what it has counts. */
    void initialised() {
        initialised = true;
    }

    boolean isInitialised() {
        return initialised;
    }

    private StoreEvent presentState() {
        return journal.presentState();
    }

    static boolean differs(Candidate candidate) {
        return !candidate.changed().isEmpty()
                || !candidate.quarantined().equals(candidate.current().quarantined())
                || !candidate.leftOut().equals(candidate.current().leftOut());
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
        return new PolicySnapshot(version, candidate.policies(), candidate.quarantined(), candidate.leftOut());
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
    void resume() {
        synchronized (resuming) { // Whoever comes second waits until all is there.
            persistence.open(driver.id()).ifPresent(this::resume);
        }
    }

    private void resume(Persistence.Restored restored) {
        writer.lock();
        try {
            versions.restore(restored.history());
            versions.last().ifPresent(driver::servedBefore);
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
        Candidates.Judged judged = candidates.judge(current, copy);
        if (judged.verdict().passes()) {
            swap(copy);
            tell(copy, judged.candidate().changes(driver.id(), copy.version()));
        } else {
            journal.refused(judged);
            left = left.filter(undecided -> decisions.stand()); // Otherwise the source decides.
        }
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

    /** Returns what is served, whether or not it is blocked for its age. */
    PolicySnapshot served() {
        return current;
    }

    StoreCounters counters() {
        return new StoreCounters(
                operations.tally(Kind.RELOAD),
                operations.tally(Kind.VALIDATION),
                operations.tally(Kind.ROLLBACK),
                events.dropped(),
                audit.failures(),
                audit.deliveries());
    }

    /** Returns what the driver has, to be judged only. */
    LoadResult source() {
        LoadResult loaded = initialised ? driver.load() : null;
        if (loaded == null || !loaded.isLoaded()) {
            throw new IllegalStateException("nothing has been loaded from " + driver.id() + " yet");
        }
        return loaded;
    }

    HandChanges byHand() {
        return byHand;
    }

    StoreHistory history() {
        return new StoreHistory(versions, byHand, driver.id());
    }

    StoreEvents events() {
        return events;
    }

    StoreOperations operations() {
        return operations;
    }

    StoreJournal journal() {
        return journal;
    }

    String driverId() {
        return driver.id();
    }

    Instant now() {
        return context.clock().instant();
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Refuses changes from now on; those under way come to their end before {@link #close}. */
    void end() {
        closed = true;
    }

    void close() {
        journal.freshness().close();
        persistence.close();
        events.close();
        audit.close();
    }
}
