package io.authzengine.storage.source;

import io.authzengine.storage.driver.AgeWatch;
import io.authzengine.storage.driver.ChangePublisher;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadProgress;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.timing.LookTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A {@link StorageDriver} over any {@link PolicySource}: owns the loop that looks at the backend and keeps what it found.
 * Thread-safe; no lock is held while the source or a listener is called.
 *
 * <p>The trip itself is {@link SourceLook#look}; when it is taken is {@link SyncLoop}'s to decide.
 *
 * @sdd 4.1
 */
public final class SourceDriver implements StorageDriver {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
    /** After this many intervals without a look that came back, what is held counts as stale, unless the settings say when. */
    private static final int STALE_AFTER_INTERVALS = 3;

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final String id;
    private final String type;
    private final SyncSettings settings;
    private final StorageContext context;
    private final Calls calls;
    private final SourceLook look;
    private final AgeWatch ages;
    private final SyncRecorder recorder;
    private final SyncLoop loop;
    private final SourceHints hints;
    private final ChangePublisher publisher;

    private final Object lock = new Object();
    // All four guarded by the lock.
    private boolean initialised;
    private boolean watched;
    private boolean stopped;
    private boolean closed;

    /**
     * Makes a driver; does no I/O yet.
     *
     * @param id the name of this instance, free of credentials
     * @param type what sort of backend it is
     * @param source the backend; closed with the driver
     * @param settings how it is treated
     * @param context time, threads and random numbers; not closed with the driver
     */
    public SourceDriver(String id, String type, PolicySource source, SyncSettings settings, StorageContext context) {
        this.id = Objects.requireNonNull(id, "id");
        this.type = Objects.requireNonNull(type, "type");
        Objects.requireNonNull(source, "source");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.context = Objects.requireNonNull(context, "context");
        this.calls = new Calls(id, context, settings.callTimeout());
        SourceContext sourceContext = new SourceContext(
                id, context, settings.callTimeout(), settings.limits().maxBytes());
        this.look = new SourceLook(source, sourceContext, settings, calls);
        this.publisher = new ChangePublisher(context);
        this.ages = new AgeWatch(context, settings.staleness());
        this.recorder = new SyncRecorder(id, context, look, publisher, ages);
        this.loop = new SyncLoop(context, settings, recorder.looker(this::lookAndListen));
        this.hints = new SourceHints(source, calls, context, settings, recorder, loop);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public void init() {
        synchronized (lock) {
            requireOpen();
            if (initialised) {
                return;
            }
        }
        waitFor(loop.request("init", settings.initialLoad() ? LookMode.FORCE : LookMode.PRIME));
        boolean follow;
        synchronized (lock) {
            initialised = true;
            follow = watched && !stopped && !closed;
        }
        if (follow) {
            start(StartOptions.DEFAULT);
        }
    }

    private SourceLook.Outcome lookAndListen(String cause, LookMode mode) {
        try {
            look.begin(mode);
            hints.listen(look.timer());
            return look.look(cause, mode);
        } finally {
            if (calls.areOver()) {
                look.close(); // What was opened while the driver was being closed.
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>May be called before {@link #init} has succeeded: then the loop goes on trying. With {@link
     * StartOptions#withForcedInitialLoad} a full load is made before this returns.
     *
     * @throws StorageException if the forced initial load fails; the loop is not started then
     */
    @Override
    public void start(StartOptions options) {
        synchronized (lock) {
            requireOpen();
            stopped = false;
        }
        boolean load = options.initialLoad().orElse(settings.initialLoad());
        if (load && options.forceInitial()) {
            waitFor(loop.request("start", LookMode.FORCE));
        } else if (load && !look.current().isLoaded() && !loop.isSuppressed()) {
            loop.request("start", LookMode.FORCE);
        } else if (!recorder.hasBegun()) {
            loop.request("start", LookMode.PRIME);
        }
        loop.follow(options.interval().orElse(settings.pollInterval()));
    }

    /** Ends following the backend, waiting up to a second for a look under way. */
    public boolean stop() {
        return stop(STOP_LIMIT);
    }

    @Override
    public boolean stop(Duration limit) {
        synchronized (lock) {
            stopped = true;
        }
        return await(loop.unfollow(), limit);
    }

    @Override
    public LoadResult load() {
        synchronized (lock) {
            requireOpen();
        }
        if (!recorder.hasBegun()) {
            throw new IllegalStateException(id + " was not initialised: call init() first");
        }
        return look.current();
    }

    @Override
    public boolean checkNow(CheckMode mode) {
        synchronized (lock) {
            requireOpen();
        }
        return waitFor(loop.request("manual", LookMode.of(mode)));
    }

    @Override
    public Subscription watch(PolicyChangeListener listener) {
        boolean follow;
        Subscription subscription;
        synchronized (lock) {
            requireOpen();
            watched = true;
            follow = initialised && !stopped;
            subscription = publisher.subscribe(listener, look::current);
        }
        if (follow) {
            start(StartOptions.DEFAULT);
        }
        return subscription;
    }

    @Override
    public Optional<LoadProgress> progress() {
        return look.progress();
    }

    @Override
    public List<LookTimes> lookTimes() {
        return look.times().stream().toList();
    }

    @Override
    public HealthStatus healthCheck() {
        synchronized (lock) {
            if (closed) {
                return SyncHealth.closed(look.current());
            }
        }
        return SyncHealth.of(
                look.current(),
                recorder.status(),
                look.doubt(),
                look.answerAge(),
                isLate() ? Freshness.STALE.worst(freshness()) : freshness());
    }

    /** By this driver's looks alone: how often others on the way look is not known here. */
    private boolean isLate() {
        Duration allowed = loop.interval().multipliedBy(STALE_AFTER_INTERVALS);
        return settings.staleness().softAge().isEmpty()
                && loop.isFollowing()
                && ages.age()
                        .filter(age -> age.minus(look.answerAge()).compareTo(allowed) > 0)
                        .isPresent();
    }

    @Override
    public Optional<Instant> suppressedUntil() {
        return recorder.status().suppressedUntil();
    }

    @Override
    public Freshness freshness() {
        return ages.freshness();
    }

    @Override
    public Subscription onAged(Runnable listener) {
        return ages.onAged(listener);
    }

    @Override
    public Duration answerAge() {
        return look.answerAge();
    }

    @Override
    public void agedAlready(Duration age) {
        ages.agedAlready(age);
    }

    /** Returns what the loop can tell of itself. */
    public SyncStatus status() {
        return recorder.status();
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        CompletableFuture<?> underWay = loop.close();
        calls.interrupt();
        // Also in mid-call: closing frees what an uninterruptible read waits for.
        look.close();
        ages.close();
        publisher.close();
        await(underWay, STOP_LIMIT);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(id + " is closed");
        }
    }

    private boolean waitFor(CompletableFuture<Boolean> outcome) {
        if (!await(outcome, FOR_EVER)) {
            throw new UnexpectedFailureException(
                    Problem.in(id, "interrupted while waiting for a look, which goes on without this caller"));
        }
        try {
            return outcome.getNow(false);
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException failure) {
                throw failure;
            }
            if (e.getCause() instanceof IllegalStateException misuse) {
                throw misuse;
            }
            throw e;
        }
    }

    private boolean await(CompletableFuture<?> outcome, Duration limit) {
        try {
            return context.waiting().await(outcome, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
