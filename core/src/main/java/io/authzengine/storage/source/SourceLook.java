package io.authzengine.storage.source;

import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadProgress;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.timing.LookTimes;
import io.authzengine.storage.timing.Phase;
import io.authzengine.storage.timing.PhaseTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trip from a backend to a driver snapshot: manifest, diff, read, parse, take in. Taken by the loop, one at a time. A look that
 * fails anywhere leaves everything as it was.
 */
final class SourceLook {
    private static final Logger LOG = LoggerFactory.getLogger(SourceDriver.class);
    /** No source can mean more, and time can still be reckoned with. */
    private static final Duration OLDEST = Duration.ofDays(100 * 365);

    private final PolicySource source;
    private final SourceContext sourceContext;
    private final SyncSettings settings;
    private final PolicyParser parser;
    private final Calls calls;
    private final DocumentMemory memory;

    // All below are written by the loop alone, one look at a time.
    private final LocationTable table = new LocationTable();
    private final Rereads rereads = new Rereads();
    private final LocationJudge judge = new LocationJudge(table, rereads);
    private boolean open;
    private boolean waitsForChange;
    private Revision revision = Revision.NONE;
    private @Nullable Manifest primed;
    private PhaseTimer timer;
    private volatile @Nullable LookTimes times;
    private volatile LoadResult current;
    private volatile @Nullable DocumentReader reading;
    private volatile int readingTotal;
    private volatile Optional<Finding> doubt = Optional.empty();
    private Duration listedAge = Duration.ZERO;
    private volatile Duration answerAge =
            Duration.ZERO; // Before current, so that nobody takes it for that of an earlier look.

    SourceLook(PolicySource source, SourceContext sourceContext, SyncSettings settings, Calls calls) {
        this.source = source;
        this.sourceContext = sourceContext;
        this.settings = settings;
        this.parser = new PolicyParser(settings.limits());
        this.calls = calls;
        this.memory = new DocumentMemory(source, sourceContext, settings.limits());
        this.waitsForChange = !settings.initialLoad();
        this.current = LoadResult.none(sourceContext.driverId());
        this.timer = newTimer();
    }

    private PhaseTimer newTimer() {
        return new PhaseTimer(sourceContext.driverId(), sourceContext.context().ticker());
    }

    /** What a look brought: the result there is now, and what led to it. */
    record Outcome(LoadResult result, PolicyChangeSet changes, boolean changed) {}

    /** Takes the trip that was begun; if the backend moves meanwhile, takes it again, a few times at most. */
    Outcome look(String cause, LookMode mode) {
        if (waitsForChange && primed == null && !current.isLoaded()) {
            return prime(cause);
        }
        for (int relists = 0; ; relists++) {
            Optional<Manifest> news = primed == null ? manifest(mode) : manifestSince(primed, mode);
            if (news.isEmpty()) {
                return unchanged(cause);
            }
            Manifest manifest = news.get();
            LocationTable.Diff diff = timer.time(
                    Phase.Kind.COMPARE, () -> table.diff(manifest, location -> isWantedAnyway(location, mode)));
            Map<String, DocumentCache.Document> remembered =
                    timer.time(Phase.Kind.COMPARE, () -> memory.recall(diff.toRead(), table));
            DocumentReader documents = read(manifest, unread(diff.toRead(), remembered));
            if (documents.moved().isEmpty()) {
                String why = manifest.cause().isEmpty() ? cause : manifest.cause();
                Outcome outcome =
                        timer.time(Phase.Kind.COMPARE, () -> takeIn(manifest, diff, remembered, documents, why));
                times = timer.ended(why);
                return outcome;
            }
            if (relists == settings.maxRelists()) {
                throw stillMoving(documents.moved());
            }
        }
    }

    private boolean isWantedAnyway(String location, LookMode mode) {
        return mode == LookMode.FORCE || rereads.isDue(location, current.looks());
    }

    private static List<SourceEntry> unread(List<SourceEntry> wanted, Map<String, DocumentCache.Document> remembered) {
        return remembered.isEmpty()
                ? wanted
                : wanted.stream()
                        .filter(entry -> !remembered.containsKey(entry.location()))
                        .toList();
    }

