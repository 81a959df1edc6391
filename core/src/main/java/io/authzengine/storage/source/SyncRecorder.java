package io.authzengine.storage.source;

import io.authzengine.storage.driver.AgeWatch;
import io.authzengine.storage.driver.ChangePublisher;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down how looks end: in the status, in the log (each failure once, not at each look), and to the listeners. */
final class SyncRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(SourceDriver.class);

    private final String driverId;
    private final StorageContext context;
    private final SourceLook look;
    private final ChangePublisher publisher;
    private final AgeWatch ages;
    private final Object lock = new Object();
    private volatile SyncStatus status = SyncStatus.NEW; // Written under the lock.
    private String watchReason = ""; // What was logged last of the watch; guarded by the lock.
    private volatile boolean begun;
    // Only the loop reads and writes these two.
    private List<LoadError> logged = List.of();
    private String loggedFailure = "";

    SyncRecorder(String driverId, StorageContext context, SourceLook look, ChangePublisher publisher, AgeWatch ages) {
        this.driverId = driverId;
        this.context = context;
        this.look = look;
        this.publisher = publisher;
        this.ages = ages;
    }

    /** Returns {@code looks} as the loop takes them, each written down. */
    SyncLoop.Looker looker(BiFunction<String, LookMode, SourceLook.Outcome> looks) {
        return new SyncLoop.Looker() {
            @Override
            public boolean look(String cause, LookMode mode) {
                begun = true;
                long startedAt = context.ticker().getAsLong();
                SourceLook.Outcome outcome;
                try {
                    outcome = looks.apply(cause, mode);
                } catch (StorageException e) {
                    failed(e);
                    throw e;
                } catch (Throwable e) {
                    StorageException failure = unforeseen(e);
                    failed(failure);
                    throw failure;
                }
                succeeded(outcome, Duration.ofNanos(context.ticker().getAsLong() - startedAt));
                return outcome.changed();
            }

            @Override
            public void retrying(StorageException failure, int number, Duration delay) {
                log(failure, "retry " + number + " in " + delay.toMillis() + " ms");
            }

            @Override
            public void suppressed(StorageException failure, int failures, Duration window) {
                Instant until = context.clock().instant().plus(window);
                synchronized (lock) {
                    status = status.suppressed(failures, until);
                }
                log(failure, "failure " + failures + " in a row, next try in " + window.toMillis() + " ms");
                publisher.failed(failure);
            }
        };
    }

    private StorageException unforeseen(Throwable e) {
        return new UnexpectedFailureException(
                Problem.in(driverId, "a look failed with " + e.getClass().getSimpleName())
                        .remedy("this is a defect; report it"),
                e);
    }

    private void succeeded(SourceLook.Outcome outcome, Duration took) {
        boolean recovered = status.lastError().isPresent();
        loggedFailure = "";
        synchronized (lock) {
            status = status.succeeded(look.revision(), context.clock().instant(), outcome.changed(), took);
        }
        if (recovered) {
            LOG.info("[{}] The backend answers again", driverId);
        }
        if (outcome.changed()) {
            logNews(outcome.result(), outcome.changes(), took);
        }
        ages.fresh(look.answerAge());
        publisher.looked(outcome.result(), outcome.changes());
    }

    private void logNews(LoadResult result, PolicyChangeSet changes, Duration took) {
        LOG.info(
                "[{}] {} policies: {} added, {} modified, {} deleted, in {} ms ({})",
                driverId,
                result.policies().size(),
                changes.count(PolicyChangeEvent.Type.ADDED),
                changes.count(PolicyChangeEvent.Type.MODIFIED),
                changes.count(PolicyChangeEvent.Type.DELETED),
                took.toMillis(),
                changes.cause());
        if (result.policies().isEmpty() && result.complete()) {
            LOG.warn("[{}] The backend holds no policies, so engines deny everything", driverId);
        }
        for (LoadError error : result.errors()) {
            if (!logged.contains(error)) {
                // Whoever judges the set says so, with what becomes of it.
                error.findings().forEach(finding -> LOG.debug("[{}] {}", driverId, finding));
            }
        }
        logged = result.errors();
    }

    private void failed(StorageException failure) {
        synchronized (lock) {
            status = status.failed(failure, context.clock().instant());
        }
    }

    private void log(StorageException failure, String plan) {
        String message = String.valueOf(failure.getMessage());
        if (message.equals(loggedFailure)) {
            LOG.debug("Again: {}; {}", message, plan);
        } else {
            loggedFailure = message;
            String holds = look.current().isLoaded() ? "what was loaded stays" : "nothing was loaded yet";
            LOG.warn("{}; {}; {}", message, plan, holds);
            LOG.debug("The failure in full", failure);
        }
    }

    /** Notes what the source's watch is doing. */
    void watching(SyncStatus.Watch watch) {
        boolean known;
        synchronized (lock) {
            status = status.watching(watch);
            known = watch.reason().isEmpty() || watch.reason().equals(watchReason);
            watchReason = watch.reason().isEmpty() ? watchReason : watch.reason();
        }
        if (!known) {
            LOG.warn("[{}] {}", driverId, watch.reason());
        }
    }

    /** The source's watch could be started: if it ends again, that is news. */
    void watchHolds() {
        synchronized (lock) {
            watchReason = status.watch().reason();
        }
    }

    SyncStatus status() {
        return status;
    }

    /** Returns whether a first look was ever begun. */
    boolean hasBegun() {
        return begun;
    }
}
