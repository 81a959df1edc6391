package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.timing.Phase;
import io.authzengine.storage.timing.PhaseTimer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what a source reads during one look and parses it: beside the reading where there is a core to spare, on the reading
 * thread otherwise, so that memory holds a few batches and never the whole set unparsed.
 */
final class DocumentReader implements PolicySource.Sink {
    private static final int BATCH = 64;
    private static final int HELPERS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

    private final String driverId;
    private final String revision;
    private final String author;
    private final PolicyParser parser;
    private final StorageContext context;
    private final PhaseTimer timer;
    private final Function<String, LocationState> known;
    private final Runnable progress;

    private final Map<String, ParsedDocument> parsed = new ConcurrentHashMap<>();
    private final Set<String> unchanged = ConcurrentHashMap.newKeySet();
    private final Map<String, StorageException> failed = new ConcurrentHashMap<>();
    private final Map<String, List<Finding>> doubts = new ConcurrentHashMap<>();
    private final Set<String> moved = ConcurrentHashMap.newKeySet();
    private final AtomicInteger done = new AtomicInteger();
    private final Semaphore helpers = new Semaphore(HELPERS);
    private final List<Future<?>> helped = new ArrayList<>(); // Guarded by this, as is batch.
    private List<Document> batch = new ArrayList<>();

    private static final class Document {
        final SourceEntry entry;
        final byte[] bytes;

        Document(SourceEntry entry, byte[] bytes) {
            this.entry = entry;
            this.bytes = bytes;
        }
    }

    DocumentReader(
            String driverId,
            Manifest manifest,
            PolicyParser parser,
            StorageContext context,
            PhaseTimer timer,
            Function<String, LocationState> known,
            Runnable progress) {
        this.driverId = driverId;
        this.revision = manifest.revision().token();
        this.author = manifest.author();
        this.parser = parser;
        this.context = context;
        this.timer = timer;
        this.known = known;
        this.progress = progress;
    }

    @Override
    public void accept(SourceEntry entry, byte[] bytes) {
        advanced();
        if (known.apply(entry.location()).holdsExactly(bytes)) {
            unchanged.add(entry.location());
            return;
        }
        List<Document> full = null;
        synchronized (this) {
            batch.add(new Document(entry, bytes));
            if (batch.size() == BATCH) {
                full = batch;
                batch = new ArrayList<>(BATCH);
            }
        }
        if (full != null) {
            parseBeside(full);
        }
    }

    @Override
    public void failed(SourceEntry entry, StorageException failure) {
        advanced();
        failed.put(entry.location(), failure);
    }

    @Override
    public void doubt(SourceEntry entry, Finding doubt) {
        doubts.merge(
                entry.location(),
                List.of(doubt),
                (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
    }

    @Override
    public void moved(SourceEntry entry) {
        advanced();
        moved.add(entry.location());
    }

    private void advanced() {
        done.incrementAndGet();
        progress.run();
    }

    private void parseBeside(List<Document> documents) {
        if (!helpers.tryAcquire()) {
            parse(documents);
            return;
        }
        Future<?> help = context.workers().submit(() -> {
            try {
                parse(documents);
            } finally {
                helpers.release();
            }
        });
        synchronized (this) {
            helped.add(help);
        }
    }

    private void parse(List<Document> documents) {
        if (!documents.isEmpty()) {
            timer.run(Phase.Kind.PARSE, documents.size(), () -> parseEach(documents));
        }
    }

    private void parseEach(List<Document> documents) {
        for (Document document : documents) {
            SourceEntry entry = document.entry;
            DocumentOrigin origin =
                    new DocumentOrigin(driverId, entry.location(), revision, author, entry.lastModified());
            try {
                parsed.put(entry.location(), parser.parse(document.bytes, origin));
            } catch (RuntimeException | StackOverflowError e) {
                // A document must not keep all the others from being taken in, whatever it does to the parser.
                failed.put(entry.location(), unparsable(entry, e));
            }
        }
    }

    private StorageException unparsable(SourceEntry entry, Throwable e) {
        return new UnexpectedFailureException(
                Problem.in(driverId, "the parser failed with " + e.getClass().getSimpleName())
                        .at(entry.location())
                        .remedy("this is a defect of the parser; report it with the document"),
                e);
    }

    /** Parses what is left and waits for what is parsed beside; called once, after the source has read all. */
    void finish() throws InterruptedException {
        List<Document> rest;
        List<Future<?>> pending;
        synchronized (this) {
            rest = batch;
            batch = new ArrayList<>();
            pending = List.copyOf(helped);
        }
        parse(rest);
        for (Future<?> help : pending) {
            try {
                help.get();
            } catch (ExecutionException e) {
                // Told as what it was, such as a lack of memory, not as a failure of the helper.
                if (e.getCause() instanceof Error fatal) {
                    throw fatal;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Returns how many documents have come in so far. */
    int done() {
        return done.get();
    }

    /** Returns what the document at {@code location} says, if it had to be parsed. */
    @Nullable
    ParsedDocument parsed(String location) {
        return parsed.get(location);
    }

    /** Returns why {@code location} could not be read, if so. */
    @Nullable
    StorageException failure(String location) {
        return failed.get(location);
    }

    /** Returns in what the backend contradicts itself about {@code location}. */
    List<Finding> doubts(String location) {
        return doubts.getOrDefault(location, List.of());
    }

    /** Returns whether {@code location} holds exactly what is known of it. */
    boolean isUnchanged(String location) {
        return unchanged.contains(location);
    }

    /** Returns the locations that were not any more what the manifest said. */
    Set<String> moved() {
        return moved;
    }

    /** Returns whether any document could not be read. */
    boolean hasFailures() {
        return !failed.isEmpty();
    }

    /** Returns which of {@code wanted} the source forgot, against its contract. */
    Set<String> forgotten(List<SourceEntry> wanted) {
        Set<String> missing = wanted.stream().map(SourceEntry::location).collect(Collectors.toCollection(HashSet::new));
        missing.removeAll(parsed.keySet());
        missing.removeAll(unchanged);
        missing.removeAll(failed.keySet());
        missing.removeAll(moved);
        return missing;
    }
}
