package io.authzengine.storage.internal.disk;

import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.snapshot.PolicySnapshot;
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
import java.util.function.Supplier;
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
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final Optional<Path> cacheDir;
    private final Optional<Path> historyDir;
    private final StorageContext context;
    private final Function<Path, DiskDirectory> directories;
    private final Documents documents = new Documents();

    private List<StoredAt> places =
            List.of(); // Written by open(); after that only the one who writes uses what is in it.
    private Supplier<List<PolicySnapshot>> remembered = List::of;
    private volatile Status status = Status.NOTHING;
    private volatile long highest;

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
     */
    public record Restored(List<PolicySnapshot> history, Optional<PolicySnapshot> copy) {
        static final Restored NOTHING = new Restored(List.of(), Optional.empty());
    }

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
     * @param storeId whose they are
     * @param history all sets that are to be kept, oldest first, the one being served last
     * @throws ValidationException if another store has one of them
     */
    public synchronized Restored open(String storeId, Supplier<List<PolicySnapshot>> history) {
        if (opened) {
            return Restored.NOTHING;
        }
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
        remembered = history;
        opened = true;
        return restored;
    }

    private Restored read(List<StoredAt> all) {
        List<PolicySnapshot> history = List.of();
        Optional<PolicySnapshot> copy = Optional.empty();
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
            copy = newer(copy, found.versions());
            if (place.purpose() == StoredAt.Purpose.COPY) {
                documents.restore(found.documents());
            }
            history = found.versions().isEmpty() ? history : found.versions(); // The history comes last, and has more.
            highest = Math.max(highest, place.highest());
        }
        long version =
                problems.isEmpty() ? copy.map(set -> set.version().number()).orElse(0L) : 0;
        status = new Status(version, Optional.empty(), first(problems));
        return new Restored(history, copy);
    }

    private static Optional<PolicySnapshot> newer(Optional<PolicySnapshot> copy, List<PolicySnapshot> versions) {
        if (versions.isEmpty()) {
            return copy;
        }
        PolicySnapshot last = versions.get(versions.size() - 1);
        return copy.filter(known -> known.version().number() >= last.version().number())
                .or(() -> Optional.of(last));
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

    /** There is something to write. Returns at once. */
    public void wake() {
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
            boolean written = writeAll();
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
    private boolean writeAll() {
        List<PolicySnapshot> sets = remembered.get();
        if (sets.isEmpty()) {
            return true;
        }
        List<String> problems = new ArrayList<>();
        List<String> damages = new ArrayList<>();
        for (StoredAt place : places) {
            try {
                place.write(sets, documents);
                highest = Math.max(highest, place.highest());
                place.damage().ifPresent(damages::add);
            } catch (IOException | RuntimeException e) {
                problems.add(place.describe(e));
                log(place, e);
            }
        }
        long version = sets.get(sets.size() - 1).version().number();
        if (problems.isEmpty()) {
            status = new Status(version, Optional.of(context.clock().instant()), first(damages));
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
            writeAll();
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
