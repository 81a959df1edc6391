package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.ChangePublisher;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadProgress;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.timing.LookTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A driver made of drivers: has them look, side by side. What a driver finds is only a sign to take in what they all have, which is
 * {@link Intake#take}'s to do. Thread-safe; no lock is held while a driver or a listener is called.
 *
 * @sdd 7.1
 */
final class CompositeDriver implements StorageDriver {
    private static final Logger LOG = LoggerFactory.getLogger(CompositeDriver.class);

    private final String id;
    private final CompositeConfig config;
    private final StorageContext context;
    private final List<Child> children;
    private final ChangePublisher publisher;
    private final Intake intake;
    private final Together together;
    private final Gathering gathering;

    private final Object lock = new Object();
    // All five guarded by the lock.
    private boolean begun;
    private boolean initialised;
    private boolean watched;
    private boolean stopped;
    private boolean closed;

    /** @param parts in the order of their priority, with ids that differ */
    CompositeDriver(String id, CompositeConfig config, List<ChildDriver> parts, StorageContext context) {
        this.id = id;
        this.config = config;
        this.context = context;
        this.children = parts.stream()
                .map(part -> new Child(part, this::news, this::childFailed))
                .toList();
        this.publisher = new ChangePublisher(context);
        this.intake = new Intake(id, config, children, publisher, context);
        this.together = new Together(id, children, context);
        this.gathering = new Gathering(context, config.gatherPeriod(), intake::take);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return COMPOSITE;
    }

    /** Returns the ids of all drivers this one is made of, those of drivers that are made of others too. */
    Stream<String> ids() {
        return children.stream().flatMap(Child::ids);
    }

    @Override
    public void init() {
        synchronized (lock) {
            requireOpen();
            if (initialised) {
                return;
            }
            if (!begun) {
                LOG.info(
                        "[{}] {} of {}, in this order of precedence",
                        id,
                        config.strategy(),
                        config.strategy()
                                .inPrecedence(children.stream().map(Child::id).toList()));
            }
            begun = true;
        }
        lookAtAll(
                "init",
                Child::init,
                child -> child.isRequired() && !child.latest().isLoaded());
        boolean follow;
        synchronized (lock) {
            initialised = true;
            follow = watched && !stopped && !closed;
        }
        if (follow) {
            start(StartOptions.DEFAULT);
        }
    }

    /** Has all drivers look, side by side, and takes in what they have; throws if one that matters failed. */
    private boolean lookAtAll(String cause, Consumer<Child> look, Predicate<Child> matters) {
        long before = intake.current().sequence();
        List<Together.Failure> failures = together.run(look, done -> gathering.begin(cause));
        intake.take(cause);
        synchronized (lock) {
            requireOpen();
        }
        StorageException first = null;
        for (Together.Failure failure : failures) {
            if (!matters.test(failure.child())) {
                publisher.failed(failure.exception());
            } else if (first == null) {
                first = failure.exception();
            } else {
                first.addSuppressed(failure.exception());
            }
        }
        if (first != null) {
            throw first;
        }
        return intake.current().sequence() != before;
    }

    /** A driver has looked by itself: what it found is taken in with what others find within a moment. */
    private void news(Child child, String cause) {
        gathering.begin(cause);
    }

    private void childFailed(Child child, StorageException failure) {
        publisher.failed(ChildFailures.of(id, child, failure));
    }

    @Override
    public void start(StartOptions options) {
        synchronized (lock) {
            requireOpen();
            stopped = false;
            begun = true;
        }
        if (options.forceInitial()) {
            lookAtAll("start", child -> child.startLoaded(options), Child::isRequired);
        } else {
            children.forEach(child -> child.start(options));
        }
    }

    @Override
    public boolean stop(Duration limit) {
        synchronized (lock) {
            stopped = true;
        }
        children.forEach(child -> child.driver().stop(Duration.ZERO));
        long deadline = context.ticker().getAsLong() + limit.toNanos();
        boolean over = true;
        for (Child child : children) {
            long left = Math.max(0, deadline - context.ticker().getAsLong());
            over &= child.driver().stop(Duration.ofNanos(left));
        }
        return over;
    }

    @Override
    public LoadResult load() {
        requireBegun();
        return intake.current();
    }

    private void requireBegun() {
        synchronized (lock) {
            requireOpen();
            if (!begun) {
                throw new IllegalStateException(id + " was not initialised: call init() first");
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>All drivers look side by side. What those bring that answer is taken in, also if others fail.
     *
     * @throws StorageException if the look of a required driver failed; the first of them, with the others suppressed in it
     */
    @Override
    public boolean checkNow(CheckMode mode) {
        synchronized (lock) {
            requireOpen();
            begun = true;
        }
        return lookAtAll("manual", child -> child.look(mode), Child::isRequired);
    }

    @Override
    public Subscription watch(PolicyChangeListener listener) {
        boolean follow;
        Subscription subscription;
        synchronized (lock) {
            requireOpen();
            watched = true;
            follow = initialised && !stopped;
            subscription = publisher.subscribe(listener, intake::current);
        }
        if (follow) {
            start(StartOptions.DEFAULT);
        }
        return subscription;
    }

    @Override
    public Explanation explain(PolicyId policyId) {
        requireBegun();
        return intake.explain(policyId);
    }

    @Override
    public Optional<LoadProgress> progress() {
        List<LoadProgress> all = children.stream()
                .map(child -> child.driver().progress())
                .flatMap(Optional::stream)
                .toList();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(new LoadProgress(
                        all.stream().mapToInt(LoadProgress::done).sum(),
                        all.stream().mapToInt(LoadProgress::total).sum()));
    }

    @Override
    public List<LookTimes> lookTimes() {
        return Stream.concat(
                        children.stream().flatMap(child -> child.driver().lookTimes().stream()),
                        intake.merged().stream())
                .toList();
    }

    @Override
    public Freshness freshness() {
        return children.stream().map(child -> child.driver().freshness()).reduce(Freshness.FRESH, Freshness::worst);
    }

    @Override
    public Subscription onAged(Runnable listener) {
        List<Subscription> all =
                children.stream().map(child -> child.driver().onAged(listener)).toList();
        return () -> all.forEach(Subscription::close);
    }

    @Override
    public Duration answerAge() {
        return children.stream()
                .map(child -> child.driver().answerAge())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** It is the composite's evidence that is so old, so no driver's is older. */
    @Override
    public void agedAlready(Duration age) {
        children.forEach(child -> child.driver().agedAlready(age));
    }

    @Override
    public void servedBefore(PolicySnapshot last) {
        intake.servedBefore(last);
        children.forEach(child -> child.driver().servedBefore(last));
    }

    /** Returns the latest time of those that hold off their looks. */
    @Override
    public Optional<Instant> suppressedUntil() {
        return children.stream()
                .flatMap(child -> child.driver().suppressedUntil().stream())
                .max(Instant::compareTo);
    }

    @Override
    public HealthStatus healthCheck() {
        synchronized (lock) {
            if (closed) {
                return CompositeHealth.closed(intake.current());
            }
        }
        return CompositeHealth.of(intake.current(), children, intake.contests());
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        intake.close();
        publisher.close();
        List<RuntimeException> failures = new ArrayList<>();
        for (Child child : children) {
            try {
                child.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        failures.forEach(e -> LOG.warn("[{}] A driver threw when it was closed", id, e));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(id + " is closed");
        }
    }
}
