package io.authzengine.storage;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.source.SyncSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Documents in memory, for the tests of the store. Thread-safe. */
final class FakeBackend implements PolicySource {
    private final TreeMap<String, String> documents = new TreeMap<>();
    private final List<String> reads = new ArrayList<>();
    private boolean tokensLast = true;
    private long revision = 1;
    private @Nullable StorageException failure;
    private @Nullable HintListener hints;
    private Supplier<Duration> age = () -> Duration.ZERO;

    /** Changes several documents at once; null removes one. */
    synchronized void change(Map<String, Optional<String>> changes) {
        changes.forEach((location, text) ->
                text.ifPresentOrElse(there -> documents.put(location, there), () -> documents.remove(location)));
        revision++;
    }

    synchronized void put(String location, String text) {
        change(Map.of(location, Optional.of(text)));
    }

    synchronized void remove(String location) {
        change(Map.of(location, Optional.empty()));
    }

    synchronized void clear() {
        documents.clear();
        revision++;
    }

    synchronized void failWith(@Nullable StorageException what) {
        failure = what;
    }

    /** Makes each answer one that is as old already as {@code how} says by then. */
    synchronized void answersAged(Supplier<Duration> how) {
        age = how;
    }

    @Override
    public synchronized Duration age() {
        return age.get();
    }

    /** From now on writes down what is read. */
    synchronized void countReads() {
        reads.clear();
    }

    synchronized List<String> reads() {
        return List.copyOf(reads);
    }

    /** Makes tokens mean nothing to a later process. */
    synchronized void forgetTokens() {
        tokensLast = false;
    }

    @Override
    public synchronized boolean tokenLasts(SourceEntry entry) {
        return tokensLast;
    }

    void hint() {
        HintListener told;
        synchronized (this) {
            told = hints;
        }
        if (told != null) {
            told.lookNow();
        }
    }

    StorageDriver driver(StorageContext context) {
        return driver(SyncSettings.DEFAULT.withRetries(0), context);
    }

    StorageDriver driver(SyncSettings settings, StorageContext context) {
        return new SourceDriver("fake", "fake", this, settings, context);
    }

    @Override
    public void open(SourceContext context) {
        failIfTold();
    }

    @Override
    public synchronized Optional<Manifest> manifest(Revision last) {
        failIfTold();
        Revision now = new Revision(Long.toString(revision));
        if (now.equals(last)) {
            return Optional.empty();
        }
        return Optional.of(Manifest.complete(
                now,
                documents.entrySet().stream()
                        .map(document -> SourceEntry.of(
                                document.getKey(), document.getValue().hashCode() + ""))
                        .toList()));
    }

    @Override
    public synchronized void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        failIfTold();
        for (SourceEntry entry : wanted) {
            reads.add(entry.location());
            String text = documents.get(entry.location());
            if (text == null) {
                into.moved(entry);
            } else {
                into.accept(entry, text.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private synchronized void failIfTold() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public synchronized void onHint(HintListener listener) {
        hints = listener;
    }

    @Override
    public void close() {}
}
