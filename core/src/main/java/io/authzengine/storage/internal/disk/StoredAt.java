package io.authzengine.storage.internal.disk;

import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.parser.PolicyParser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One directory a store writes to, kept for itself alone. Not thread-safe. */
final class StoredAt implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredAt.class);

    /** What a directory is for. */
    enum Purpose {
        /** The offline copy: the last two sets, and the documents. */
        COPY("cacheDir", 2),
        /** The history: all sets that are remembered. */
        HISTORY("historyDir", Integer.MAX_VALUE);

        final String key;
        final int most;

        Purpose(String key, int most) {
            this.key = key;
            this.most = most;
        }
    }

    private final Purpose purpose;
    private final Path path;
    private final DiskDirectory directory;
    private final String storeId;
    private final Archive archive;
    private @Nullable DirectoryLock lock;
    private boolean opened;
    private Optional<String> damage = Optional.empty();
    private Optional<Instant> agreedAt = Optional.empty();

    StoredAt(Purpose purpose, Path path, DiskDirectory directory, String storeId, Parallel parallel) {
        this.purpose = purpose;
        this.path = path;
        this.directory = directory;
        this.storeId = storeId;
        this.archive = new Archive(directory, storeId, PolicyParser.READING, parallel, Archive.MOST_PARTS);
    }

    /**
     * Takes the directory and reads what is there.
     *
     * @throws ValidationException if another store has it
     * @throws IOException if it cannot be read
     */
    Archive.Found open() throws IOException {
        Optional<IOException> unwritable = takeIfPossible();
        Archive.Found found = archive.open();
        opened = true;
        damage = found.damage();
        agreedAt = Agreement.read(directory, storeId);
        unwritable.ifPresent(e -> LOG.warn("[{}] {} {} cannot be written to", storeId, purpose.key, path, e));
        return found;
    }

    /** A directory that cannot be written to can still be read; it is taken before it is written to. */
    private Optional<IOException> takeIfPossible() {
        try {
            take();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private void take() throws IOException {
        if (lock == null) {
            directory.create();
            lock = DirectoryLock.take(storeId, path);
        }
    }

    /** Writes what of {@code kept} the directory does not have, and returns once it does. */
    void write(Kept kept, Documents documents) throws IOException {
        take();
        if (!opened) {
            openLate();
        }
        int size = kept.versions().size();
        Kept most = new Kept(kept.versions().subList(Math.max(0, size - purpose.most), size), kept.decisions());
        archive.write(most, purpose == Purpose.COPY ? documents : null);
    }

    /** Returns when what is there last agreed with its backend, as far as the directory knows. */
    Optional<Instant> agreedAt() {
        return agreedAt;
    }

    /** What was last written agreed with its backend at {@code at}; written if the directory is behind by {@code lag} or more. */
    void agreed(Instant at, Duration lag) throws IOException {
        boolean due = agreedAt.filter(known ->
                        known.equals(at) || Duration.between(known, at).abs().compareTo(lag) < 0)
                .isEmpty();
        if (due) {
            Agreement.write(directory, storeId, at);
            agreedAt = Optional.of(at);
        }
    }

    /** What could not be read at the start is known now; a history that nobody knows of must not be written over. */
    private void openLate() throws IOException {
        Archive.Found found = archive.open();
        if (purpose == Purpose.HISTORY && !found.versions().isEmpty()) {
            throw new IOException("it could not be read at the start and holds versions this run does not know;"
                    + " start the store again to go on from them");
        }
        damage = found.damage();
        opened = true;
        archive.beginAnew();
    }

    Purpose purpose() {
        return purpose;
    }

    long highest() {
        return archive.highest();
    }

    /** Returns what was wrong with what the directory held. */
    Optional<String> damage() {
        return damage;
    }

    /** Returns {@code failure} as a sentence that says what to do. */
    String describe(Exception failure) {
        String what = failure instanceof java.nio.file.FileSystemException e && e.getReason() == null
                ? e.getClass().getSimpleName() + " " + e.getFile()
                : String.valueOf(failure.getMessage());
        return purpose.key + " " + path + ": " + what
                + "; make it a directory this process can read and write, with room"
                + " in it. What is served stays, and writing is tried again by itself";
    }

    static Archive.Found nothing() {
        return Archive.Found.nothing(Optional.empty());
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
