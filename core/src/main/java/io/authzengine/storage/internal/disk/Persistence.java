package io.authzengine.storage.internal.disk;

import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.timing.Phase;
import io.authzengine.storage.timing.PhaseTimer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a store is on the disk. A commit only wakes the one who writes, and it writes whatever is remembered by then, so that commits
 * that come faster than the disk are written together and nobody waits for it. Thread-safe.
 */
public final class Persistence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 6;
    /** By so much the disk may be behind in when the backend last agreed: a restart makes what is served older, never younger. */
    static final Duration AGREEMENT_LAG = Duration.ofSeconds(10);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final Optional<Path> cacheDir;
    private final Optional<Path> historyDir;
    private final StorageContext context;
    private final Function<Path, DiskDirectory> directories;
    private final Documents documents = new Documents();

    private String storeId = ""; // Written by open().
    private List<StoredAt> places =
            List.of(); // Written by open(); after that only the one who writes uses what is in it.
    private volatile Kept kept = Kept.NOTHING;
    private volatile Optional<Instant> agreedAt = Optional.empty();
    private volatile Optional<Instant> latest = Optional.empty();
    private volatile Status status = Status.NOTHING;
    private volatile long highest;
    private volatile @Nullable Written written; // By the one who writes.

    // All below are guarded by this.
    private boolean opened;
    private boolean wanted;
    private @Nullable CompletableFuture<Void> writing;
    private int failures;
    private boolean closed;

    /**
     * What is on the disk.
     *
     * @param version the newest version that is in every directory; 0 if there is none
     * @param writtenAt when it had got there; empty if it was there when the store was opened, or there is none
     * @param problem what keeps anything from getting there, and what to do; empty if nothing does
     */
    public record Status(long version, Optional<Instant> writtenAt, Optional<String> problem) {
        static final Status NOTHING = new Status(0, Optional.empty(), Optional.empty());
    }

    /**
     * What the disk had of an earlier process.
     *
     * @param history the sets it remembers, oldest first
     * @param copy the set that was acknowledged last
     * @param decisions what had been decided against the source by then
     * @param agreedAt when the copy last agreed with the backend; empty if that is not known
     */
    public record Restored(
            List<PolicySnapshot> history,
            Optional<PolicySnapshot> copy,
            Decisions decisions,
            Optional<Instant> agreedAt) {
        static final Restored NOTHING = new Restored(List.of(), Optional.empty(), Decisions.NONE, Optional.empty());
    }

    /** The set that was written last, and how long that took. */
    private record Written(long version, Phase time) {}

    /** Makes it for these directories, of which there may be none; does no I/O yet. */
    public Persistence(Optional<Path> cacheDir, Optional<Path> historyDir, StorageContext context) {
        this(cacheDir, historyDir, context, SystemDirectory::new);
    }

    Persistence(
            Optional<Path> cacheDir,
            Optional<Path> historyDir,
            StorageContext context,
            Function<Path, DiskDirectory> directories) {
        this.cacheDir = cacheDir;
        this.historyDir = historyDir;
        this.context = context;
        this.directories = directories;
    }

    /** Returns whether there is any directory. */
    public boolean isConfigured() {
        return cacheDir.isPresent() || historyDir.isPresent();
    }

    /** Returns what documents said when they were last read; for the drivers of the store. */
    public DocumentCache documents() {
        return cacheDir.isPresent() ? documents : DocumentCache.NONE;
    }

    /**
     * Takes the directories and reads what is there. Does nothing the second time. What cannot be read is told by {@link #status}.
     *
     * @param id whose they are
     * @return empty the second time
     * @throws ValidationException if another store has one of them
     */
    public synchronized Optional<Restored> open(String id) {
        if (opened) {
            return Optional.empty();
        }
        storeId = id;
        Parallel parallel = new Parallel(context.workers());
        List<StoredAt> all = new ArrayList<>();
        cacheDir.ifPresent(
                path -> all.add(new StoredAt(StoredAt.Purpose.COPY, path, directories.apply(path), storeId, parallel)));
        historyDir.ifPresent(path ->
                all.add(new StoredAt(StoredAt.Purpose.HISTORY, path, directories.apply(path), storeId, parallel)));
        Restored restored;
        try {
            restored = read(all);
        } catch (RuntimeException e) {
            all.forEach(StoredAt::close);
            throw e;
        }
        places = List.copyOf(all);
        opened = true;
        return Optional.of(restored);
    }

    private Restored read(List<StoredAt> all) {
        List<PolicySnapshot> history = List.of();
        Kept newest = Kept.NOTHING;
        Optional<Instant> agreed = Optional.empty();
        List<String> problems = new ArrayList<>();
        for (StoredAt place : all) {
            Archive.Found found = StoredAt.nothing();
            try {
                found = place.open();
            } catch (IOException e) {
                LOG.warn("{}", place.describe(e), e);
                problems.add(place.describe(e));
            }
            found.damage().ifPresent(problems::add);
            newest = found.kept().isBehind(newest) ? newest : found.kept();
            agreed = later(agreed, place.agreedAt());
            if (place.purpose() == StoredAt.Purpose.COPY) {
                documents.restore(found.documents());
            }
            history = found.versions().isEmpty() ? history : found.versions(); // The history comes last, and has more.
            highest = Math.max(highest, place.highest());
        }
        status = new Status(problems.isEmpty() ? newest.last() : 0, Optional.empty(), first(problems));
        if (newest.versions().isEmpty()) {
            return new Restored(history, Optional.empty(), Decisions.NONE, Optional.empty());
        }
        PolicySnapshot copy = newest.versions().get(newest.versions().size() - 1);
        return new Restored(history, Optional.of(copy), newest.decisions(), agreed);
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return one.filter(at -> other.isEmpty() || at.isAfter(other.get())).or(() -> other);
    }

    private static Optional<String> first(List<String> problems) {
        return problems.stream().findFirst();
    }

    /** Returns the highest number any version was known by to the disk, so that none is given twice. */
    public long highest() {
        return highest;
    }

    /** Returns how things stand; never blocks. */
    public Status status() {
        return status;
    }

    /** Returns how long it took until {@code version} was on the disk, maybe with later ones; empty if it is not there. */
    public Optional<Phase> timeToDisk(long version) {
        return Optional.ofNullable(written)
                .filter(last -> last.version() >= version)
                .map(Written::time);
    }

    /** This is to be on the disk from now on. Returns at once. */
    public void keep(Kept now) {
        boolean news = now.isNewerThan(kept);
        kept = now;
        if (news) {
            wake();
        }
    }

    /** What is kept agreed with its backend at {@code at}. Returns at once; the disk is told now and then, and at the end. */
    public void agreed(Instant at) {
        boolean due = agreedAt.filter(told -> Duration.between(told, at).abs().compareTo(AGREEMENT_LAG) < 0)
                .isEmpty();
        latest = Optional.of(at);
        if (due) {
            agreedAt = latest;
            wake();
        }
    }

    private void wake() {
        synchronized (this) {
            wanted = true;
            if (!opened || closed || writing != null || places.isEmpty()) {
                return;
            }
            writing = new CompletableFuture<>();
        }
        begin();
    }

    private void begin() {
        try {
            context.workers().execute(this::run);
        } catch (RejectedExecutionException closing) {
            finish(); // What is unwritten is written by close().
        }
    }

    private void run() {
        while (takeWork()) {
            boolean written = writeAll(AGREEMENT_LAG);
            synchronized (this) {
                failures = written ? 0 : failures + 1;
                if (!written) {
                    wanted = false;
                    retryLater();
                }
            }
        }
    }

    private synchronized boolean takeWork() {
        if (!wanted) {
            finish();
            return false;
        }
        wanted = false;
        return true;
    }

    private synchronized void finish() {
        CompletableFuture<Void> done = writing;
        writing = null;
        if (done != null) {
            done.complete(null);
        }
    }

    /** Writes to every directory, each on its own: one that is full must not keep the other from being written. */
    private boolean writeAll(Duration lag) {
        Kept now = kept;
        Optional<Instant> agreed = latest;
        if (now.versions().isEmpty()) {
            return true;
        }
        PhaseTimer timer = new PhaseTimer(storeId, context.ticker());
        boolean done = timer.time(Phase.Kind.OFFLINE_COPY, () -> writeAll(now, agreed, lag));
        Written before = written;
        if (done && (before == null || before.version() < now.last())) {
            written = new Written(now.last(), timer.phases().get(0));
        }
        return done;
    }

    private boolean writeAll(Kept now, Optional<Instant> agreed, Duration lag) {
        List<String> problems = new ArrayList<>();
        List<String> damages = new ArrayList<>();
        for (StoredAt place : places) {
            try {
                place.write(now, documents);
                if (agreed.isPresent()) {
                    place.agreed(agreed.get(), lag);
                }
                highest = Math.max(highest, place.highest());
                place.damage().ifPresent(damages::add);
            } catch (IOException | RuntimeException e) {
                problems.add(place.describe(e));
                log(place, e);
            }
        }
        if (problems.isEmpty()) {
            status = new Status(now.last(), Optional.of(context.clock().instant()), first(damages));
        } else {
            status = new Status(status.version(), status.writtenAt(), first(problems));
        }
        return problems.isEmpty();
    }

    private synchronized void log(StoredAt place, Exception failure) {
        if (failures == 0) {
            LOG.warn("{}", place.describe(failure), failure);
        } else {
            LOG.debug("Again: {}", place.describe(failure), failure);
        }
    }

    private void retryLater() {
        if (closed) {
            return;
        }
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        try {
            context.scheduler().schedule(this::wake, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("Not tried again, as all is being closed", closing);
        }
    }

    /** Writes what is unwritten, and lets the directories go. Idempotent. */
    @Override
    public void close() {
        CompletableFuture<Void> last;
        synchronized (this) {
            if (closed || !opened) {
                closed = true;
                return;
            }
            closed = true;
            last = writing;
        }
        if (last == null || await(last)) {
            writeAll(Duration.ZERO);
        }
        places.forEach(StoredAt::close);
    }

    private boolean await(CompletableFuture<Void> last) {
        try {
            return context.waiting().await(last, CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
