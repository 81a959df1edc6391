package io.authzengine.storage.internal;

import io.authzengine.storage.Durability;
import io.authzengine.storage.StoreCounters;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.StoreStatus.Departure;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.internal.disk.Persistence;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down how the store's looks and candidates end: for status, log and subscribers, each piece of news once. Thread-safe; nothing
 * that blocks is called while its lock is held.
 */
final class StoreJournal {
    private static final Logger LOG = LoggerFactory.getLogger(StoreJournal.class);
    private static final PolicyChangeSet NO_CHANGES = new PolicyChangeSet("", 0, "refused", List.of());

    private static final Map<Departure.Reason, String> DEPARTED = Map.of(
            Departure.Reason.PINNED, "pinned",
            Departure.Reason.ROLLED_BACK, "rolled back",
            Departure.Reason.CHANGED_BY_HAND, "changed by hand");

    private final StorageDriver driver;
    private final StorageContext context;
    private final StoreSettings settings;
    private final StoreEvents events;
    private final StoreFreshness freshness;
    private final StoreOperations operations;
    private final Supplier<StoreCounters> counters;
    private final Supplier<PolicySnapshot> current;
    private final Persistence persistence;
    private final ReloadClock reloads;

    // All below are guarded by this.
    private @Nullable Held held;
    private @Nullable StorageException lastError;
    private boolean
            failedBefore; // Since when all was well last; recovery is told once a candidate is accepted, not before.
    private @Nullable Instant lastCheckedAt;
    private @Nullable Long lastCheckedTick;
    private @Nullable Shrunk shrunk;
    private long lastLook;
    private boolean newEvidence;
    private Duration evidenceAge = Duration.ZERO; // How old it was already when the look brought it.
    private List<Departure> departures = List.of();

    /**
     * What is wrong with what the backend holds.
     *
     * @param whole whether nothing of it is served, or only the broken part is left out
     */
    private record Held(List<Finding> findings, PolicyChangeSet changes, Instant since, boolean whole) {}

    /** A set that lost much, since when it is so, and the look that first said it. */
    private record Shrunk(PolicySet policies, long since, long look, boolean confirmed) {}

    StoreJournal(
            StorageDriver driver,
            StorageContext context,
            StoreSettings settings,
            StoreEvents events,
            StoreOperations operations,
            Supplier<StoreCounters> counters,
            Supplier<PolicySnapshot> current,
            Persistence persistence,
            ReloadClock reloads) {
        this.driver = driver;
        this.context = context;
        this.settings = settings;
        this.events = events;
        this.operations = operations;
        this.counters = counters;
        this.current = current;
        this.persistence = persistence;
        this.reloads = reloads;
        this.freshness = new StoreFreshness(driver, context, settings.staleness(), this::aged);
    }

    /**
     * Returns whether the candidate lost nothing suspicious, or was confirmed: by somebody, or by a look some time after the first that
     * still says the same.
     *
     * @param approved the digest that somebody confirms just now; empty if nobody does
     */
    synchronized boolean mayShrink(Candidates.Judged judged, LoadResult loaded, Optional<String> approved) {
        if (judged.verdict().shrinkage().isEmpty()) {
            shrunk = null;
            return true;
        }
        PolicySet policies = judged.candidate().policies();
        long now = context.ticker().getAsLong();
        boolean confirmed =
                approved.filter(digest -> digest.equals(policies.digest())).isPresent();
        Shrunk first = shrunk;
        if (first == null || !first.policies().sameAs(policies)) {
            shrunk = new Shrunk(policies, now, loaded.looks(), confirmed);
            return confirmed;
        }
        if (confirmed) {
            shrunk = new Shrunk(first.policies(), first.since(), first.look(), true);
        }
        boolean seenAgain = loaded.looks() > first.look()
                && now - first.since() >= settings.guard().agreeAfter().toNanos();
        return confirmed || first.confirmed() || seenAgain;
    }

    /** Returns what is held back for what would disappear; empty if nothing is. */
    synchronized Optional<PolicySet> shrunk() {
        return Optional.ofNullable(shrunk).map(Shrunk::policies);
    }

