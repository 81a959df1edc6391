package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Keeps what a source says, by the protocol of sources and with nothing else to go by; never looks unless told to. */
final class Mirror implements AutoCloseable, PolicySource.Sink, PolicySource.HintListener {
    static final Duration DEADLINE = Duration.ofSeconds(30);
    static final int MAX_BYTES = 1 << 20;

    final Map<String, String> contents = new TreeMap<>();
    final Map<String, StorageException> failures = new TreeMap<>();
    final Map<String, String> refused = new TreeMap<>();
    final List<String> read = new ArrayList<>();
    final List<String> moved = new ArrayList<>();
    final List<Manifest> manifests = new ArrayList<>();
    final List<StorageException> lost = new CopyOnWriteArrayList<>();
    final List<String> pollingOnly = new CopyOnWriteArrayList<>();
    final AtomicLong hints = new AtomicLong();
    final StorageContext context;
    final FilesystemConfig config;
    final FilesystemSource source;

    private final Map<String, SourceEntry> entries = new TreeMap<>();
    private final AtomicLong lastHint = new AtomicLong();
    private Revision revision = Revision.NONE;
    private long hintsSeen;

    Mirror(FilesystemConfig config) {
        this(config, new SystemFiles(), StorageContext.create("test"));
    }

    Mirror(FilesystemConfig config, FileAccess files) {
        this(config, files, StorageContext.create("test"));
    }

    Mirror(FilesystemConfig config, FileAccess files, StorageContext context) {
        this.config = config;
        this.context = context;
        this.source = new FilesystemSource(config, files);
    }

    Mirror open() {
        source.open(new SourceContext("fs-test", context, Duration.ofSeconds(30), MAX_BYTES));
        return this;
    }

    Mirror follow() {
        source.onHint(this);
        return this;
    }

    /** Looks until nothing moves; returns the manifest that was taken in last, empty if there was nothing new. */
    Optional<Manifest> look() {
        for (int attempt = 0; attempt < 20; attempt++) {
            Optional<Manifest> manifest = source.manifest(revision);
            if (manifest.isEmpty() || takeIn(manifest.get())) {
                return manifest;
            }
        }
        throw new AssertionError("never came to rest; moved " + moved);
    }

    boolean takeIn(Manifest manifest) {
        manifests.add(manifest);
        List<SourceEntry> wanted = manifest.entries().values().stream()
                .filter(entry -> !entry.equals(entries.get(entry.location())))
                .toList();
        int movedBefore = moved.size();
        source.read(manifest, wanted, this);
        if (moved.size() > movedBefore) {
            return false;
        }
        if (manifest.isComplete()) {
            entries.keySet().retainAll(manifest.entries().keySet());
            refused.clear();
        } else if (!manifest.base().equals(revision)) {
            throw new AssertionError("a delta from " + manifest.base() + ", but " + revision + " was taken in");
        }
        entries.keySet().removeAll(manifest.gone());
        entries.putAll(manifest.entries());
        contents.keySet().retainAll(entries.keySet());
        manifest.refused().forEach(place -> refused.put(place.location(), place.reason()));
        revision = manifest.revision();
        return true;
    }

    /** Looks when hints have been quiet for as long as the loop waits, and at no other time, until {@code condition} holds. */
    void followUntil(BooleanSupplier condition) {
        await(() -> {
            lookIfHinted();
            return condition.getAsBoolean();
        });
    }

    void followUntilContents(Map<String, String> expected) {
        try {
            followUntil(() -> contents.equals(expected));
        } catch (AssertionError e) {
            throw new AssertionError("expected " + expected + " but have " + contents + ", refused " + refused, e);
        }
    }

    private void lookIfHinted() {
        long now = hints.get();
        if (now > hintsSeen
                && System.nanoTime() - lastHint.get()
                        > config.watchQuietPeriod().toNanos()) {
            hintsSeen = now;
            look();
        }
    }

    /** Takes in all hints there are until there have been none for a while. */
    void followUntilQuiet() {
        long quietSince = System.nanoTime();
        long seen = hintsSeen;
        while (hints.get() > hintsSeen || System.nanoTime() - quietSince < TimeUnit.MILLISECONDS.toNanos(300)) {
            lookIfHinted();
            if (seen != hintsSeen) {
                seen = hintsSeen;
                quietSince = System.nanoTime();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    Manifest lastManifest() {
        return manifests.get(manifests.size() - 1);
    }

    @Override
    public void accept(SourceEntry entry, byte[] bytes) {
        read.add(entry.location());
        failures.remove(entry.location());
        contents.put(entry.location(), new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void failed(SourceEntry entry, StorageException failure) {
        failures.put(entry.location(), failure);
    }

    @Override
    public void moved(SourceEntry entry) {
        moved.add(entry.location());
    }

    @Override
    public void lookNow() {
        lastHint.set(System.nanoTime());
        hints.incrementAndGet();
    }

    @Override
    public void lost(StorageException reason) {
        lost.add(reason);
    }

    @Override
    public void pollingOnly(String reason) {
        pollingOnly.add(reason);
    }

    @Override
    public void close() {
        source.close();
        context.close();
    }
}