    /** Notes what is there without reading it: the next look brings something only if the backend has changed by then. */
    private Outcome prime(String cause) {
        Manifest manifest = manifest(LookMode.FORCE).orElseThrow();
        primed = manifest;
        revision = manifest.revision();
        return unchanged(cause);
    }

    /** Opens the source if it is not open. What {@code mode} asks for is owed by later looks if this one fails. */
    void begin(LookMode mode) {
        timer = newTimer();
        if (mode != LookMode.IF_CHANGED) {
            waitsForChange = mode == LookMode.PRIME;
        }
        if (open) {
            return;
        }
        try {
            timer.run(
                    Phase.Kind.OPEN,
                    () -> calls.make("opening the backend", () -> {
                        source.open(sourceContext);
                        return true;
                    }));
            open = true;
        } catch (StorageException e) {
            close();
            throw e;
        }
    }

    /** Frees what the source holds; may be called while it is called, and more than once. */
    void close() {
        try {
            source.close();
        } catch (Throwable e) {
            LOG.warn("[{}] The source threw when it was closed", sourceContext.driverId(), e);
        }
    }

    private Optional<Manifest> manifest(LookMode mode) {
        boolean all = mode == LookMode.FORCE || rereads.isAnyDue(current.looks());
        Revision last = all ? Revision.NONE : revision;
        Optional<Manifest> manifest = timer.time(
                Phase.Kind.LIST,
                made -> made.map(listed -> listed.entries().size()).orElse(0),
                () -> calls.make("listing the backend", () -> list(last)));
        if (manifest.isEmpty() && last.isNone()) {
            throw unexpected("the source said \"nothing new\" to one who has seen nothing");
        }
        if (manifest.isPresent()) {
            check(manifest.get(), last);
        }
        return manifest;
    }

    private Optional<Manifest> list(Revision last) {
        Optional<Manifest> manifest = source.manifest(last);
        Duration age = source.age();
        listedAge = age.isNegative() ? Duration.ZERO : age.compareTo(OLDEST) > 0 ? OLDEST : age;
        return manifest;
    }

    private void check(Manifest manifest, Revision last) {
        if (!manifest.isComplete() && !manifest.base().equals(last)) {
            throw unexpected("the source made a delta from revision " + manifest.base()
                    + ", but was asked for one from " + (last.isNone() ? "nothing" : last));
        }
        if (manifest.entries().size() > settings.maxEntries()) {
            throw new ValidationException(Problem.in(
                            sourceContext.driverId(),
                            "the backend lists " + manifest.entries().size() + " documents, the limit is "
                                    + settings.maxEntries())
                    .remedy("narrow what is configured, or raise maxEntries"));
        }
    }

    /** After priming nothing has been read yet: what differs at all is wanted as a whole, what does not is no news. */
    private Optional<Manifest> manifestSince(Manifest before, LookMode mode) {
        Optional<Manifest> news = manifest(mode);
        if (news.isPresent() && !news.get().isComplete()) {
            news = manifest(LookMode.FORCE);
        }
        return news.filter(now -> mode == LookMode.FORCE || !saysSame(before, now));
    }

    private static boolean saysSame(Manifest before, Manifest now) {
        return now.entries().equals(before.entries())
                && now.refused().equals(before.refused())
                && now.entries().values().stream()
                        .noneMatch(entry -> entry.token().isEmpty());
    }

    private DocumentReader read(Manifest manifest, List<SourceEntry> wanted) {
        DocumentReader documents = new DocumentReader(
                sourceContext.driverId(), manifest, parser, sourceContext.context(), timer, table::at, calls::progress);
        if (wanted.isEmpty()) {
            return documents;
        }
        readingTotal = wanted.size();
        reading = documents;
        try {
            timer.run(
                    Phase.Kind.READ,
                    wanted.size(),
                    () -> calls.make("reading the backend", () -> {
                        source.read(manifest, wanted, documents);
                        documents.finish();
                        return true;
                    }));
        } finally {
            reading = null;
        }
        Set<String> forgotten = documents.forgotten(wanted);
        if (!forgotten.isEmpty()) {
            throw unexpected("the source did not read " + forgotten.size() + " documents it was asked for, such as "
                    + forgotten.iterator().next());
        }
        return documents;
    }