    /** A candidate was refused: what is served stays. */
    synchronized void refused(Candidates.Judged judged) {
        takeEvidence();
        hold(judged.findings(), changes(judged.candidate(), "refused"), true);
    }

    /** A candidate is served; what it had to leave out, if anything, is still wrong. */
    synchronized void accepted(Candidates.Judged judged) {
        shrunk = null;
        takeEvidence();
        if (judged.heldBack().isEmpty()) {
            boolean news = held != null || failedBefore;
            held = null;
            failedBefore = false;
            if (news) {
                recovered();
            }
        } else {
            hold(judged.heldBack(), NO_CHANGES, false);
        }
    }

    private PolicyChangeSet changes(Candidate candidate, String cause) {
        return PolicyChangeSet.among(
                candidate.changed(),
                candidate.current().policies(),
                candidate.policies(),
                driver.id(),
                candidate.current().version().number(),
                cause,
                context.clock().instant());
    }

    /** Only once the candidate is served or refused: until then what is served may be old. */
    private void takeEvidence() {
        if (newEvidence) {
            newEvidence = false;
            freshness.fresh(evidenceAge);
            persistence.agreed(context.clock().instant().minus(evidenceAge));
        } else {
            freshness.judged();
        }
    }

    /** What is served has become older than is allowed, or is fresh again. */
    private synchronized void aged(Freshness now) {
        Duration age = freshness.age().orElse(Duration.ZERO);
        if (now != Freshness.FRESH) {
            LOG.warn("[{}] What the backend holds was last known {} ago; {}", driver.id(), Ages.text(age), serving());
            events.publish(new StoreEvent.Stale(
                    context.clock().instant(), current.get().version(), now, age));
            events.flushSoon();
        } else if (held == null && !failedBefore) {
            recovered(); // Otherwise it is told once a candidate is accepted.
        }
    }

    StoreFreshness freshness() {
        return freshness;
    }

    /** What the source holds was decided against: it waits for nothing any more. */
    synchronized void setAside() {
        shrunk = null;
        held = null;
        takeEvidence();
        if (failedBefore) {
            failedBefore = false;
            recovered();
        }
    }

    /** A change by hand was refused: what is served stays, and nothing waits. */
    synchronized void refusedByHand(List<Finding> findings, Candidate candidate, Note note) {
        List<Finding> errors = findings.stream().filter(Finding::isError).toList();
        PolicyChangeSet changes = changes(candidate, Occasion.UPDATE);
        events.publish(
                new StoreEvent.Rejected(context.clock().instant(), current.get().version(), errors, changes, note));
    }

    /** These decisions against the source stand at present. */
    synchronized void departs(List<Departure> decisions) {
        departures = decisions;
    }

    private void hold(List<Finding> findings, PolicyChangeSet changes, boolean whole) {
        List<Finding> errors =
                findings.stream().filter(Finding::isError).distinct().sorted().toList();
        boolean news = held == null || !held.findings().equals(errors) || held.whole() != whole;
        Instant since = held == null ? context.clock().instant() : held.since();
        held = new Held(errors, changes, since, whole);
        if (news) {
            LOG.warn("[{}] {}; {}", driver.id(), Refusals.describe(errors), serving());
            events.publish(new StoreEvent.Rejected(
                    context.clock().instant(), current.get().version(), errors, changes, Note.NONE));
        }
    }

    /** Takes note of what the driver has; only a look that came back since counts as agreement with the backend. */
    synchronized void saw(LoadResult loaded) {
        if (loaded.looks() <= lastLook) {
            return;
        }
        lastLook = loaded.looks();
        newEvidence = true;
        evidenceAge = driver.answerAge();
        lastCheckedAt = context.clock().instant();
        lastCheckedTick = context.ticker().getAsLong();
        failedBefore |= lastError != null;
        lastError = null;
    }

