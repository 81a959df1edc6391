package io.authzengine.storage.internal;

import io.authzengine.storage.ChangePlan;
import io.authzengine.storage.ConfirmationConflictException;
import io.authzengine.storage.EventBus;
import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.PolicyTransaction;
import io.authzengine.storage.StoreCounters;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.StoreOperation;
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
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.internal.disk.Persistence;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store as its users have it: the {@linkplain StoreEngine engine}, and the driver that wakes it between {@link #start} and
 * {@link #stop}.
 */
final class RunningStore implements PolicyStore {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
    /** So long a start waits for the backend when something is served already. */
    private static final Duration FIRST_LOOK_LIMIT = Duration.ofSeconds(2);

    private static final Duration MIN_CHECK_INTERVAL = Duration.ofMillis(250);

    private final StorageDriver driver;
    private final StoreSettings settings;
    private final StorageContext context;
    private final boolean ownsContext;
    private final AuditTrail audit;
    private final StoreEngine engine;
    private final StoreEvents events;
    private final StoreJournal journal;
    private final StoreHistory history;
    private final AtomicBoolean checking = new AtomicBoolean();
    private final AtomicReference<@Nullable Subscription> watching = new AtomicReference<>();

    RunningStore(
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
        this.audit = audit;
        this.engine = new StoreEngine(driver, settings, gates, audit, context, persistence);
        this.events = engine.events();
        this.journal = engine.journal();
        this.history = engine.history();
    }

    @Override
    public void start(StartOptions options) {
        engine.requireOpen();
        if (watching.get() != null) {
            return;
        }
        engine.resume();
        audit.start();
        if (!engine.isInitialised()
                && settings.initMode() == InitMode.DEGRADED
                && !engine.served().version().isNone()) {
            startServing(options);
            return;
        }
        initialise();
        driver.start(options);
        if (!follow(new DriverListener())) {
            return;
        }
        engine.reconcile("init");
        List<Finding> refusal = journal.refusal();
        if (engine.served().version().isNone() && settings.initMode() == InitMode.FAIL_FAST && !refusal.isEmpty()) {
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
            if (engine.isInitialised()) {
                driver.checkNow(CheckMode.IF_CHANGED); // Started again: what was refused then may have been mended.
            } else {
                driver.init();
                engine.initialised();
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
        engine.requireOpen();
        engine.resume();
        long before = engine.served().version().number();
        boolean loaded = engine.isInitialised();
        try {
            if (loaded) {
                driver.checkNow(mode);
            } else {
                driver.init();
                engine.initialised();
            }
        } catch (StorageException e) {
            if (watching.get() == null) {
                journal.failed(e); // Otherwise the driver tells its listener.
            }
            throw e;
        } finally {
            if (engine.isInitialised()) {
                // Also after a failure: a driver made of drivers may have taken in what others brought.
                engine.reconcile("manual");
            }
            events.flush();
        }
        return engine.served().version().number() != before;
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
    public boolean confirm(String digest) {
        engine.requireOpen();
        long before = engine.served().version().number();
        engine.reconcile(Occasion.CONFIRMED, Optional.of(digest));
        journal.shrunk().filter(held -> !held.digest().equals(digest)).ifPresent(held -> {
            throw new ConfirmationConflictException(digest, held.digest(), held.size());
        });
        return engine.served().version().number() != before;
    }

    @Override
    public Subscription subscribe(Consumer<? super StoreEvent> subscriber) {
        engine.requireOpen();
        return events.subscribe(StoreEvent.class, subscriber);
    }

    @Override
    public EventBus events() {
        return events;
    }

    @Override
    public Subscription onOperation(Consumer<? super StoreOperation> listener) {
        return engine.operations().listen(listener);
    }

    @Override
    public Explanation explain(PolicyId id) {
        engine.requireOpen();
        return driver.explain(id);
    }

    @Override
    public PolicyHistory history() {
        return history;
    }

    @Override
    public PolicyTransaction beginTransaction() {
        engine.requireOpen();
        engine.resume();
        String id = HexFormat.of().toHexDigits(context.random().nextLong());
        return new StagedTransaction(engine.byHand(), id, engine.served());
    }

    @Override
    public PolicyVersion update(Map<PolicyId, Optional<Policy>> changes, Note note) {
        return engine.byHand().update(Map.copyOf(changes), Objects.requireNonNull(note, "note"));
    }

    @Override
    public ChangePlan plan(Map<PolicyId, Optional<Policy>> changes) {
        return engine.byHand().plan(Map.copyOf(changes));
    }

    @Override
    public ChangePlan planSource() {
        return engine.byHand().planSource(engine::source);
    }

    @Override
    public PolicySnapshot current() {
        return journal.freshness().shown(engine.served());
    }

    @Override
    public StoreCounters counters() {
        return engine.counters();
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
        if (engine.isClosed()) {
            return;
        }
        stop(STOP_LIMIT);
        engine.end();
        driver.close();
        engine.close();
        if (ownsContext) {
            context.close();
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
            engine.initialised();
            if (!engine.isClosed()) {
                engine.reconcile(cause);
            }
            firstLook.complete(Optional.empty());
        }

        @Override
        public void onFailure(StorageException failure) {
            journal.failed(failure);
            events.flush();
            firstLook.complete(Optional.of(failure));
        }
    }
}