    private Outcome takeIn(
            Manifest manifest,
            LocationTable.Diff diff,
            Map<String, DocumentCache.Document> remembered,
            DocumentReader documents,
            String cause) {
        Instant now = sourceContext.context().clock().instant();
        Map<String, LocationState> updated = new HashMap<>();
        for (SourceEntry entry : diff.toRead()) {
            DocumentCache.Document known = remembered.get(entry.location());
            updated.put(
                    entry.location(),
                    known == null
                            ? judge.judge(entry, documents, current.looks(), now)
                            : LocationState.remembered(known));
        }
        memory.keep(diff, updated);
        diff.gone().forEach(rereads::settled);
        for (Manifest.Refused refused : manifest.refused()) {
            updated.put(refused.location(), judge.refuse(refused, now));
        }
        LoadResult before = current;
        Map<PolicyId, Optional<Policy>> changes = table.apply(updated, diff.gone(), now);
        PolicySet policies = before.policies().with(changes);
        // What could not be read must be asked for again, so the revision counts as seen only if everything was read.
        revision = documents.hasFailures() ? Revision.NONE : manifest.revision();
        primed = null;
        return publish(policies, changes.keySet(), manifest.revision(), cause, now);
    }

    private Outcome publish(PolicySet policies, Set<PolicyId> touched, Revision at, String cause, Instant now) {
        LoadResult before = current;
        List<LoadError> errors = table.errors();
        List<Finding> warnings = table.warnings();
        String id = sourceContext.driverId();
        PolicyChangeSet changes =
                PolicyChangeSet.among(touched, before.policies(), policies, id, before.sequence() + 1, cause, now);
        boolean changed = !before.isLoaded() || !changes.events().isEmpty() || !errors.equals(before.errors());
        Map<String, String> revisions = at.isNone() ? Map.of() : Map.of(id, at.token());
        long sequence = changed ? before.sequence() + 1 : before.sequence();
        LoadResult after = new LoadResult(
                id,
                sequence,
                before.looks() + 1,
                policies,
                errors,
                warnings,
                revisions,
                changed ? now : before.loadedAt());
        answerAge = listedAge;
        current = after;
        doubt = table.doubt();
        return new Outcome(after, changes, changed);
    }

    private Outcome unchanged(String cause) {
        LoadResult now = current.confirmed();
        answerAge = listedAge;
        current = now;
        return new Outcome(now, new PolicyChangeSet(now.driverId(), now.sequence(), cause, List.of()), false);
    }

    private StorageException stillMoving(Set<String> moved) {
        return new ConnectionFailedException(Problem.in(
                        sourceContext.driverId(),
                        "the backend changed under each of " + (settings.maxRelists() + 1) + " readings")
                .at(moved.iterator().next())
                .remedy("it is read again once it is quiet; write documents by renaming them into place"));
    }

    private UnexpectedFailureException unexpected(String summary) {
        return new UnexpectedFailureException(
                Problem.in(sourceContext.driverId(), summary).remedy("this is a defect of the driver; report it"));
    }

    /** Returns what the driver has now. */
    LoadResult current() {
        return current;
    }

    /** Returns what measures the look under way; for the loop. */
    PhaseTimer timer() {
        return timer;
    }

    /** Returns where the time of the last look went that brought something to read; empty before the first. */
    Optional<LookTimes> times() {
        return Optional.ofNullable(times);
    }

    /** Returns how old what the backend said was already when {@link #current} came of it. */
    Duration answerAge() {
        return answerAge;
    }

    /** Returns the first place in which the backend contradicts itself, if there is one. */
    Optional<Finding> doubt() {
        return doubt;
    }

    /** Returns the revision that counts as seen. */
    Revision revision() {
        return revision;
    }

    /** Returns how far the reading of the look under way has got; empty if none is under way. */
    Optional<LoadProgress> progress() {
        DocumentReader documents = reading;
        return documents == null ? Optional.empty() : Optional.of(new LoadProgress(documents.done(), readingTotal));
    }
}