    /** Returns the event that tells how things stand, for one who may have missed others. */
    synchronized StoreEvent presentState() {
        Instant now = context.clock().instant();
        if (held != null) {
            return new StoreEvent.Rejected(now, current.get().version(), held.findings(), held.changes(), Note.NONE);
        }
        Freshness fresh = freshness.freshness();
        if (lastError == null && fresh != Freshness.FRESH) {
            return new StoreEvent.Stale(
                    now, current.get().version(), fresh, freshness.age().orElse(Duration.ZERO));
        }
        return lastError != null
                ? new StoreEvent.ReloadFailed(now, current.get().version(), lastError)
                : new StoreEvent.Recovered(now, current.get().version());
    }

    /** A look failed. */
    void failed(StorageException failure) {
        tellFailed(failure);
        operations.lookFailed();
    }

    private synchronized void tellFailed(StorageException failure) {
        boolean news = lastError == null;
        lastError = failure;
        if (news) {
            events.publish(new StoreEvent.ReloadFailed(
                    context.clock().instant(), current.get().version(), failure));
        }
    }

    private void recovered() {
        LOG.info("[{}] What is served is what the backend holds again", driver.id());
        events.publish(new StoreEvent.Recovered(
                context.clock().instant(), current.get().version()));
    }

    private String serving() {
        PolicySnapshot now = current.get();
        if (freshness.freshness() == Freshness.FAILED_CLOSED) {
            return "nothing is served until it is known what the backend holds";
        }
        return now.version().isNone()
                ? "nothing is served yet"
                : "still serving version " + now.version().number() + " of "
                        + seconds(now.version().createdAt());
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Returns why the last candidate was refused as a whole; empty if it was not. */
    synchronized List<Finding> refusal() {
        return held == null || !held.whole() ? List.of() : held.findings();
    }

    /** Returns how long ago a look last came back, on a clock that cannot jump. */
    synchronized Optional<Duration> age() {
        return lastCheckedTick == null
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(context.ticker().getAsLong() - lastCheckedTick));
    }

    /** Returns all there is to say. */
    StoreStatus status() {
        PolicySnapshot now = current.get();
        Map<String, HealthStatus> drivers =
                Map.of(driver.id(), driver.healthCheck().ofType(driver.type()));
        synchronized (this) {
            Optional<Durability> durability = durability(now);
            return new StoreStatus(
                    withDecisions(StoreHealth.of(
                            now,
                            drivers,
                            Optional.ofNullable(held).map(Held::findings),
                            freshness.freshness(),
                            serving(),
                            durability)),
                    drivers,
                    now.version(),
                    now.size(),
                    Optional.ofNullable(lastCheckedAt),
                    now.version().isNone()
                            ? Optional.empty()
                            : Optional.of(now.version().createdAt()),
                    Optional.ofNullable(held)
                            .map(what -> new StoreStatus.Held(
                                    what.findings(), what.changes().events().size(), what.since())),
                    Optional.ofNullable(lastError),
                    departures,
                    durability,
                    freshness.freshness(),
                    freshness.age(),
                    driver.suppressedUntil(),
                    reloads.last(),
                    counters.get());
        }
    }

    private HealthStatus withDecisions(HealthStatus health) {
        String decisions = departures.stream()
                .map(departure -> "; " + DEPARTED.get(departure.reason()) + " since " + seconds(departure.since())
                        + (departure.note().author().isEmpty()
                                ? ""
                                : " by " + departure.note().author())
                        + (departure.note().comment().isEmpty()
                                ? ""
                                : ": " + departure.note().comment()))
                .collect(Collectors.joining());
        return new HealthStatus(health.status(), health.message() + decisions, health.details());
    }

    private Optional<Durability> durability(PolicySnapshot now) {
        if (!persistence.isConfigured()) {
            return Optional.empty();
        }
        Persistence.Status disk = persistence.status();
        boolean fromDisk = lastCheckedTick == null && !now.version().isNone();
        Duration since =
                Duration.between(now.version().createdAt(), context.clock().instant());
        Duration notNegative = since.isNegative() ? Duration.ZERO : since; // The clock may have been set back.
        Optional<Duration> age = fromDisk ? Optional.of(notNegative) : Optional.empty();
        return Optional.of(new Durability(disk.version(), disk.writtenAt(), age, disk.problem()));
    }
}
